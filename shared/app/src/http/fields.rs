//! Request bodies and queries, read into types with errors that name the field.
//!
//! One `serde` deserializer for JSON, forms and query strings. Its error type is ours, so that
//! what serde knows (unknown field, missing field, wrong type, and where) reaches the caller as a
//! stable code and `param` instead of a sentence to be parsed.

mod ambiguity;
mod error;
mod json;
mod node;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub use error::FieldError;
pub use json::Json;
use node::{Fields, Node, Object};
pub use time::{Time, optional_time};

use crate::problem::{Code, Problem};

/// Reads a JSON object that no reader could take for another. No body is one without fields; white
/// space is a body, and no object.
///
/// # Errors
/// [`Code::MalformedJson`] when it is not one, else what is wrong with its fields.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    let text = text(body)?;
    let fields = serde_json::from_str::<Fields<'_>>(text);
    // What is wrong with the names of the object can be said better than by this error.
    if fields.is_ok() || is_object(text) {
        ambiguity::check(text)?;
    }
    read(Object::of(fields.map_err(|why| malformed(&why))?))
}

fn text(body: &[u8]) -> Result<&str, Problem> {
    let malformed = |sentence: &'static str| Problem::from(Code::MalformedJson).saying(sentence);
    let text =
        std::str::from_utf8(body).map_err(|_| malformed("The request body is not UTF-8."))?;
    if text.starts_with('\u{feff}') {
        return Err(malformed("The request body begins with a byte order mark. Send it without."));
    }
    Ok(text)
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok_and(|value| value.get().starts_with('{'))
}

fn malformed(why: &serde_json::Error) -> Problem {
    let message = match why.classify() {
        serde_json::error::Category::Data => "The request body must be a JSON object.".to_owned(),
        _ => format!(
            "The request body is not valid JSON, at line {} column {}.",
            why.line(),
            why.column()
        ),
    };
    Problem::from(Code::MalformedJson).saying(message)
}

/// Reads `application/x-www-form-urlencoded` pairs; a repeated name (or `name[]`) makes a list, and
/// is refused where there is to be no list.
///
/// # Errors
/// What is wrong with the fields.
pub fn from_form<T: DeserializeOwned>(pairs: &[u8]) -> Result<T, Problem> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(pairs) {
        let name = name.strip_suffix("[]").unwrap_or(&name).to_owned();
        fields.entry(name).or_default().push(value.into_owned());
    }
    read(Object::new(fields.into_iter().map(|(name, texts)| (name, Node::Texts(texts))).collect()))
}

/// The same for a body.
///
/// # Errors
/// What is wrong with the fields; [`Code::UnknownField`] when they are JSON, which `curl -d` sends
/// as a form.
pub fn from_posted_form<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // Escaped by `curl --data-urlencode`, or as it is.
    let first = form_urlencoded::parse(body).next();
    if first.is_some_and(|(name, _)| name.trim_start().starts_with(['{', '['])) {
        return Err(Problem::from(Code::UnknownField).saying(
            "The body looks like JSON sent as a form. \
             Send it with the header Content-Type: application/json.",
        ));
    }
    from_form(body)
}

fn read<T: DeserializeOwned>(fields: Object<'_>) -> Result<T, Problem> {
    T::deserialize(fields).map_err(Problem::from)
}

/// Whether no two readers can read `json`, which is valid, differently.
#[must_use]
pub fn has_one_meaning(json: &str) -> bool {
    ambiguity::check(json).is_ok()
}

/// For fields where "not given" and `null` differ: `#[serde(default, deserialize_with = "given")]`.
///
/// # Errors
/// When the value is not a `T`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

/// For fields that may be left out and must not be `null`:
/// `#[serde(default, deserialize_with = "present")]`.
///
/// # Errors
/// When the value is not a `T`.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
