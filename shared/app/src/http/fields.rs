//! Request bodies and queries, read into types with errors that name the field.
//!
//! One `serde` deserializer for JSON, forms and query strings. Its error type is ours, so that
//! what serde knows (unknown field, missing field, wrong type, and where) reaches the caller as a
//! stable code and `param` instead of a sentence to be parsed.

mod error;
mod json;
mod node;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

pub use error::FieldError;
pub use json::Json;
use node::{Fields, Node, Object};
pub use time::{Time, optional_time};

use crate::problem::{Code, Problem};

/// Reads a JSON object. No body is one without fields; white space is a body, and no object.
///
/// # Errors
/// [`Code::MalformedJson`] when it is not one, else what is wrong with its fields.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    let fields: Fields<'_> = serde_json::from_slice(body).map_err(|why| {
        let message = match why.classify() {
            serde_json::error::Category::Data => {
                "The request body must be a JSON object.".to_owned()
            }
            _ => format!(
                "The request body is not valid JSON, at line {} column {}.",
                why.line(),
                why.column()
            ),
        };
        Code::MalformedJson.into_problem(message)
    })?;
    read(Object::of(fields))
}

/// Reads `application/x-www-form-urlencoded` pairs; a repeated name (or `name[]`) makes a list.
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

fn read<T: DeserializeOwned>(fields: Object<'_>) -> Result<T, Problem> {
    T::deserialize(fields).map_err(Problem::from)
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

impl Code {
    fn into_problem(self, message: String) -> Problem {
        Problem::from(self).saying(message)
    }
}
