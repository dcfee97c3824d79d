//! Envelope of deliveries: the layout of their bodies, and the names of the headers that sign them.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
    sync::Arc,
};

use crate::kinds::vocabulary;

vocabulary! {
    /// Layout of a delivery's body.
    #[derive(Default)]
    PayloadFormat {
        /// The event with a reference to its object, or the whole object where the webhook asks for it.
        #[default]
        RelatedObject = "related_object",
        /// `type`, `timestamp` and `data`, as Standard Webhooks recommends.
        Standard = "standard",
        /// The event's data, its very bytes.
        Raw = "raw",
    }
}

/// Envelope of all deliveries of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Layout of the body.
    pub format: PayloadFormat,
    /// Names of the signature headers.
    pub signature_headers: SignatureHeaders,
}

impl PayloadFormat {
    /// Returns whether an event's data needs an `object` that can be referred to.
    #[must_use]
    pub const fn needs_object(self) -> bool {
        matches!(self, Self::RelatedObject)
    }

    /// Returns whether it is the layout by default.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Names of the three headers that identify and sign a delivery: `webhook-id`, `webhook-timestamp` and
/// `webhook-signature` for the prefix `webhook`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderNames {
    prefix: Arc<str>,
    /// Header with the event's identifier, the same on every retry.
    pub id: Arc<str>,
    /// Header with the time of the attempt in Unix seconds.
    pub timestamp: Arc<str>,
    /// Header with the signatures.
    pub signature: Arc<str>,
}

impl HeaderNames {
    /// Returns the names with that prefix.
    #[must_use]
    pub fn of(prefix: &str) -> Self {
        let name = |what: &str| format!("{prefix}-{what}").into();
        let (id, timestamp, signature) = (name("id"), name("timestamp"), name("signature"));
        Self { prefix: prefix.into(), id, timestamp, signature }
    }

    /// Returns the beginning of the names.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// Sets of signature headers, all of which a delivery has; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders(Vec<HeaderNames>);

impl Default for SignatureHeaders {
    fn default() -> Self {
        Self(vec![HeaderNames::of("webhook")])
    }
}

impl SignatureHeaders {
    /// Most sets that a delivery may have.
    const MOST: usize = 3;
    /// Longest prefix, in characters.
    const LONGEST: usize = 30;

    /// Returns the sets, in the order in which they were named.
    #[must_use]
    pub fn sets(&self) -> &[HeaderNames] {
        &self.0
    }

    /// Returns whether a delivery has a header of that name, in whatever case, from one of the sets.
    #[must_use]
    pub fn have(&self, name: &str) -> bool {
        let mut names = self.0.iter().flat_map(|set| [&set.id, &set.timestamp, &set.signature]);
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Returns the prefix that comes first: the one that instructions name.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("webhook", HeaderNames::prefix)
    }
}

/// Error: the text is not a list of prefixes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSignatureHeaders {
    /// There is none, or there are too many.
    #[error("must be one to three prefixes, such as webhook,svix")]
    Number,
    /// One is not a prefix of header names.
    #[error("{0:?} is not a prefix of 1 to 30 letters, digits and hyphens, such as svix or x-acme")]
    Prefix(String),
    /// Headers of that prefix have a meaning of their own.
    #[error("{0:?} begins names of headers that have another meaning")]
    Taken(String),
    /// One comes twice.
    #[error("{0:?} comes twice")]
    Twice(String),
}

/// Reads prefixes with commas between them; letters count as small ones.
impl FromStr for SignatureHeaders {
    type Err = NotSignatureHeaders;

    fn from_str(text: &str) -> Result<Self, NotSignatureHeaders> {
        let mut sets: Vec<HeaderNames> = Vec::new();
        for prefix in text.split(',') {
            let prefix = prefix.trim().to_ascii_lowercase();
            if prefix == "content" {
                return Err(NotSignatureHeaders::Taken(prefix));
            }
            if !is_prefix(&prefix) {
                return Err(NotSignatureHeaders::Prefix(prefix));
            }
            if sets.iter().any(|known| *known.prefix == *prefix) {
                return Err(NotSignatureHeaders::Twice(prefix));
            }
            sets.push(HeaderNames::of(&prefix));
        }
        if sets.len() > Self::MOST {
            return Err(NotSignatureHeaders::Number);
        }
        Ok(Self(sets))
    }
}

fn is_prefix(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= SignatureHeaders::LONGEST
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(is_part)
}

impl fmt::Display for SignatureHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, names) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_char(',')?;
            }
            f.write_str(&names.prefix)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_names_three_headers() {
        let both: SignatureHeaders = "webhook, Svix".parse().unwrap();
        let names: Vec<&str> = both
            .sets()
            .iter()
            .flat_map(|set| [&*set.id, &*set.timestamp, &*set.signature])
            .collect();
        let webhook = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let svix = ["svix-id", "svix-timestamp", "svix-signature"];
        assert_eq!(names, [webhook, svix].concat());
        assert_eq!((both.first(), both.to_string()), ("webhook", "webhook,svix".to_owned()));
        assert_eq!("webhook".parse(), Ok(SignatureHeaders::default()));
        assert!(both.have("Svix-Signature") && both.have("webhook-id"));
        assert!(!both.have("svix-other") && !SignatureHeaders::default().have("svix-id"));
    }

    #[test]
    fn what_can_not_begin_a_headers_name_is_refused() {
        let long = "x".repeat(31);
        for text in ["", "webhook,", "a b", "-x", "x-", "x--y", "1x", "x_y", "ü", &long] {
            let refused = text.parse::<SignatureHeaders>();
            assert!(matches!(refused, Err(NotSignatureHeaders::Prefix(_))), "{text}: {refused:?}");
        }
        let refused = |text: &str| text.parse::<SignatureHeaders>().unwrap_err().to_string();
        assert!(refused("a,A").contains("twice"));
        assert!(refused("Content").contains("another meaning"));
        assert!(refused("a,b,c,d").contains("one to three"));
    }
}
