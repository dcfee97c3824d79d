//! Request bodies and queries, read into types with errors that name the field.
//!
//! One `serde` deserializer for JSON, forms and query strings. It has an error type of its own, so
//! that the details known to serde (unknown field, missing field, wrong type, and where) reach the
//! caller as a stable code and `param` instead of a sentence to be parsed.

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
pub use json::{Json, Verbatim};
use node::{Fields, Node, Object};
pub use time::{Time, optional_time};

use crate::problem::{Code, Param, Problem};

/// Reads a JSON object that has only one possible meaning. An empty body is an object without
/// fields; a body of white space is not an object.
///
/// # Errors
/// [`Code::MalformedJson`] when the body is not an object, else the fault in its fields.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    let text = text(body)?;
    let fields = serde_json::from_str::<Fields<'_>>(text);
    // A fault in the names of the object can be reported better than by this error.
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
/// is refused for a field that is not a list.
///
/// # Errors
/// The fault in the fields.
pub fn from_form<T: DeserializeOwned>(pairs: &[u8]) -> Result<T, Problem> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut bare = Vec::new();
    for pair in pairs.split(|byte| *byte == b'&') {
        let Some((name, value)) = form_urlencoded::parse(pair).next() else { continue };
        let name = name.strip_suffix("[]").unwrap_or(&name).to_owned();
        if percent_encoding::percent_decode(pair).decode_utf8().is_err() {
            return Err(Problem::invalid(name, "must be UTF-8"));
        }
        if !pair.contains(&b'=') {
            bare.push(name.clone());
        }
        fields.entry(name).or_default().push(value.into_owned());
    }
    let fields = fields.into_iter().map(|(name, texts)| (name.into(), Node::Texts(texts)));
    read(Object::new(fields.collect())).map_err(|problem| unnamed(problem, &bare))
}

/// Removes the name of an unknown field if it stands without `=`: then it is a value rather, a
/// secret that was sent as the whole body.
fn unnamed(mut problem: Problem, bare: &[String]) -> Problem {
    let is_bare = |param: &Param| bare.iter().any(|name| name == param.as_str());
    if problem.code == Code::UnknownField && problem.param.as_ref().is_some_and(is_bare) {
        problem.param = None;
    }
    problem
}

/// Reads the form in a request body.
///
/// # Errors
/// The fault in the fields; [`Code::UnknownField`] when the body is JSON, which `curl -d` sends as
/// a form.
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

impl Verbatim {
    /// Reads it as a `T`.
    ///
    /// # Errors
    /// The fault in its fields.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, FieldError> {
        T::deserialize(Node::Raw(&self.0))
    }
}

fn read<T: DeserializeOwned>(fields: Object<'_>) -> Result<T, Problem> {
    T::deserialize(fields).map_err(Problem::from)
}

/// Returns whether `json`, which is valid, has the same meaning to all readers.
#[must_use]
pub fn has_one_meaning(json: &str) -> bool {
    ambiguity::check(json).is_ok()
}

/// Reads a field in which "not given" and `null` differ:
/// `#[serde(default, deserialize_with = "given")]`.
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

/// Reads a field that may be left out but not be `null`:
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
