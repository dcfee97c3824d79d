//! Schemas of the closed vocabularies, from the domain's own lists of their values.
//!
//! `domain` knows nothing of documents; a representation names one of these in
//! `#[schema(value_type = …)]` for a field of the domain's type of the same name.

use domain::{delivery, kinds, webhook};
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
    /// Which of an account's two worlds something belongs to.
    Environment = kinds::Environment::ALL.iter().map(|value| value.as_str()).collect();
    /// Where the subject of an event lives.
    Jurisdiction = kinds::Jurisdiction::ALL.iter().map(|value| value.as_str()).collect();
    /// What an API key may do: act from a server, or only prove itself from anywhere.
    KeyType = kinds::KeyType::ALL.iter().map(|value| value.as_str()).collect();
    /// Why a webhook takes no deliveries.
    DisabledReason = webhook::DisabledReason::ALL.iter().map(|value| value.as_str()).collect();
    /// How a delivery stands.
    DeliveryStatus = delivery::Status::ALL.iter().map(|value| value.as_str()).collect();
    /// What made an attempt.
    Trigger = delivery::Trigger::ALL.iter().map(|value| value.as_str()).collect();
    /// Which of the two logs.
    LogKind = vec!["webhook_delivery", "api_request"];
    /// Whether a webhook takes deliveries.
    WebhookStatus = vec!["enabled", "disabled"];
    /// Whether a key works.
    KeyStatus = vec!["active", "expired"];
    /// How an attempt went.
    AttemptStatus = vec!["succeeded", "failed"];
}
