//! Verifier of signatures: a signing secret, or the public key of an `ed25519` webhook.

use domain::{
    Timestamp,
    signing::{PublicKey, SignedHeaders, SigningSecret, TOLERANCE, Unverified},
};

/// Beginning of the text of a public key.
const PUBLIC: &str = "whpk_";

/// Text by which a receiver verifies.
#[derive(Debug)]
pub(super) enum Verifier {
    /// Secret that both sides know.
    Secret(SigningSecret),
    /// Public key of the private one that signs.
    Public(PublicKey),
}

impl Verifier {
    /// Reads a `whsec_…` or a `whpk_…`.
    ///
    /// # Errors
    /// Complaint that does not repeat the text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with(PUBLIC) {
            let key = text.parse::<PublicKey>();
            return key.map(Self::Public).map_err(|why| why.to_string());
        }
        SigningSecret::parse(text).map(Self::Secret).map_err(|why| why.to_string())
    }

    /// Verifies that `body` was signed and sent around `now`.
    ///
    /// # Errors
    /// [`Unverified`] names the check that failed.
    pub(super) fn verify(
        &self,
        headers: SignedHeaders<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Unverified> {
        match self {
            Self::Secret(secret) => headers.verify(secret, body, now, TOLERANCE),
            Self::Public(key) => headers.verify_asymmetric(key, body, now, TOLERANCE),
        }
    }
}
