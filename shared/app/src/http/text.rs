//! Texts within bounds, as fields of requests. All of them are kept somewhere, so none has a
//! secret.

use domain::redaction;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::problem::Problem;

/// 1 to 255 characters without control characters: names, external ids.
pub type Name = Text<255>;
/// 1 to 1024 characters without control characters: descriptions.
pub type Prose = Text<1024>;

/// 1 to `MOST` characters without control characters. Secrets in it are masked: whoever names a key
/// after itself gets a name that gives nothing away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MOST: usize>(pub String);

impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = bounded::<D, MOST>(deserializer)?;
        Ok(Self(redaction::redact(&text).into_owned()))
    }
}

/// 1 to 255 characters without control characters by which something is found again. A mask would
/// make it another, so one with a secret in it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(pub String);

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = bounded::<D, 255>(deserializer)?;
        if redaction::has_secret(&text) { Err(D::Error::custom(NO_SECRET)) } else { Ok(Self(text)) }
    }
}

/// What is wrong with a name that has a secret in it.
const NO_SECRET: &str = "must not contain an API key or another secret";

/// Refuses `text`, the value of `param`, which is kept as it is, if it has a secret in it.
///
/// # Errors
/// [`Code::InvalidField`](crate::problem::Code::InvalidField).
pub fn check_no_secret(param: &'static str, text: &str) -> Result<(), Problem> {
    if redaction::has_secret(text) { Err(Problem::invalid(param, NO_SECRET)) } else { Ok(()) }
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

/// A field's text read by its type's own parser, with that parser's words when it can't be.
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
