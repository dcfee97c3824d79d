//! States that are found by a fingerprint.

use domain::{
    Secret,
    key::{self, ApiKey, foreign},
    webhook::{self, Webhook, WebhookUrl},
};
use ports::{
    ReadError, Vault,
    vault::{FingerprintOf, Fingerprints, SecretName, SecretPurpose, VaultError},
};

use crate::{
    Backend,
    auth::{of_hash, of_key},
    documents::StoredState,
};

/// State that is found by a fingerprint.
pub(super) trait Fingerprinted: StoredState<Event: Clone + Send> {
    /// Returns the fingerprint by which it is found.
    fn fingerprint(&self) -> &str;

    /// Returns the command to find it by another one.
    fn renewal(fingerprint: String) -> Self::Command;

    /// Returns all fingerprints of its text; `None` if the text is not known.
    fn fingerprints(
        &self,
        backend: &Backend,
    ) -> impl Future<Output = Result<Option<Fingerprints>, ReadError>> + Send;
}

impl Fingerprinted for ApiKey {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn renewal(fingerprint: String) -> key::Command {
        key::Command::RenewFingerprint { fingerprint }
    }

    async fn fingerprints(&self, backend: &Backend) -> Result<Option<Fingerprints>, ReadError> {
        let purpose = SecretPurpose::of_key(self.id, self.key_type);
        let kept = revealed(&*backend.vault, SecretName { account: self.account, purpose }).await?;
        let Some(kept) = kept else { return Ok(None) };
        if self.revealable {
            return of_key(backend, kept.expose()).await.map(Some);
        }
        match foreign::read_hash(kept.expose()) {
            Some(hash) => of_hash(backend, &hash).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Fingerprinted for Webhook {
    fn fingerprint(&self) -> &str {
        &self.endpoint.fingerprint
    }

    fn renewal(fingerprint: String) -> webhook::Command {
        webhook::Command::RenewFingerprint { fingerprint }
    }

    async fn fingerprints(&self, backend: &Backend) -> Result<Option<Fingerprints>, ReadError> {
        let text = match self.endpoint.secret {
            Some(number) => {
                let purpose = SecretPurpose::WebhookUrl(self.id, number);
                revealed(&*backend.vault, SecretName { account: self.account, purpose }).await?
            }
            None => WebhookUrl::parse(&self.endpoint.url, self.environment)
                .ok()
                .map(|url| url.canonical()),
        };
        of(backend, FingerprintOf::WebhookUrl, text).await
    }
}

async fn revealed(vault: &dyn Vault, name: SecretName) -> Result<Option<Secret>, ReadError> {
    match vault.reveal(name).await {
        Ok(text) => Ok(Some(text)),
        Err(VaultError::Gone) => Ok(None),
        Err(VaultError::Unavailable(why)) => Err(why.into()),
        Err(VaultError::Corrupt(why)) => Err(why.into()),
    }
}

async fn of(
    backend: &Backend,
    of: FingerprintOf,
    text: Option<Secret>,
) -> Result<Option<Fingerprints>, ReadError> {
    match text {
        None => Ok(None),
        Some(text) => backend.vault.fingerprints(of, text.expose().as_bytes()).await.map(Some),
    }
}
