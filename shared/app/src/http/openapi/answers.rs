//! Answers in the OpenAPI document: an example of each, its headers, and required fields, which
//! includes those that can be `null`. All is derived from the descriptions of their fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Maximum depth of examples; no answer is nested deeper.
const DEEPEST: usize = 12;
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Completes the answers of every operation.
pub(super) fn complete(document: &mut Value) {
    let mut schemas = document["components"]["schemas"].take();
    require_what_is_answered(&document["paths"], &mut schemas);
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else { continue };
            for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                complete_answer(path, method, status, response, &schemas);
            }
        }
    }
    document["components"]["schemas"] = schemas;
}

fn complete_answer(path: &str, method: &str, status: &str, response: &mut Value, schemas: &Value) {
    let mut headers = vec![("X-Request-Id", "Names this request.")];
    if path.starts_with("/v1/") && status.starts_with('2') {
        headers.extend([
            ("X-Ratelimit-Limit", "Requests that the API key may make in a minute."),
            ("X-Ratelimit-Remaining", "Requests that remain in this minute."),
            ("X-Ratelimit-Reset", "Time at which the limit is full again, in seconds since 1970."),
        ]);
        if method == "post" {
            headers.push(("Idempotent-Replayed", "`true` on the answer to a repeat."));
        }
    }
    if matches!(status, "429" | "503") {
        headers.push(("Retry-After", "Seconds to wait before another try."));
    }
    for (name, description) in headers {
        response["headers"][name] =
            json!({ "description": description, "schema": { "type": "string" } });
    }
    if response["content"].get("text/plain").is_some() {
        return;
    }
    let content = &mut response["content"]["application/json"];
    if content.get("example").is_none() && content.get("examples").is_none() {
        let example = example(&content["schema"], schemas, DEEPEST);
        content["example"] = example;
    }
}

/// Makes every field of every answer required that can be `null`. An optional one that can't be is
/// left out when there is nothing to show.
fn require_what_is_answered(paths: &Value, schemas: &mut Value) {
    let mut answered = Vec::new();
    for item in paths.as_object().into_iter().flat_map(Map::values) {
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            let responses = operation["responses"].as_object().into_iter().flatten();
            for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
                references(&response["content"], schemas, &mut answered);
            }
        }
    }
    for name in answered {
        require(&mut schemas[name]);
    }
}

/// Collects the names of the schemas that `within` refers to, directly or indirectly.
fn references(within: &Value, schemas: &Value, names: &mut Vec<String>) {
    match within {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(named)
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
                references(&schemas[name], schemas, names);
            }
            fields.values().for_each(|field| references(field, schemas, names));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, schemas, names)),
        _ => {}
    }
}

fn named(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

fn require(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(require);
        let nullable = properties.iter().filter(|(_, field)| can_be_null(field));
        let mut always: BTreeSet<String> = nullable.map(|(name, _)| name.clone()).collect();
        let given = schema["required"].as_array().into_iter().flatten();
        always.extend(given.filter_map(Value::as_str).map(str::to_owned));
        schema["required"] = always.into_iter().collect();
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        require(part);
    }
}

fn can_be_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let choices = || schema["oneOf"].as_array().into_iter().flatten();
    schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null))
        || choices().any(|choice| is_null(&choice["type"]))
}

/// Makes an example that satisfies `schema`.
fn example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    let inner = |schema: &Value| example(schema, schemas, depth - 1);
    if let Some(name) = schema.get("$ref").and_then(named) {
        return inner(&schemas[name]);
    }
    let given = [&schema["example"], &schema["examples"][0], &schema["default"]];
    if let Some(given) = given.into_iter().find(|given| !given.is_null()) {
        return given.clone();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(inner).filter_map(|part| part.as_object().cloned());
        return parts.flatten().collect::<Map<_, _>>().into();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let mut choices = choices.iter().filter(|choice| choice["type"] != "null");
        return choices.next().map_or(Value::Null, inner);
    }
    if let Some(choice) = schema["enum"].get(0) {
        return choice.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), inner(field))).collect::<Map<_, _>>().into()
        }
        Some("array") => json!([inner(&schema["items"])]),
        Some("string") if schema["format"] == "date-time" => json!("2026-01-31T09:30:00.000Z"),
        Some("string") => json!("text"),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(false),
        // The value may be `null`, or anything at all.
        _ => Value::Null,
    }
}
