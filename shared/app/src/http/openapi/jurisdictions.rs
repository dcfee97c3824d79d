//! Jurisdictions in the document: those of the settings, or none.

use domain::Jurisdictions;
use serde_json::{Map, Value, json};

/// Name of the field, wherever it stands.
const FIELD: &str = "jurisdiction";
/// Name of the schema of its values.
const SCHEMA: &str = "Jurisdiction";

/// Puts the jurisdictions that there are in the places of the usual ones; without a choice removes the
/// field everywhere.
pub(super) fn complete(document: &mut Value, among: &Jurisdictions) {
    let Some(schemas) = document.pointer_mut("/components/schemas") else { return };
    let choices = among.choices();
    if choices.is_empty() {
        if let Some(schemas) = schemas.as_object_mut() {
            schemas.remove(SCHEMA);
        }
        each(schemas, &remove);
        return;
    }
    each(schemas, &|schema| set_default(schema, among.usual().as_str()));
    if let Some(schema) = schemas.get_mut(SCHEMA) {
        let codes: Vec<&str> = choices.iter().map(|(code, _)| code.as_str()).collect();
        let named = choices.iter().map(|(code, name)| format!("`{code}`: {name}"));
        let named = named.collect::<Vec<_>>().join(", ");
        schema["description"] = json!(format!("Jurisdiction of an event's subject. {named}."));
        schema["examples"] = json!([codes[0]]);
        schema["enum"] = json!(codes);
    }
}

/// Changes a schema, and every one inside it: a list has that of its items in itself.
fn each(schema: &mut Value, change: &impl Fn(&mut Map<String, Value>)) {
    match schema {
        Value::Object(fields) => {
            change(fields);
            fields.values_mut().for_each(|inner| each(inner, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| each(inner, change)),
        _ => {}
    }
}

/// Removes the field from a schema.
fn remove(schema: &mut Map<String, Value>) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove(FIELD);
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != FIELD);
    }
}

/// Sets the default of the field, where it has one.
fn set_default(schema: &mut Map<String, Value>, usual: &str) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    let field = properties.and_then(|properties| properties.get_mut(FIELD));
    if let Some(field) = field.filter(|field| field.get("default").is_some()) {
        field["default"] = json!(usual);
    }
}
