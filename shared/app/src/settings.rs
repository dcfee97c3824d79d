//! The operator's choices.

use std::time::Duration;

use domain::{Secret, delivery::Schedule, key::token::KeyPrefix};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What every operator token starts with.
pub const OPERATOR_TOKEN_PREFIX: &str = "lhop_";

/// The operator's choices, the same in every home.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What tells the operator; only its hash is known.
    pub operator: OperatorTokenHash,
    /// What API keys start with.
    pub key_prefix: KeyPrefix,
    /// When deliveries are tried again.
    pub schedule: Schedule,
    /// How long log rows, and the events they tell of, are kept.
    pub log_retention: Duration,
    /// Requests a minute that an API key may make.
    pub rate_limit: u32,
    /// A header to carry the legacy signature in, such as `X-Checkr-Signature`.
    pub legacy_signature_header: Option<String>,
    /// Where people reach this installation: `https://hooks.example.com`, no slash at the end.
    pub public_url: String,
}

/// SHA-256 of the operator token; the token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorTokenHash(pub [u8; 32]);

impl OperatorTokenHash {
    /// The hash of `token`.
    #[must_use]
    pub fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }

    /// Whether `token` is the operator's, in constant time.
    #[must_use]
    pub fn is_of(&self, token: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(token).into();
        self.0.ct_eq(&hash).into()
    }
}
