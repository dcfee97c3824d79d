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
    ($($(#[$doc:meta])* $name:ident = $values:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values: Vec<&str> = $values;
                let example = values.first().copied().unwrap_or_default().into();
                ObjectBuilder::new()
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
    /// [`kinds::Environment`]
    Environment = kinds::Environment::ALL.iter().map(|value| value.as_str()).collect();
    /// [`kinds::Jurisdiction`]
    Jurisdiction = kinds::Jurisdiction::ALL.iter().map(|value| value.as_str()).collect();
    /// [`kinds::KeyType`]
    KeyType = kinds::KeyType::ALL.iter().map(|value| value.as_str()).collect();
    /// [`webhook::DisabledReason`]
    DisabledReason = webhook::DisabledReason::ALL.iter().map(|value| value.as_str()).collect();
    /// [`delivery::Status`]
    DeliveryStatus = delivery::Status::ALL.iter().map(|value| value.as_str()).collect();
    /// [`delivery::Trigger`]
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
