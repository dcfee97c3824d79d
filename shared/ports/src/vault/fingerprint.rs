//! Fingerprints: look-up values of something secret.

use std::{fmt, iter, sync::Arc};

/// Purpose of a fingerprint; the same bytes for two purposes give two fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FingerprintOf {
    /// An API key itself, for look-up: those of version 0.1.0, until they are renewed.
    ApiKey,
    /// The SHA-256 of an API key, for look-up.
    ApiKeyHash,
    /// A portal session's token or sign-in code, for look-up.
    PortalToken,
    /// A webhook URL, for uniqueness.
    WebhookUrl,
    /// The body of a request with an idempotency key.
    RequestBody,
}

/// Fingerprint: HMAC-SHA-256 of something under one pepper, which reveals nothing about it.
///
/// Its text names the pepper, `3f0c….9f86…`, so that what is still under an older one can be told
/// without the secret. An installation's first pepper has no name, and its fingerprints are the
/// digits alone. Those of the hash of a key begin with `sha256:`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Purpose.
    pub of: FingerprintOf,
    /// Name of the pepper; empty for an installation's first.
    pub pepper: Arc<str>,
    /// HMAC.
    pub mac: [u8; 32],
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of.mark())?;
        if !self.pepper.is_empty() {
            write!(f, "{}.", self.pepper)?;
        }
        f.write_str(&hex::encode(self.mac))
    }
}

impl Fingerprint {
    /// Returns whether `text` is a fingerprint under the same pepper, of whatever it may be.
    #[must_use]
    pub fn is_under_the_pepper_of(&self, text: &str) -> bool {
        let (_, text) = unmarked(text);
        *self.pepper == *text.rsplit_once('.').map_or("", |(pepper, _)| pepper)
    }

    /// Returns whether `text` is a fingerprint under the same pepper, and of the same kind.
    #[must_use]
    pub fn is_like(&self, text: &str) -> bool {
        unmarked(text).0 == self.of.mark() && self.is_under_the_pepper_of(text)
    }
}

/// Mark in front of the fingerprints of hashes.
const OF_HASHES: &str = "sha256:";

impl FingerprintOf {
    /// Returns the mark in front of such fingerprints, where one thing has those of two purposes.
    const fn mark(self) -> &'static str {
        match self {
            Self::ApiKeyHash => OF_HASHES,
            Self::ApiKey | Self::PortalToken | Self::WebhookUrl | Self::RequestBody => "",
        }
    }
}

/// Parts the mark from a fingerprint.
fn unmarked(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with(OF_HASHES) { OF_HASHES.len() } else { 0 })
}

/// Fingerprints of one thing: there are several while one pepper takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprints {
    /// Fingerprint under which it is stored from now on.
    pub in_use: Fingerprint,
    /// Fingerprints under which it could have been stored by others, or before.
    pub others: Vec<Fingerprint>,
}

impl Fingerprints {
    /// Returns all of them, the one in use first.
    pub fn iter(&self) -> impl Iterator<Item = &Fingerprint> {
        iter::once(&self.in_use).chain(&self.others)
    }

    /// Returns whether the stored `text` is a fingerprint of the same thing.
    #[must_use]
    pub fn contain(&self, text: &str) -> bool {
        self.iter().any(|fingerprint| fingerprint.to_string() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(pepper: &str, mac: u8) -> Fingerprint {
        Fingerprint { of: FingerprintOf::ApiKey, pepper: pepper.into(), mac: [mac; 32] }
    }

    fn of_hash(pepper: &str, mac: u8) -> Fingerprint {
        Fingerprint { of: FingerprintOf::ApiKeyHash, ..fingerprint(pepper, mac) }
    }

    #[test]
    fn the_text_names_the_pepper_but_an_installations_first() {
        assert_eq!(fingerprint("", 0xa0).to_string(), "a0".repeat(32));
        assert_eq!(fingerprint("17", 0x0b).to_string(), format!("17.{}", "0b".repeat(32)));
    }

    #[test]
    fn the_pepper_is_told_from_the_text() {
        for (pepper, other) in [("", "17"), ("17", ""), ("17", "1")] {
            let (is, is_not) = (fingerprint(pepper, 1), fingerprint(other, 1));
            assert!(is.is_under_the_pepper_of(&fingerprint(pepper, 2).to_string()));
            assert!(!is_not.is_under_the_pepper_of(&is.to_string()), "{pepper} {other}");
        }
    }

    #[test]
    fn fingerprints_of_hashes_are_marked() {
        assert_eq!(of_hash("", 0xa0).to_string(), format!("sha256:{}", "a0".repeat(32)));
        assert_eq!(of_hash("17", 0x0b).to_string(), format!("sha256:17.{}", "0b".repeat(32)));
        for pepper in ["", "17"] {
            let (old, new) = (fingerprint(pepper, 1).to_string(), of_hash(pepper, 1).to_string());
            assert!(of_hash(pepper, 2).is_like(&new) && fingerprint(pepper, 2).is_like(&old));
            assert!(!of_hash(pepper, 2).is_like(&old) && !fingerprint(pepper, 2).is_like(&new));
            assert!(of_hash(pepper, 2).is_under_the_pepper_of(&old));
            assert!(fingerprint(pepper, 2).is_under_the_pepper_of(&new));
            assert!(!of_hash("18", 1).is_like(&new));
        }
    }

    #[test]
    fn fingerprints_contain_each_of_theirs_and_no_other() {
        let both = Fingerprints { in_use: fingerprint("17", 1), others: vec![fingerprint("", 2)] };
        assert!(both.iter().all(|one| both.contain(&one.to_string())));
        assert!(!both.contain(&fingerprint("17", 2).to_string()));
        assert!(!both.contain(&fingerprint("", 1).to_string()));
    }
}
