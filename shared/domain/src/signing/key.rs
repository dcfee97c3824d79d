//! Signing key of either kind.

use std::fmt;

use super::{Ed25519Key, PublicKey, Signing, SigningSecret, asymmetric::PRIVATE};
use crate::secret::Secret;

/// Key that signs an endpoint's deliveries, as the vault keeps it.
#[derive(Debug)]
pub enum SigningKey {
    /// Secret that the receiver has, too.
    Hmac(SigningSecret),
    /// Private key whose public one the receiver has.
    Ed25519(Ed25519Key),
}

/// Error: the text is no signing key of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no signing key")]
pub struct NotASigningKey;

impl SigningKey {
    /// Makes a new key of 32 random bytes.
    #[must_use]
    pub fn from_entropy(signing: Signing, entropy: [u8; 32]) -> Self {
        match signing {
            Signing::Hmac => Self::Hmac(SigningSecret::from_entropy(entropy)),
            Signing::Ed25519 => Self::Ed25519(Ed25519Key::from_seed(&entropy)),
        }
    }

    /// Reads the form that [`text`](Self::text) writes.
    ///
    /// # Errors
    /// [`NotASigningKey`].
    pub fn parse(text: &str) -> Result<Self, NotASigningKey> {
        match text.strip_prefix(PRIVATE) {
            Some(encoded) => Ed25519Key::parse(encoded).map(Self::Ed25519).ok_or(NotASigningKey),
            None => SigningSecret::parse(text).map(Self::Hmac).map_err(|_| NotASigningKey),
        }
    }

    /// Returns the whole key as the vault keeps it.
    #[must_use]
    pub fn text(&self) -> Secret {
        match self {
            Self::Hmac(secret) => secret.text(),
            Self::Ed25519(key) => key.text(),
        }
    }

    /// Returns the kind of its signatures.
    #[must_use]
    pub const fn signing(&self) -> Signing {
        match self {
            Self::Hmac(_) => Signing::Hmac,
            Self::Ed25519(_) => Signing::Ed25519,
        }
    }

    /// Returns the public key; none of a secret that both sides know.
    #[must_use]
    pub fn public(&self) -> Option<PublicKey> {
        match self {
            Self::Hmac(_) => None,
            Self::Ed25519(key) => Some(key.public()),
        }
    }

    /// Returns what the receiver verifies by: the secret, or the public key.
    #[must_use]
    pub fn for_receiver(&self) -> Secret {
        self.public().map_or_else(|| self.text(), |public| Secret::new(public.to_string()))
    }

    pub(super) fn sign_into(
        &self,
        text: &mut String,
        id: impl fmt::Display,
        timestamp_seconds: i64,
        body: &[u8],
    ) {
        match self {
            Self::Hmac(secret) => secret.sign_into(text, id, timestamp_seconds, body),
            Self::Ed25519(key) => key.sign_into(text, id, timestamp_seconds, body),
        }
    }
}
