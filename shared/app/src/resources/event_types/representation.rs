//! Event types as the API shows them.

use domain::{Timestamp, event_types::Registered, webhook::EventType};
use serde::Serialize;
use serde_json::{json, value::RawValue};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// A registered event type.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventType)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "report.completed")]
    name: EventType,
    #[schema(example = "event_type")]
    object: &'static str,
    #[schema(example = "A report is complete.")]
    description: Option<String>,
    /// JSON Schema that the related object satisfies.
    #[schema(value_type = Option<JsonSchema>)]
    schema: Option<Box<RawValue>>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    updated_at: Timestamp,
}

impl From<Registered> for Resource {
    fn from(registered: Registered) -> Self {
        Self {
            name: registered.name,
            object: "event_type",
            description: registered.description,
            schema: registered.schema.and_then(|schema| RawValue::from_string(schema).ok()),
            created_at: registered.created_at,
            updated_at: registered.updated_at,
        }
    }
}

/// OpenAPI schema of a field that holds a JSON Schema.
#[derive(Debug)]
pub(super) enum JsonSchema {}

impl PartialSchema for JsonSchema {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Object, Type::Boolean]))
            .description(Some("A JSON Schema, 2020-12 unless it says otherwise."))
            .examples([json!({"type": "object", "required": ["status"]})])
            .into()
    }
}

impl ToSchema for JsonSchema {}
