//! Asymmetric signatures: Ed25519, scheme `v1a` of Standard Webhooks.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Prefix of an asymmetric signature.
pub(super) const SCHEME: &str = "v1a,";
/// Prefix of a private key's text.
pub(super) const PRIVATE: &str = "whsk_";
/// Prefix of a public key's text.
const PUBLIC: &str = "whpk_";

/// Private key of an endpoint whose receiver has the public one. Its text is `whsk_` and the base64 of
/// its seed, which never leaves the vault.
pub struct Ed25519Key(SigningKey);

/// Public key, by which anybody verifies deliveries. Its text is `whpk_` and the base64 of its 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// Error: the text is not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be whpk_ and the base64 of 32 bytes")]
pub struct NotAPublicKey;

impl Ed25519Key {
    /// Makes the key of 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub(super) fn parse(encoded: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(encoded).ok()?);
        Some(Self::from_seed(bytes.as_slice().try_into().ok()?))
    }

    /// Returns `whsk_` and the base64 of the seed.
    #[must_use]
    pub fn text(&self) -> Secret {
        let mut text = String::with_capacity(PRIVATE.len() + 44);
        text.push_str(PRIVATE);
        BASE64_STANDARD.encode_string(self.0.as_bytes(), &mut text);
        Secret::new(text)
    }

    /// Returns the public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    pub(super) fn sign_into(
        &self,
        text: &mut String,
        id: impl fmt::Display,
        timestamp_seconds: i64,
        body: &[u8],
    ) {
        text.push_str(SCHEME);
        let signature = self.0.sign(&signed(id, timestamp_seconds, body));
        BASE64_STANDARD.encode_string(signature.to_bytes(), text);
    }
}

/// Returns the bytes that are signed.
fn signed(id: impl fmt::Display, timestamp_seconds: i64, body: &[u8]) -> Vec<u8> {
    let mut head = String::new();
    // Writing into a text never fails; an error could only come from `id`.
    let _ = write!(head, "{id}.{timestamp_seconds}.");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

impl PublicKey {
    /// Returns the member `x` of the key as a JWK (RFC 8037, section 2).
    #[must_use]
    pub fn jwk_x(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns whether `signature`, with its scheme, is by this key.
    pub(super) fn verifies(
        &self,
        signature: &str,
        id: &str,
        timestamp_seconds: i64,
        body: &[u8],
    ) -> bool {
        let bytes = signature.strip_prefix(SCHEME).map(|encoded| BASE64_STANDARD.decode(encoded));
        let Some(Ok(bytes)) = bytes else { return false };
        let (key, signature) = (VerifyingKey::from_bytes(&self.0), Signature::from_slice(&bytes));
        let (Ok(key), Ok(signature)) = (key, signature) else { return false };
        key.verify_strict(&signed(id, timestamp_seconds, body), &signature).is_ok()
    }
}

impl FromStr for PublicKey {
    type Err = NotAPublicKey;

    fn from_str(text: &str) -> Result<Self, NotAPublicKey> {
        let encoded = text.strip_prefix(PUBLIC).ok_or(NotAPublicKey)?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| NotAPublicKey)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| NotAPublicKey)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Debug for Ed25519Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
