//! Vault port: secrets.

mod fingerprint;

use std::{fmt, str::FromStr};

use async_trait::async_trait;
use domain::{
    KeyType, Secret,
    id::{AccountId, KeyId, WebhookId},
};

pub use self::fingerprint::{Fingerprint, FingerprintOf, Fingerprints};
use crate::{Corrupt, ReadError, Unavailable, store::Write};

/// Name of a kept secret. The account is part of the name, so that no secret can be asked for
/// without saying whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretName {
    /// Account that owns it.
    pub account: AccountId,
    /// Purpose.
    pub purpose: SecretPurpose,
}

/// Purpose of a kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretPurpose {
    /// The API key itself, for reveal.
    ApiKey(KeyId),
    /// A publishable API key, which is shown to everybody who may see the account. No secret: a vault
    /// that keeps secrets apart keeps it in the store. Its text is that of any key.
    PublishableKey(KeyId),
    /// Signing secret with its number, counted in rotations from 1.
    SigningSecret(WebhookId, u32),
    /// Whole webhook URL, credentials included, with its number, counted in changes from 1.
    WebhookUrl(WebhookId, u32),
    /// Values of a webhook's own headers, with their number, counted in changes from 1.
    WebhookHeaders(WebhookId, u32),
}

impl SecretPurpose {
    /// Returns the purpose of an API key of that type.
    #[must_use]
    pub const fn of_key(key: KeyId, key_type: KeyType) -> Self {
        match key_type {
            KeyType::Secret => Self::ApiKey(key),
            KeyType::Publishable => Self::PublishableKey(key),
        }
    }

    /// Returns whether it has to be kept from those who see the account.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        !matches!(self, Self::PublishableKey(_))
    }
}

/// Text that names no purpose of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it names no purpose of a secret")]
pub struct NotAPurpose;

impl FromStr for SecretPurpose {
    type Err = NotAPurpose;

    fn from_str(text: &str) -> Result<Self, NotAPurpose> {
        let Some((webhook, rest)) = text.split_once('/') else {
            return text.parse().map(Self::ApiKey).map_err(|_| NotAPurpose);
        };
        let webhook = webhook.parse().map_err(|_| NotAPurpose)?;
        let (kind, number) = rest.split_once('/').ok_or(NotAPurpose)?;
        let number: u32 = number.parse().map_err(|_| NotAPurpose)?;
        match kind {
            "signing-secret" => Ok(Self::SigningSecret(webhook, number)),
            "url" => Ok(Self::WebhookUrl(webhook, number)),
            "headers" => Ok(Self::WebhookHeaders(webhook, number)),
            _ => Err(NotAPurpose),
        }
    }
}

impl fmt::Display for SecretPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(key) | Self::PublishableKey(key) => write!(f, "{key}"),
            Self::SigningSecret(webhook, number) => write!(f, "{webhook}/signing-secret/{number}"),
            Self::WebhookUrl(webhook, number) => write!(f, "{webhook}/url/{number}"),
            Self::WebhookHeaders(webhook, number) => write!(f, "{webhook}/headers/{number}"),
        }
    }
}

/// Owner of the data key under which something is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealScope {
    /// Installation.
    Installation,
    /// Account; its data key is destroyed when it is closed.
    Account(AccountId),
}

/// Reason why a secret can't be returned.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// The secret was never kept, was forgotten, or was destroyed with its account.
    #[error("no such secret")]
    Gone,
    /// The backend is unavailable.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The secret, or the key under which it is sealed, is there and does not open.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

impl From<ReadError> for VaultError {
    fn from(why: ReadError) -> Self {
        match why {
            ReadError::Unavailable(why) => why.into(),
            ReadError::Corrupt(why) => why.into(),
        }
    }
}

/// Vault: keeps secrets apart from everything else.
///
/// A vault that seals into the store returns the writes that the command must commit. One that keeps
/// secrets [apart](Vault::keeps_apart) has a secret as soon as [`keep`](Vault::keep) returns, and
/// until [`destroy`](Vault::destroy): whoever uses it keeps a secret before the commit that names it,
/// and destroys one after the commit that names it no longer.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Returns whether [secrets](SecretPurpose::is_secret) are kept apart from the store, so that no
    /// commit makes or removes one.
    fn keeps_apart(&self) -> bool;

    /// Returns the fingerprints of `bytes`: one, and another under each pepper that something may
    /// still, or already, be stored under. Whoever looks something up looks under all of them.
    ///
    /// # Errors
    /// When the peppers can't be read.
    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError>;

    /// Returns the writes that bring the data key of `scope` under the key that new data keys are
    /// wrapped with; none if it is, or if there is no data key. What is sealed stays as it is.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError>;

    /// Prepares the vault for a new account; the sealed vault creates its data key.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError>;

    /// Closes an account: none of its secrets can be read once the returned writes are committed.
    /// Secrets that a vault keeps apart from the store still have to be destroyed after that.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError>;

    /// Keeps `secret` under `name`, replacing an earlier one, destroyed or not.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when the account was closed.
    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError>;

    /// Returns the secret kept under `name`.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when there is none (any more).
    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError>;

    /// Returns the writes that forget the secret kept under `name`, which changes nothing before
    /// they are committed; none if secrets are kept apart.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError>;

    /// Destroys the secret kept apart under `name`: it can't be revealed any more. Has no effect on
    /// a secret that is in the store, and none if there is no secret.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable>;

    /// Seals `plain` so that only [`open`](Vault::open) with the same scope and `label` reads it.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when the account was closed.
    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError>;

    /// Returns the bytes that [`seal`](Vault::seal) sealed.
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

#[cfg(test)]
mod tests {
    use domain::id::Ulid;

    use super::*;

    #[test]
    fn a_purpose_is_read_from_its_text() {
        let (key, webhook) = (KeyId(Ulid::from(1)), WebhookId(Ulid::from(2)));
        for purpose in [
            SecretPurpose::ApiKey(key),
            SecretPurpose::SigningSecret(webhook, 3),
            SecretPurpose::WebhookUrl(webhook, u32::MAX),
            SecretPurpose::WebhookHeaders(webhook, 4),
        ] {
            assert_eq!(purpose.to_string().parse(), Ok(purpose));
        }
        assert_eq!(SecretPurpose::PublishableKey(key).to_string(), key.to_string());
        for text in ["", "key", &format!("{webhook}"), &format!("{webhook}/url/x")] {
            assert_eq!(text.parse::<SecretPurpose>(), Err(NotAPurpose), "{text}");
        }
    }
}
