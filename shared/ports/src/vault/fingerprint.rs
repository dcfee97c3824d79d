//! Fingerprints: look-up values of something secret.

use std::{fmt, iter, sync::Arc};

/// Purpose of a fingerprint; the same bytes for two purposes give two fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FingerprintOf {
    /// An API key, for look-up.
    ApiKey,
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
/// digits alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Name of the pepper; empty for an installation's first.
    pub pepper: Arc<str>,
    /// HMAC.
    pub mac: [u8; 32],
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        *self.pepper == *text.rsplit_once('.').map_or("", |(pepper, _)| pepper)
    }
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
        Fingerprint { pepper: pepper.into(), mac: [mac; 32] }
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
    fn fingerprints_contain_each_of_theirs_and_no_other() {
        let both = Fingerprints { in_use: fingerprint("17", 1), others: vec![fingerprint("", 2)] };
        assert!(both.iter().all(|one| both.contain(&one.to_string())));
        assert!(!both.contain(&fingerprint("17", 2).to_string()));
        assert!(!both.contain(&fingerprint("", 1).to_string()));
    }
}
