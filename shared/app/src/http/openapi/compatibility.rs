//! Compatibility in the document: what the API answers otherwise where the operator asks for that.

use domain::Compatibility;
use serde_json::{Map, Value, json};

use crate::http::compatibility::{BAD_WEBHOOK, NEW_WEBHOOK};

/// Describes answers and parameters as the modelled service's clients expect them.
pub(super) fn complete(document: &mut Value, compatibility: Compatibility) {
    if !compatibility.is_checkr() {
        return;
    }
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            complete_operation(operation);
        }
    }
    describe_links(document);
    let told: Vec<String> = BAD_WEBHOOK.iter().map(|code| format!("`{}`", code.as_str())).collect();
    let bad = &mut document["paths"][NEW_WEBHOOK]["post"]["responses"]["400"]["description"];
    let before = bad.as_str().unwrap_or_default();
    *bad = json!(format!(
        "{before}\n\nA bad webhook, as the modelled service says it: {}.",
        told.join(", ")
    ));
}

fn complete_operation(operation: &mut Value) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        if let Some(reset) = response.pointer_mut("/headers/X-Ratelimit-Reset") {
            reset["description"] = json!("Time at which the limit is full again, in ISO 8601.");
            reset["schema"]["format"] = json!("date-time");
        }
    }
    let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
        return;
    };
    if !parameters.iter().any(|parameter| parameter["name"] == "cursor") {
        return;
    }
    for parameter in parameters.iter_mut().filter(|parameter| parameter["name"] == "per_page") {
        parameter["schema"]["minimum"] = json!(0);
    }
    parameters.push(json!({
        "name": "page",
        "in": "query",
        "description": "Number of the page. Beside a cursor it only names the page.",
        "required": false,
        "schema": { "type": "integer", "minimum": 1, "default": 1 },
    }));
}

/// Describes the links of lists, wherever their schema stands.
fn describe_links(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match name.as_str() {
                    "next_href" if field.is_object() => {
                        field["description"] =
                            json!("URL of the next page; `null` on the last one.");
                    }
                    "previous_href" if field.is_object() => {
                        field["description"] =
                            json!("URL of the page before, if it can be found by its number.");
                    }
                    _ => describe_links(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(describe_links),
        _ => {}
    }
}
