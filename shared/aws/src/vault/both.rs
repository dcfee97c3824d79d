//! Both vaults at once, for as long as secrets are moved from one to the other.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Secret, id::AccountId};
use ports::{
    ReadError, Store, Unavailable, Vault,
    store::Write,
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};

use super::kept_in::KeptIn;

/// Vault that reads from two, and keeps new secrets where the data say: [`KeptIn`].
///
/// A commit that brings a secret along fails if that has changed since, and is made again. So once the data
/// name a place, every secret that is named later is in it, and what is left to move is what was there
/// before.
pub struct BothVaults {
    store: Arc<dyn Store>,
    apart: Arc<dyn Vault>,
    sealed: Arc<dyn Vault>,
}

impl BothVaults {
    /// Creates the vault of `apart`, which keeps secrets apart from `store`, and of `sealed`, which seals them
    /// into it.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, apart: Arc<dyn Vault>, sealed: Arc<dyn Vault>) -> Self {
        Self { store, apart, sealed }
    }

    /// Returns whether new secrets are sealed, and the condition that this has not changed.
    async fn is_sealed(&self) -> Result<(bool, Write), ReadError> {
        let remembered = KeptIn::remembered(&*self.store).await?;
        let unknown = || Unavailable::new("keeping a secret", "the data do not say in which vault");
        let (place, revision) = remembered.ok_or_else(unknown)?;
        Ok((place.is_sealed(), KeptIn::unchanged(revision)))
    }
}

#[async_trait]
impl Vault for BothVaults {
    /// Returns true: one of the two does, so a name is used by one command at a time.
    fn keeps_apart(&self) -> bool {
        true
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
        if !name.purpose.is_secret() {
            return self.sealed.keep(name, secret).await;
        }
        let (is_sealed, unchanged) = self.is_sealed().await?;
        let vault = if is_sealed { &self.sealed } else { &self.apart };
        let mut writes = vault.keep(name, secret).await?;
        writes.push(unchanged);
        Ok(writes)
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        let (is_sealed, _) = self.is_sealed().await?;
        let (new, old) =
            if is_sealed { (&self.sealed, &self.apart) } else { (&self.apart, &self.sealed) };
        match new.reveal(name).await {
            Err(VaultError::Gone) => old.reveal(name).await,
            revealed => revealed,
        }
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        self.sealed.forget(name).await
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.apart.destroy(name).await
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
