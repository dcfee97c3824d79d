//! Look-up of an API key by the key itself.
//!
//! A key is found by the fingerprint of its hash, so that one of which only the hash is known is found
//! as any other. Those that version 0.1.0 has made are found by the fingerprint of the key itself until
//! they are renewed ([`resealing`](crate::resealing)); those whose text was destroyed before stay so.

use std::sync::Arc;

use domain::{
    account::Account,
    key::{ApiKey, foreign, token},
};
use ports::{
    ReadError,
    store::{Document, Key},
    vault::{FingerprintOf, Fingerprints},
};

use super::{Ground, owners::Owner};
use crate::{
    App, Backend,
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
    /// Finds an API key and its account by the key itself. What can't be a key, or is one of this
    /// installation's form that is mistyped, is refused without a look-up.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn find_key(&self, text: &str) -> Result<Option<FoundKey>, Problem> {
        if foreign::check(text).is_err()
            || token::is_mistyped(text, &self.backend.settings.key_prefix)
        {
            return Ok(None);
        }
        let fingerprints = of_key(&self.backend, text).await?;
        let fingerprint = fingerprints.in_use.mac;
        let lookups = lookups(&fingerprints);
        let store = &*self.backend.store;
        let Some(Owner { account: owner, is_first }) = self.owners.0.get(&fingerprint, &()) else {
            let found = store.get(&lookups).await?;
            let Some((at, document)) = first(found) else { return Ok(None) };
            let key = self.readings.key(store, fingerprint, &document).await?;
            let Some(key) = key else { return Ok(None) };
            self.owners.0.put(fingerprint, (), Owner { account: key.account, is_first: at == 0 });
            let account = self.account(key.account).await?;
            let ground = Ground { key: document.key, revision: document.revision };
            return Ok(account.map(|account| FoundKey { key, account, ground }));
        };
        // The others are for a key that has got another fingerprint since.
        let some = if is_first { &lookups[..1] } else { &lookups[..] };
        let mut places = vec![collections::accounts().key(owner)];
        places.extend_from_slice(some);
        let mut found = store.get(&places).await?;
        let keys = found.split_off(1.min(found.len()));
        let Some(account) = found.pop().flatten() else { return Ok(None) };
        let document = match first(keys) {
            None if is_first && lookups.len() > 1 => first(store.get(&lookups[1..]).await?),
            found => found,
        };
        let Some((_, document)) = document else { return Ok(None) };
        let key = self.readings.key(store, fingerprint, &document).await?;
        let account = self.readings.account(store, owner, &account).await?;
        let ground = Ground { key: document.key, revision: document.revision };
        Ok(key.zip(account).map(|(key, account)| FoundKey { key, account, ground }))
    }
}

/// Returns the fingerprints by which the key `text` can be found: that of its hash first.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn of_key(backend: &Backend, text: &str) -> Result<Fingerprints, ReadError> {
    let mut all = of_hash(backend, &foreign::hash(text)).await?;
    // Keys of every other form have never had another.
    if token::parse(text).is_ok() {
        let old = backend.vault.fingerprints(FingerprintOf::ApiKey, text.as_bytes()).await?;
        all.others.extend(old.iter().cloned());
    }
    Ok(all)
}

/// Returns the fingerprints by which the key with that hash can be found.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn of_hash(
    backend: &Backend,
    hash: &foreign::Hash,
) -> Result<Fingerprints, ReadError> {
    backend.vault.fingerprints(FingerprintOf::ApiKeyHash, hash).await
}

/// Returns the keys of the documents under `fingerprints`.
pub(crate) fn lookups(fingerprints: &Fingerprints) -> Vec<Key> {
    fingerprints.iter().map(|one| collections::api_key_lookup(&one.to_string())).collect()
}

/// Returns the first of the documents that is there, and its place.
fn first(found: Vec<Option<Document>>) -> Option<(usize, Document)> {
    found.into_iter().enumerate().find_map(|(at, document)| Some((at, document?)))
}
