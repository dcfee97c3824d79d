//! Sample that a JSON Schema describes: its own examples where it has some, otherwise plain values.
//!
//! It need not satisfy the schema in every case, such as a pattern: whoever sends it can change it, and
//! is told what is wrong.

use serde_json::{Map, Value, json};

/// Maximum nesting of a sample.
const DEEPEST: usize = 8;
/// Maximum number of properties of one object.
const MOST_PROPERTIES: usize = 50;
/// Maximum length of a text that is made up.
const LONGEST: u64 = 64;

/// Makes a sample of `schema`.
pub(super) fn sample(schema: &Value) -> Value {
    of(schema, schema, DEEPEST)
}

fn of(schema: &Value, root: &Value, depth: usize) -> Value {
    let Some(within) = depth.checked_sub(1) else { return Value::Null };
    if let Some(given) = given(schema) {
        return given;
    }
    if let Some(target) = schema["$ref"].as_str().and_then(|to| to.strip_prefix('#')) {
        return root.pointer(target).map_or(Value::Null, |target| of(target, root, within));
    }
    if let Some(whole) = schema["allOf"].as_array() {
        return whole
            .iter()
            .take(MOST_PROPERTIES)
            .fold(plain(schema, root, within), |all, part| merged(all, of(part, root, within)));
    }
    let choice = ["oneOf", "anyOf"].into_iter().find_map(|name| schema[name].get(0));
    choice.map_or_else(|| plain(schema, root, within), |choice| of(choice, root, within))
}

/// Returns the value that the schema itself gives.
fn given(schema: &Value) -> Option<Value> {
    let first = |name: &str| schema[name].get(0);
    let own = |name: &str| schema.get(name);
    own("const")
        .or_else(|| first("examples"))
        .or_else(|| own("example"))
        .or_else(|| own("default"))
        .or_else(|| first("enum"))
        .cloned()
}

fn plain(schema: &Value, root: &Value, depth: usize) -> Value {
    match kind(schema) {
        "object" => {
            let named = schema["properties"].as_object().into_iter().flatten();
            let samples = named.take(MOST_PROPERTIES);
            Value::Object(
                samples.map(|(name, of_it)| (name.clone(), of(of_it, root, depth))).collect(),
            )
        }
        "array" => json!([of(&schema["items"], root, depth)]),
        "string" => Value::String(text(schema)),
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(1)),
        "number" => json!(schema["minimum"].as_f64().unwrap_or(1.5)),
        "boolean" => json!(true),
        _ => Value::Null,
    }
}

/// Returns the type of values, the first if there are several.
fn kind(schema: &Value) -> &str {
    let named = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    named.unwrap_or(if schema["properties"].is_object() { "object" } else { "null" })
}

fn text(schema: &Value) -> String {
    let known = match schema["format"].as_str() {
        Some("date-time") => "2026-01-31T09:30:00Z",
        Some("date") => "2026-01-31",
        Some("time") => "09:30:00Z",
        Some("email") => "ada@example.com",
        Some("hostname") => "example.com",
        Some("ipv4") => "203.0.113.7",
        Some("ipv6") => "2001:db8::7",
        Some("uri") => "https://example.com/",
        Some("uuid") => "01234567-89ab-4cde-8f01-23456789abcd",
        _ => "text",
    };
    let shortest = schema["minLength"].as_u64().unwrap_or(0).min(LONGEST);
    let missing = usize::try_from(shortest).unwrap_or(0).saturating_sub(known.len());
    format!("{known}{}", "x".repeat(missing))
}

/// Merges the members of two objects; of other values the second one counts.
fn merged(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            Value::Object(one.into_iter().chain(other).collect::<Map<_, _>>())
        }
        (one, Value::Null) => one,
        (_, other) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_every_property_with_a_value_of_its_type() {
        let schema = json!({
            "type": "object",
            "properties": {
                "id": { "type": "string", "examples": ["rep_1"] },
                "object": { "const": "report" },
                "status": { "enum": ["clear", "consider"] },
                "score": { "type": "integer", "minimum": 300 },
                "ordered_at": { "type": ["string", "null"], "format": "date-time" },
                "code": { "type": "string", "minLength": 6 },
                "candidate": { "$ref": "#/$defs/candidate" },
                "tags": { "type": "array", "items": { "type": "string" } },
                "place": { "allOf": [{ "$ref": "#/$defs/candidate" }, { "properties": { "zip": { "type": "string" } } }] },
            },
            "$defs": { "candidate": { "properties": { "email": { "type": "string", "format": "email" } } } },
        });
        let expected = json!({
            "id": "rep_1", "object": "report", "status": "clear", "score": 300,
            "ordered_at": "2026-01-31T09:30:00Z", "code": "textxx",
            "candidate": { "email": "ada@example.com" }, "tags": ["text"],
            "place": { "email": "ada@example.com", "zip": "text" },
        });
        assert_eq!(sample(&schema), expected);
    }

    #[test]
    fn a_schema_that_refers_to_itself_has_a_sample_with_an_end() {
        let node = json!({ "properties": { "child": { "$ref": "#" } } });
        assert!(sample(&node).is_object());
        let circle = json!({ "$ref": "#" });
        assert_eq!(sample(&circle), Value::Null);
        let wide = json!({ "type": "array", "items": { "$ref": "#" } });
        assert!(sample(&wide).is_array());
        assert_eq!(sample(&json!(true)), Value::Null);
    }
}
