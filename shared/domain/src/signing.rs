//! Signatures of deliveries: [Standard Webhooks] 1.0.0, and the legacy header.
//!
//! [`SigningKey`] signs, by a shared secret or a private key; [`SignedHeaders::verify`] is the receiver's
//! side, which `listen` uses.
//!
//! [Standard Webhooks]:
//! https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

mod asymmetric;
mod key;
mod legacy;
mod verify;

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

pub use asymmetric::{Ed25519Key, NotAPublicKey, PublicKey};
pub use key::{NotASigningKey, SigningKey};
pub use legacy::{LEGACY_WITHOUT_KEY, legacy_signature};
pub use verify::{SignedHeaders, TOLERANCE, Unverified};

use crate::{kinds::vocabulary, secret::Secret};

vocabulary! {
    /// Kind of a webhook's signatures.
    Signing {
        /// By a secret that both sides know: HMAC-SHA-256, scheme `v1`.
        Hmac = "hmac",
        /// By a private key, verified by the public one: Ed25519, scheme `v1a`.
        Ed25519 = "ed25519",
    }
}

impl Signing {
    /// Returns the length of a signature with its scheme: the base64 of 32 or 64 bytes after it.
    #[must_use]
    pub const fn signature_len(self) -> usize {
        match self {
            Self::Hmac => SCHEME.len() + 44,
            Self::Ed25519 => asymmetric::SCHEME.len() + 88,
        }
    }
}

/// Header with the event's identifier, the same on every retry.
pub const ID_HEADER: &str = "webhook-id";
/// Header with the time of the attempt in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// Header with the signatures.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// Prefix of a signing secret's text.
const PREFIX: &str = "whsec_";
/// Prefix of a symmetric signature.
const SCHEME: &str = "v1,";
/// Key lengths in bytes that the specification allows.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Signing secret: a key shared by Latchhook and an endpoint, by which the endpoint authenticates
/// deliveries.
///
/// Its text is `whsec_` and the base64 of its bytes: 32 for secrets made here, 24 to 64 for
/// imported ones.
#[derive(Clone)]
pub struct SigningSecret(Zeroizing<Vec<u8>>);

/// Error: the text is not a signing secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be whsec_ and the base64 of 24 to 64 bytes")]
pub struct NotASigningSecret;

impl SigningSecret {
    /// Makes a new secret from 32 random bytes.
    #[must_use]
    pub fn from_entropy(entropy: [u8; 32]) -> Self {
        Self(Zeroizing::new(Zeroizing::new(entropy).to_vec()))
    }

    /// Reads the form that [`text`](Self::text) writes.
    ///
    /// # Errors
    /// [`NotASigningSecret`] when `whsec_` is missing, or the rest is not padded standard base64 of
    /// 24 to 64 bytes.
    pub fn parse(text: &str) -> Result<Self, NotASigningSecret> {
        let encoded = text.strip_prefix(PREFIX).ok_or(NotASigningSecret)?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| NotASigningSecret)?;
        let bytes = Zeroizing::new(bytes);
        if LENGTHS.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(NotASigningSecret) }
    }

    /// Returns `whsec_` and the base64 of the bytes.
    #[must_use]
    pub fn text(&self) -> Secret {
        let length = base64::encoded_len(self.0.len(), true).unwrap_or_default();
        // Reserve the whole length: growing would leave a copy behind in freed memory.
        let mut text = String::with_capacity(PREFIX.len() + length);
        text.push_str(PREFIX);
        BASE64_STANDARD.encode_string(self.0.as_slice(), &mut text);
        Secret::new(text)
    }

    /// Returns the signature `v1,<base64>` of the message `id` with that `body`, attempted at
    /// `timestamp_seconds` since the Unix epoch.
    pub fn sign(&self, id: impl fmt::Display, timestamp_seconds: i64, body: &[u8]) -> String {
        let mut signature = String::with_capacity(Signing::Hmac.signature_len());
        self.sign_into(&mut signature, id, timestamp_seconds, body);
        signature
    }

    fn sign_into(
        &self,
        text: &mut String,
        id: impl fmt::Display,
        timestamp_seconds: i64,
        body: &[u8],
    ) {
        let mut signing = MacWriter(keyed(&self.0));
        // Writing into a MAC never fails; an error could only come from `id`.
        let _ = write!(signing, "{id}.{timestamp_seconds}.");
        let mac = signing.0.chain_update(body).finalize().into_bytes();
        text.push_str(SCHEME);
        BASE64_STANDARD.encode_string(mac, text);
    }
}

/// Returns the value of [`SIGNATURE_HEADER`]: a signature by each of `keys`, separated by spaces.
pub fn signature_header(
    keys: &[&SigningKey],
    id: impl fmt::Display,
    timestamp_seconds: i64,
    body: &[u8],
) -> String {
    let length = keys.first().map_or(0, |key| key.signing().signature_len() + 1);
    let mut header = String::with_capacity(keys.len() * length);
    for key in keys {
        if !header.is_empty() {
            header.push(' ');
        }
        key.sign_into(&mut header, &id, timestamp_seconds, body);
    }
    header
}

impl FromStr for SigningSecret {
    type Err = NotASigningSecret;

    fn from_str(text: &str) -> Result<Self, NotASigningSecret> {
        Self::parse(text)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Compares in constant time.
impl PartialEq for SigningSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for SigningSecret {}

/// Formatter that feeds text to the MAC as it is written, so that no string is built just to be
/// signed.
struct MacWriter(Hmac<Sha256>);

impl fmt::Write for MacWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// Returns HMAC-SHA-256 keyed with `key`.
#[expect(clippy::expect_used, reason = "HMAC is defined for keys of any length (RFC 2104, 2)")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("any length will do")
}

#[cfg(test)]
mod tests;
