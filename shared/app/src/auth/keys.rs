//! Look-up of an API key by the key itself.

use std::sync::Arc;

use domain::{
    account::Account,
    key::{ApiKey, token},
};
use ports::vault::{Fingerprint, FingerprintOf};

use super::{Ground, find_account};
use crate::{
    App,
    problem::Problem,
    views::{Versioned, collections},
};

/// API key that was found by its text.
pub(crate) struct FoundKey {
    pub(crate) key: Arc<ApiKey>,
    /// Account that owns the key.
    pub(crate) account: Arc<Versioned<Account>>,
    /// Document that it was found by, which has its whole state.
    pub(crate) ground: Ground,
}

impl App {
    /// Finds an API key and its account by the key itself. A mistyped or truncated key is refused
    /// by its checksum, without a look-up.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn find_key(&self, text: &str) -> Result<Option<FoundKey>, Problem> {
        if token::parse(text).is_err() {
            return Ok(None);
        }
        let fingerprints =
            self.backend.vault.fingerprints(FingerprintOf::ApiKey, text.as_bytes()).await?;
        let lookup = |one: &Fingerprint| collections::api_key_lookup(&one.to_string());
        // One, or one more while a pepper takes the place of another.
        let mut lookups: Vec<_> = fingerprints.iter().map(lookup).collect();
        let fingerprint = fingerprints.in_use.mac;
        let Some(owner) = self.owners.0.get(&fingerprint, &()) else {
            let found = self.backend.store.get(&lookups).await?;
            let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
            let store = &*self.backend.store;
            let key = self.readings.key(store, fingerprint, &document).await?;
            let Some(key) = key else { return Ok(None) };
            self.owners.0.put(fingerprint, (), key.account);
            let account = find_account(&self.backend, key.account).await?;
            let ground = Ground { key: document.key, revision: document.revision };
            return Ok(account.map(|account| FoundKey { key, account: Arc::new(account), ground }));
        };
        lookups.push(collections::accounts().key(owner));
        let mut found = self.backend.store.get(&lookups).await?;
        let account = found.pop().flatten();
        let document = found.into_iter().flatten().next();
        let (Some(document), Some(account)) = (document, account) else { return Ok(None) };
        let store = &*self.backend.store;
        let key = self.readings.key(store, fingerprint, &document).await?;
        let account = self.readings.account(store, owner, &account).await?;
        let ground = Ground { key: document.key, revision: document.revision };
        Ok(key.zip(account).map(|(key, account)| FoundKey { key, account, ground }))
    }
}
