//! Event types, and subscriptions that match them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};

/// Maximum length of an event type's name, in characters.
const LONGEST: usize = 128;

/// Type of an event: words of letters, digits, `_` and `-`, joined by dots (`report.completed`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(String);

/// Subscription of a webhook: one type, all types under a prefix (`report.*`), or all (`*`). Only its own
/// name means [`EventType::statement`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subscription {
    /// All types: `*`.
    All,
    /// All types under a prefix: `report.*`; holds `report.` with its dot.
    Under(String),
    /// One type: `report.completed`.
    Exactly(EventType),
}

/// Error: the text is not an event type or subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be words of letters, digits, _ and - joined by dots, at most {LONGEST} characters, such as report.completed"
)]
pub struct NotAnEventType;

impl EventType {
    /// Returns the type of the test event that `ping` sends; every webhook receives it.
    #[must_use]
    pub fn ping() -> Self {
        Self("webhook.ping".to_owned())
    }

    /// Returns the type of the event by which a webhook is sent its statement of an hour.
    #[must_use]
    pub fn statement() -> Self {
        Self("webhook.statement".to_owned())
    }

    /// Returns whether it is a type of ours, which exists without being registered.
    #[must_use]
    pub fn is_own(&self) -> bool {
        [Self::ping(), Self::statement()].contains(self)
    }

    /// Returns the type of that name, which is known to be one.
    pub(crate) fn operational(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Subscription {
    /// Returns whether events of `event_type` match.
    #[must_use]
    pub fn matches(&self, event_type: &EventType) -> bool {
        match self {
            Self::Exactly(exactly) => exactly == event_type,
            _ if *event_type == EventType::statement() => false,
            Self::All => true,
            Self::Under(prefix) => event_type.0.starts_with(prefix.as_str()),
        }
    }
}

impl FromStr for EventType {
    type Err = NotAnEventType;

    fn from_str(text: &str) -> Result<Self, NotAnEventType> {
        let is_word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let fits = text.len() <= LONGEST && text.split('.').all(is_word);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAnEventType) }
    }
}

impl FromStr for Subscription {
    type Err = NotAnEventType;

    fn from_str(text: &str) -> Result<Self, NotAnEventType> {
        match text.strip_suffix('*') {
            Some("") => Ok(Self::All),
            Some(prefix) => {
                let name = prefix.strip_suffix('.').ok_or(NotAnEventType)?;
                name.parse::<EventType>().map(|_| Self::Under(prefix.to_owned()))
            }
            None => text.parse().map(Self::Exactly),
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Under(prefix) => write!(f, "{prefix}*"),
            Self::Exactly(event_type) => event_type.fmt(f),
        }
    }
}

macro_rules! as_text {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}
as_text!(EventType Subscription);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_matches_its_type_its_prefix_or_all() {
        let completed: EventType = "report.completed".parse().unwrap();
        for (text, matches) in [
            ("*", true),
            ("report.*", true),
            ("report.completed", true),
            ("report.created", false),
            ("rep.*", false),
            ("report.completed.*", false),
        ] {
            let subscription: Subscription = text.parse().unwrap();
            assert_eq!(subscription.matches(&completed), matches, "{text}");
            assert_eq!(subscription.to_string(), text);
        }
    }

    #[test]
    fn only_its_name_means_the_statement() {
        let statement = EventType::statement();
        for (text, matches) in [("*", false), ("webhook.*", false), ("webhook.statement", true)] {
            let subscription: Subscription = text.parse().unwrap();
            assert_eq!(subscription.matches(&statement), matches, "{text}");
            assert_eq!(subscription.matches(&EventType::ping()), !matches, "{text}");
        }
    }

    #[test]
    fn malformed_event_types_are_rejected() {
        let long = "a".repeat(129);
        for text in [
            "",
            ".",
            "report.",
            ".report",
            "report..x",
            "re port",
            "report*",
            "*.x",
            "**",
            "é",
            &long,
        ] {
            assert!(text.parse::<Subscription>().is_err(), "{text}");
        }
    }
}
