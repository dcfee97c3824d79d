//! Schemas of the closed vocabularies, made from the domain's own lists of values.
//!
//! `domain` knows nothing of OpenAPI; a representation names one of these schemas in
//! `#[schema(value_type = …)]` for a field of the domain's type of the same name.

use domain::{capability, delivery, kinds, operator_scope, signing, webhook};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

/// Defines a schema of a vocabulary's texts.
macro_rules! vocabularies {
    ($(#[doc = $meaning:literal] $name:ident = $values:expr;)*) => {$(
        #[doc = $meaning]
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values: Vec<&str> = $values;
                let example = values.first().copied().unwrap_or_default().into();
                ObjectBuilder::new()
                    .description(Some($meaning.trim()))
                    .schema_type(Type::String)
                    .enum_values(Some(values))
                    .examples([serde_json::Value::String(example)])
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

vocabularies! {
    /// Capability of a portal session.
    Capability = capability::Capability::ALL.iter().map(|value| value.as_str()).collect();
    /// Environment of an account, test or live.
    Environment = kinds::Environment::ALL.iter().map(|value| value.as_str()).collect();
    /// Jurisdiction of an event's subject.
    Jurisdiction = vec!["US", "CA"];
    /// Type of an API key: secret, for servers, or publishable, which only proves its identity.
    KeyType = kinds::KeyType::ALL.iter().map(|value| value.as_str()).collect();
    /// Reason for which a webhook is disabled.
    DisabledReason = webhook::DisabledReason::ALL.iter().map(|value| value.as_str()).collect();
    /// Status of a delivery.
    DeliveryStatus = delivery::Status::ALL.iter().map(|value| value.as_str()).collect();
    /// Status of deliveries that a recovery can take up.
    RecoverableStatus = vec!["exhausted", "cancelled", "retrying"];
    /// Trigger of an attempt.
    Trigger = delivery::Trigger::ALL.iter().map(|value| value.as_str()).collect();
    /// Direction of a list.
    Order = vec!["desc", "asc"];
    /// Kind of log.
    LogKind = vec!["webhook_delivery", "api_request"];
    /// Kind of a webhook's signatures.
    Signing = signing::Signing::ALL.iter().map(|value| value.as_str()).collect();
    /// Status of a webhook.
    WebhookStatus = vec!["enabled", "disabled"];
    /// Scope of an operator token.
    OperatorScope = operator_scope::OperatorScope::ALL.iter().map(|value| value.as_str()).collect();
    /// Status of an operator token.
    OperatorTokenStatus = vec!["active", "expired", "ended"];
    /// Status of an API key.
    KeyStatus = vec!["active", "expired"];
    /// Status of an attempt.
    AttemptStatus = vec!["succeeded", "failed"];
}
