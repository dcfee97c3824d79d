//! Filter of a webhook: an event pattern in the language of Amazon `EventBridge`, as the reference
//! implementation reads it, <https://github.com/aws/event-ruler>.
//!
//! Operators that the contract leaves out (`cidr`, `exact`) are refused; `{}` matches every event. Matching
//! costs at most as many steps as pattern and event have values, multiplied: nothing is expanded, and
//! a wildcard is searched for without going back.

mod matching;
mod pattern;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Value, value::RawValue};

use self::pattern::Pattern;
pub use self::read::NotAFilter;

/// Largest size of a filter, in bytes of compact JSON. That of an event pattern at `EventBridge`:
/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>.
pub const LARGEST_FILTER: usize = 4096;

/// Filter of a webhook, kept as it was written.
#[derive(Clone, Debug)]
pub struct Filter(Arc<Checked>);

#[derive(Debug)]
struct Checked {
    text: Box<RawValue>,
    pattern: Pattern,
}

impl Filter {
    /// Reads a filter from JSON.
    ///
    /// # Errors
    /// [`NotAFilter`] names the part of it that breaks a rule.
    pub fn parse(text: &RawValue) -> Result<Self, NotAFilter> {
        let pattern = read::pattern(text)?;
        Ok(Self(Arc::new(Checked { text: text.to_owned(), pattern })))
    }

    /// Returns the filter as JSON.
    #[must_use]
    pub fn as_json(&self) -> &RawValue {
        &self.0.text
    }

    /// Returns whether `event`, as the API shows it, matches.
    #[must_use]
    pub fn matches(&self, event: &Value) -> bool {
        self.0.pattern.matches(event)
    }
}

/// Compares as written.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.as_json().get() == other.as_json().get()
    }
}

impl Eq for Filter {}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Box::<RawValue>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
