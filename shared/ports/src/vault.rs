//! Secrets.

use std::fmt;

use async_trait::async_trait;
use domain::{
    Secret,
    id::{AccountId, KeyId, WebhookId},
};

use crate::{Unavailable, store::Write};

/// What a kept secret is called. The account is part of the name, so that no secret can be asked
/// for without saying whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretName {
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub purpose: SecretPurpose,
}

/// What a kept secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretPurpose {
    /// The API key itself, for reveal.
    ApiKey(KeyId),
    /// The signing secret of that number; numbers count rotations from 1.
    SigningSecret(WebhookId, u32),
    /// The whole webhook URL of that number, credentials included; numbers count changes from 1.
    WebhookUrl(WebhookId, u32),
}

impl fmt::Display for SecretPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(key) => write!(f, "{key}"),
            Self::SigningSecret(webhook, number) => write!(f, "{webhook}/signing-secret/{number}"),
            Self::WebhookUrl(webhook, number) => write!(f, "{webhook}/url/{number}"),
        }
    }
}

/// Under whose data key something is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealScope {
    /// The installation's own.
    Installation,
    /// An account's; gone when the account is closed.
    Account(AccountId),
}

/// What a fingerprint is of; the same bytes for two purposes give two fingerprints.
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

/// Why a secret could not be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// Never kept, forgotten, or destroyed with its account.
    #[error("no such secret")]
    Gone,
    /// The backend is unavailable.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Keeps secrets apart from everything else.
///
/// A vault that seals into the store returns the writes that the command must commit; one that
/// keeps secrets elsewhere has done so when it returns, and returns none.
#[async_trait]
pub trait Vault: Send + Sync {
    /// HMAC-SHA-256 under the installation's pepper: a look-up value that tells nothing.
    ///
    /// # Errors
    /// When the pepper can't be read.
    async fn fingerprint(&self, of: FingerprintOf, bytes: &[u8]) -> Result<[u8; 32], Unavailable>;

    /// Prepares a new account's place: with the sealed vault, its data key.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, Unavailable>;

    /// Destroys everything of an account. The account's secrets can't be read once the returned
    /// writes are committed.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, Unavailable>;

    /// Keeps `secret` under `name`, replacing what was there.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when the account has no place (it was closed).
    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError>;

    /// The secret kept under `name`.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when there is none (any more).
    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError>;

    /// Forgets what is kept under `name`; nothing there is no error.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, Unavailable>;

    /// Seals `plain` so that only [`open`](Vault::open) with the same scope and `label` reads it.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when the account has no place (it was closed).
    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError>;

    /// What [`seal`](Vault::seal) sealed.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when the data key is gone, or scope, label or bytes are not the same.
    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError>;
}
