//! Vault with a deliberate bug.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{Secret, id::AccountId};
use ports::{
    ReadError, Unavailable, Vault,
    store::Write,
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, SecretPurpose, VaultError},
};

use super::Bug;

/// Vault that remembers the first signing secret of a webhook, if that is the bug.
pub(crate) struct BuggyVault {
    vault: Arc<dyn Vault>,
    bug: Option<Bug>,
    first: Mutex<HashMap<SecretName, Secret>>,
}

impl BuggyVault {
    pub(crate) fn new(vault: Arc<dyn Vault>, bug: Option<Bug>) -> Self {
        Self { vault, bug, first: Mutex::default() }
    }
}

#[async_trait]
impl Vault for BuggyVault {
    fn keeps_apart(&self) -> bool {
        self.vault.keeps_apart()
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.vault.fingerprints(of, bytes).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.vault.rewrap(scope).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.vault.open_account(account).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.vault.close_account(account).await
    }

    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        self.vault.keep(name, secret).await
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        let secret = self.vault.reveal(name).await?;
        let SecretPurpose::SigningSecret(webhook, _) = name.purpose else { return Ok(secret) };
        if self.bug != Some(Bug::IgnoresRotation) {
            return Ok(secret);
        }
        let name = SecretName { purpose: SecretPurpose::SigningSecret(webhook, 1), ..name };
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(first.entry(name).or_insert(secret).clone())
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        if self.bug == Some(Bug::ForgetsFirst) {
            self.vault.destroy(name).await?;
        }
        self.vault.forget(name).await
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.vault.destroy(name).await
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.vault.seal(scope, label, plain).await
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.vault.open(scope, label, sealed).await
    }
}
