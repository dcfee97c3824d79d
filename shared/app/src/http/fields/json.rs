use std::fmt;

use serde::{Deserialize, Deserializer, de::Visitor};
use serde_json::value::RawValue;

/// Maximum nesting of a caller's JSON; receivers' parsers stop at about the same.
const DEEPEST: usize = 100;

/// JSON sent by a caller, kept as written (numbers and key order included) except for white space
/// between tokens.
#[derive(Clone, Debug)]
pub struct Json(pub Box<RawValue>);

impl Json {
    /// Marker that asks our own deserializer for the text itself.
    pub(super) const TOKEN: &'static str = "latchhook::Json";
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Self::TOKEN, JsonVisitor)
    }
}

struct JsonVisitor;

impl Visitor<'_> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Json, E> {
        let compact = compact(text).ok_or_else(|| E::custom("is nested too deeply"))?;
        RawValue::from_string(compact).map(Json).map_err(|_| E::custom("must be valid JSON"))
    }
}

/// Returns valid JSON without the white space between its tokens; none when it is nested too
/// deeply.
fn compact(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let (mut in_string, mut escaped, mut depth) = (false, false, 0_usize);
    for byte in text.bytes() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            out.push(byte);
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
        out.push(byte);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_tokens_is_removed() {
        let text = "{ \"b\" : [ 1.10 , 12345678901234567890123 ],\n\t\"a\":\"x \\\" y\\\\\" , \"é\": null }";
        let kept = r#"{"b":[1.10,12345678901234567890123],"a":"x \" y\\","é":null}"#;
        assert_eq!(compact(text).as_deref(), Some(kept));
    }

    #[test]
    fn nesting_is_limited_to_a_hundred_levels() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(compact(&nested(100)).is_some());
        assert!(compact(&nested(101)).is_none());
    }
}
