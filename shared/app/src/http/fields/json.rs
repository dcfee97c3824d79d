use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, de::Visitor};
use serde_json::value::RawValue;

use super::ambiguity;

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

/// JSON sent by a caller, its very bytes.
#[derive(Clone, Debug)]
pub struct Verbatim(pub Box<RawValue>);

impl Verbatim {
    /// Returns the JSON without the white space between its tokens.
    #[must_use]
    pub fn compact(self) -> Box<RawValue> {
        let shorter = match compact(self.0.get()) {
            Some(Cow::Owned(shorter)) => RawValue::from_string(shorter).ok(),
            Some(Cow::Borrowed(_)) | None => None,
        };
        shorter.unwrap_or(self.0)
    }

    /// Returns the text of an object without its member `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> String {
        let text = self.0.get();
        let members: BTreeMap<Cow<'_, str>, &RawValue> =
            serde_json::from_str(text).unwrap_or_default();
        let Some(value) = members.get(name) else { return text.to_owned() };
        let at = value.get().as_ptr().addr() - text.as_ptr().addr();
        let (before, after) = (&text[..at], &text[at + value.get().len()..]);
        let quoted = format!("\"{name}\"");
        // One whose name is escaped stays.
        let before = before.trim_end().strip_suffix(':').map(str::trim_end);
        let Some(before) = before.and_then(|before| before.strip_suffix(&quoted)) else {
            return text.to_owned();
        };
        if let Some(others) = before.trim_end().strip_suffix(',') {
            return [others, after].concat();
        }
        let others = after.trim_start();
        [before, others.strip_prefix(',').map_or(others, str::trim_start)].concat()
    }
}

impl<'de> Deserialize<'de> for Verbatim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Json::TOKEN, VerbatimVisitor)
    }
}

struct VerbatimVisitor;

impl Visitor<'_> for VerbatimVisitor {
    type Value = Verbatim;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Verbatim, E> {
        if compact(text).is_none() {
            return Err(E::custom("is nested too deeply"));
        }
        RawValue::from_string(text.trim().to_owned())
            .map(Verbatim)
            .map_err(|_| E::custom("must be valid JSON"))
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
        let compact = RawValue::from_string(compact.into_owned());
        compact.map(Json).map_err(|_| E::custom("must be valid JSON"))
    }
}

/// Returns valid JSON without the white space between its tokens, as it is if it has none; none when it is
/// nested too deeply.
fn compact(text: &str) -> Option<Cow<'_, str>> {
    let (mut out, mut kept, mut at, mut depth) = (String::new(), 0, 0, 0_usize);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                out.push_str(&text[kept..at]);
                kept = at + 1;
            }
            b'"' => {
                at += ambiguity::end_of_string(&text[at..]);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
        at += 1;
    }
    if kept == 0 {
        return Some(Cow::Borrowed(text));
    }
    out.push_str(&text[kept..]);
    Some(Cow::Owned(out))
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
    fn a_member_is_taken_out_with_its_comma() {
        for (text, rest) in [
            (r#"{"a": 1, "key": "x", "b": 2}"#, r#"{"a": 1, "b": 2}"#),
            (r#"{"key" : "x" , "b": 2}"#, r#"{"b": 2}"#),
            (r#"{"a": 1, "key": "x"}"#, r#"{"a": 1}"#),
            ("{ \"a\":{\"key\":1} ,\n  \"key\":null\n}", "{ \"a\":{\"key\":1} \n}"),
            (r#"{"key":"x"}"#, "{}"),
            (r#"{"a":"\"key\":1"}"#, r#"{"a":"\"key\":1"}"#),
            (r#"{"\u006bey":"x"}"#, r#"{"\u006bey":"x"}"#),
        ] {
            let verbatim = Verbatim(RawValue::from_string(text.to_owned()).unwrap());
            assert_eq!(verbatim.without("key"), rest, "{text}");
        }
    }

    #[test]
    fn nesting_is_limited_to_a_hundred_levels() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(compact(&nested(100)).is_some());
        assert!(compact(&nested(101)).is_none());
    }
}
