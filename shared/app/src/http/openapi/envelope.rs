//! Data of events in the document: any JSON, where events need no object.

use domain::Envelope;
use serde_json::{Value, json};

/// Schemas of what is posted and of what is shown.
const SCHEMAS: [&str; 2] = ["PostData", "EventData"];

/// Describes the data of events as the envelope of deliveries has it.
pub(super) fn complete(document: &mut Value, envelope: &Envelope) {
    if envelope.format.needs_object() {
        return;
    }
    for name in SCHEMAS {
        let Some(schema) = document.pointer_mut(&format!("/components/schemas/{name}")) else {
            continue;
        };
        *schema = json!({
            "description": "Data of an event: any JSON.",
            "examples": [{ "id": "4722c07dd9a10c3985ae432a", "status": "clear" }],
        });
    }
    // Null is any JSON as well.
    if let Some(data) = document.pointer_mut("/components/schemas/Event/properties/data") {
        *data = json!({ "$ref": "#/components/schemas/EventData" });
    }
}
