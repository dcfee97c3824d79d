//! Key ring of the stack, kept in Secrets Manager and read when it is first needed: a function is
//! ready before that, and one that never needs it never asks.

use std::sync::Arc;

use async_trait::async_trait;
use aws::SecretsManager;
use domain::Secret;
use ports::{Corrupt, Ids, ReadError, Unavailable};
use sealed::{KeyRing, RingSource};

use crate::Settings;

/// Key ring in Secrets Manager.
pub(super) struct StoredRing {
    client: SecretsManager,
    ids: Arc<dyn Ids>,
    name: String,
    kms_key: Option<String>,
}

impl StoredRing {
    pub(super) fn new(client: SecretsManager, ids: Arc<dyn Ids>, settings: &Settings) -> Self {
        let name = format!("{}/key-ring", settings.stack);
        Self { client, ids, name, kms_key: settings.kms_key.clone() }
    }

    /// Reads the ring; stores the result of `make` if there is none.
    pub(super) async fn read_or(
        &self,
        make: impl FnOnce() -> Secret,
    ) -> Result<KeyRing, ReadError> {
        let text =
            aws::ring_secret(&self.client, &self.name, self.kms_key.as_deref(), make).await?;
        Ok(KeyRing::parse(text.expose())
            .map_err(|why| Corrupt::new("reading the key ring", why))?)
    }

    /// Replaces the ring by `ring`.
    pub(super) async fn replace(&self, ring: &KeyRing) -> Result<(), Unavailable> {
        aws::replace_ring(&self.client, &self.name, &ring.text()).await
    }

    /// Puts `ring` in the place of an older one, by a change that is made once.
    pub(super) async fn change(&self, ring: &KeyRing, change: &str) -> Result<(), Unavailable> {
        aws::change_ring(&self.client, &self.name, &ring.text(), change).await
    }
}

#[async_trait]
impl RingSource for StoredRing {
    /// Returns the ring, created by the first function that needs one.
    async fn ring(&self) -> Result<KeyRing, ReadError> {
        self.read_or(|| KeyRing::generate(self.ids.as_ref()).text()).await
    }
}
