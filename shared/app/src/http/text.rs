//! Texts within bounds, as fields of requests.

use serde::{Deserialize, Deserializer, de::Error as _};

/// 1 to 255 characters without control characters: names, external ids.
pub type Name = Text<255>;
/// 1 to 1024 characters without control characters: descriptions.
pub type Prose = Text<1024>;

/// 1 to `MOST` characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MOST: usize>(pub String);

impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() || text.chars().count() > MOST {
            return Err(D::Error::custom(format_args!("must be 1 to {MOST} characters")));
        }
        if text.chars().any(char::is_control) {
            return Err(D::Error::custom("must not contain control characters"));
        }
        Ok(Self(text))
    }
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
