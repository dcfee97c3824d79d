//! References in place of copies: a generator of clients makes a type of each schema that has no name, so
//! that the rows of a list would be of another type than what is shown alone.

use serde_json::{Map, Value, json};

/// Prefix of the names of lists; the rest is the name of their rows.
const LIST: &str = "List_";

/// Refers to the schemas that have names, in lists and in parameters.
pub(super) fn complete(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, list) in schemas.iter_mut() {
        if let Some(row) = name.strip_prefix(LIST) {
            list["properties"]["data"]["items"] = reference(row);
        }
    }
    let schemas = schemas.clone();
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    // By index it would be made where a route has none.
    let parameters = operations.filter_map(|operation| operation.get_mut("parameters"));
    for parameter in parameters.filter_map(Value::as_array_mut).flatten() {
        if let Some(name) = named(&parameter["schema"], &schemas) {
            parameter["schema"] = reference(name);
        }
    }
}

/// Returns the name of the enumeration that is written out in a schema.
fn named<'a>(schema: &Value, schemas: &'a Map<String, Value>) -> Option<&'a str> {
    let values = schema.get("enum")?;
    let same = schemas.iter().find(|(_, known)| known.get("enum") == Some(values));
    same.map(|(name, _)| name.as_str())
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
