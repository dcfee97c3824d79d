//! Finding an API key by the key itself.

use std::sync::Arc;

use domain::{
    account::Account,
    id::AccountId,
    key::{ApiKey, token},
};
use ports::vault::FingerprintOf;

use super::find_account;
use crate::{
    App,
    kept::Kept,
    problem::Problem,
    views::{Versioned, collections},
};

/// The most keys whose owner is remembered; about a megabyte.
const MOST_REMEMBERED: usize = 16_384;

/// Whose a key is, by its fingerprint. That never changes, so it is remembered: a key and its
/// account are then read in one call to the backend. What the key is good for is always read.
pub(crate) struct Owners(Kept<[u8; 32], (), AccountId>);

impl Default for Owners {
    fn default() -> Self {
        Self(Kept::of_entries(MOST_REMEMBERED))
    }
}

impl App {
    /// An API key and its account by the key itself. A key that was mistyped or cut short is
    /// refused by its checksum, without a look-up.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn find_key(
        &self,
        text: &str,
    ) -> Result<Option<(Arc<ApiKey>, Arc<Versioned<Account>>)>, Problem> {
        if token::parse(text).is_err() {
            return Ok(None);
        }
        let fingerprint =
            self.backend.vault.fingerprint(FingerprintOf::ApiKey, text.as_bytes()).await?;
        let lookup = collections::api_key_lookup(&hex::encode(fingerprint));
        let Some(owner) = self.owners.0.get(&fingerprint, &()) else {
            let found = self.backend.store.get(&[lookup]).await?;
            let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
            let key = self.readings.key(fingerprint, &document)?;
            self.owners.0.put(fingerprint, (), key.account);
            let account = find_account(&self.backend, key.account).await?;
            return Ok(account.map(|account| (key, Arc::new(account))));
        };
        let found = self.backend.store.get(&[lookup, collections::accounts().key(owner)]).await?;
        let [Some(key), Some(account)] = &found[..] else { return Ok(None) };
        let key = self.readings.key(fingerprint, key)?;
        Ok(Some((key, self.readings.account(owner, account)?)))
    }
}
