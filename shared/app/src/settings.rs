//! Settings chosen by the operator.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Compatibility, Envelope, Jurisdictions, Limits, Secret,
    delivery::{Failing, Schedule},
    key::token::KeyPrefix,
};
use ports::Unavailable;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Prefix of every operator token.
pub const OPERATOR_TOKEN_PREFIX: &str = "lhop_";

/// Usual number of events that one statement counts at most: some seconds of reading on either backend.
pub const STATEMENT_EVENTS: usize = 100_000;

/// Settings chosen by the operator, the same in every backend.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Prefix of API keys.
    pub key_prefix: KeyPrefix,
    /// Retry schedule of deliveries.
    pub schedule: Schedule,
    /// Time for which log rows, and the events they are about, are stored.
    pub log_retention: Duration,
    /// Extent of failing of which the operator is told.
    pub failing: Failing,
    /// Limits of accounts.
    pub limits: Limits,
    /// Jurisdictions that are distinguished.
    pub jurisdictions: Jurisdictions,
    /// Envelope of deliveries.
    pub envelope: Envelope,
    /// Name of the header for the legacy signature, such as `X-Checkr-Signature`.
    pub legacy_signature_header: Option<String>,
    /// True if deliveries that are traced carry their `traceparent`.
    pub send_traceparent: bool,
    /// Number of an account's events that one request for a statement reads at most.
    pub statement_events: usize,
    /// Service whose clients the API answers as they expect.
    pub compatibility: Compatibility,
    /// URL at which people reach this installation: `https://hooks.example.com`, without a slash at
    /// the end.
    pub public_url: String,
}

/// Check of the operator's token.
#[async_trait]
pub trait OperatorToken: Send + Sync {
    /// Returns whether `token` is the operator's.
    ///
    /// # Errors
    /// When that can't be determined now.
    async fn knows(&self, token: &str) -> Result<bool, Unavailable>;
}

/// No root token: it is switched off, and other operator tokens are all there is.
#[derive(Debug, Clone, Copy)]
pub struct NoRootToken;

#[async_trait]
impl OperatorToken for NoRootToken {
    async fn knows(&self, _: &str) -> Result<bool, Unavailable> {
        Ok(false)
    }
}

/// SHA-256 of the operator token; the token itself is stored nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorTokenHash(pub [u8; 32]);

impl OperatorTokenHash {
    /// Returns the hash of `token`.
    #[must_use]
    pub fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }

    /// Returns whether `token` is the operator's, in constant time.
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
