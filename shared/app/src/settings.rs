//! The operator's choices.

use std::time::Duration;

use async_trait::async_trait;
use domain::{Secret, delivery::Schedule, key::token::KeyPrefix};
use ports::Unavailable;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What every operator token starts with.
pub const OPERATOR_TOKEN_PREFIX: &str = "lhop_";

/// The operator's choices, the same in every backend.
#[derive(Debug, Clone)]
pub struct Settings {
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

/// What tells the operator from everybody else.
#[async_trait]
pub trait OperatorToken: Send + Sync {
    /// Whether `token` is the operator's.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn knows(&self, token: &str) -> Result<bool, Unavailable>;
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

#[async_trait]
impl OperatorToken for OperatorTokenHash {
    async fn knows(&self, token: &str) -> Result<bool, Unavailable> {
        Ok(self.is_of(token))
    }
}
