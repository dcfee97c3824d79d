//! Texts as fields of requests. Those of limited length are stored, so none may contain a secret.

use std::net::IpAddr;

use domain::redaction;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::checks::NO_SECRET;

/// Name: 1 to 255 characters without control characters.
pub type Name = Text<255>;
/// Description: 1 to 1024 characters without control characters.
pub type Prose = Text<1024>;

/// Text of 1 to `MOST` characters without control characters. Secrets in it are masked, so that a
/// key named after itself does not give itself away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MOST: usize>(pub String);

impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = bounded::<D, MOST>(deserializer)?;
        Ok(Self(redaction::redact(&text).into_owned()))
    }
}

/// Reference by which something is looked up: 1 to 255 characters without control characters. A
/// text with a secret in it is refused, because masking would make it a different reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(pub String);

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = bounded::<D, 255>(deserializer)?;
        if redaction::has_secret(&text) { Err(D::Error::custom(NO_SECRET)) } else { Ok(Self(text)) }
    }
}

fn bounded<'de, D: Deserializer<'de>, const MOST: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() || text.chars().count() > MOST {
        return Err(D::Error::custom(format_args!("must be 1 to {MOST} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(D::Error::custom("must not contain control characters"));
    }
    Ok(text)
}

/// Reads a field's text with the parser of its type, and reports errors in that parser's words.
///
/// # Errors
/// When the text is not a `T`.
pub fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Reads a field that may be left out with the parser of its type, and reports errors in that
/// parser's words: `#[serde(default, deserialize_with = "optional")]`.
///
/// # Errors
/// When the text is not a `T`.
pub fn optional<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
    D: Deserializer<'de>,
{
    parsed(deserializer).map(Some)
}

/// IP address that a request came from.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Address(#[serde(deserialize_with = "address")] pub IpAddr);

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom("must be an IP address"))
}
