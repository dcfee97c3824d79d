use std::fmt;

use domain::Timestamp;
use serde::{Deserialize, Deserializer, de::Visitor};

/// Timestamp in a field of a request. In a form or a query string, an unescaped `+` arrives as a
/// space and is read as the offset's sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl Time {
    /// Marker that asks our own deserializer for a form's text.
    pub(super) const TOKEN: &'static str = "latchhook::Time";
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Self::TOKEN, TimeVisitor)
    }
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp")
    }

    /// Reads the text of a form.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Time, E> {
        Timestamp::from_form(text).map(Time).map_err(E::custom)
    }

    /// Reads JSON.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, json: D) -> Result<Time, D::Error> {
        crate::http::text::parsed(json).map(Time)
    }
}

/// Reads a timestamp that may be left out: `#[serde(default, deserialize_with = "optional_time")]`.
///
/// # Errors
/// When the text is not a timestamp.
pub fn optional_time<'de, D>(deserializer: D) -> Result<Option<Timestamp>, D::Error>
where
    D: Deserializer<'de>,
{
    Time::deserialize(deserializer).map(|time| Some(time.0))
}
