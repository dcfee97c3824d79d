//! Vault that keeps secrets apart from the store, as a secrets manager does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{Secret, id::AccountId};
use ports::{
    ReadError, Unavailable, Vault,
    store::Write,
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};

use crate::Faults;

/// Secrets that are kept apart; they survive a crash.
#[derive(Default)]
pub struct Apart {
    kept: Mutex<BTreeMap<String, Secret>>,
    made: Mutex<u64>,
}

impl Apart {
    /// Names of the secrets that are there, each with its account.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.kept().keys().cloned().collect()
    }

    /// Number of secrets ever made.
    #[must_use]
    pub fn made(&self) -> u64 {
        *self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Secret>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text(name: SecretName) -> String {
    format!("{}/{}", name.account, name.purpose)
}

/// Vault that keeps secrets in [`Apart`] if the test wants that, and else in the store.
pub(crate) struct ApartVault<V> {
    pub(crate) faults: Arc<Faults>,
    pub(crate) sealed: Arc<V>,
    pub(crate) apart: Arc<Apart>,
}

#[async_trait]
impl<V: Vault> Vault for ApartVault<V> {
    fn keeps_apart(&self) -> bool {
        self.faults.are_secrets_apart()
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.sealed.fingerprints(of, bytes).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.sealed.rewrap(scope).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.sealed.open_account(account).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.sealed.close_account(account).await
    }

    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        let mut writes = self.sealed.keep(name, secret).await?;
        if self.keeps_apart() && name.purpose.is_secret() {
            writes.retain(|write| matches!(write, Write::Check { .. }));
            self.kept().insert(text(name), secret.clone());
            *self.made().lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
        Ok(writes)
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        if !self.keeps_apart() || !name.purpose.is_secret() {
            return self.sealed.reveal(name).await;
        }
        _ = self.sealed.seal(SealScope::Account(name.account), "", b"").await?;
        self.kept().get(&text(name)).cloned().ok_or(VaultError::Gone)
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        let is_apart = self.keeps_apart() && name.purpose.is_secret();
        if is_apart { Ok(Vec::new()) } else { self.sealed.forget(name).await }
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.kept().remove(&text(name));
        Ok(())
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealed.seal(scope, label, plain).await
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealed.open(scope, label, sealed).await
    }
}

impl<V> ApartVault<V> {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Secret>> {
        self.apart.kept()
    }

    fn made(&self) -> &Mutex<u64> {
        &self.apart.made
    }
}
