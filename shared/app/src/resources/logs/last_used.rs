//! Times at which API keys were last used.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Timestamp,
    id::{AccountId, KeyId},
    key::ApiKey,
};
use ports::store::{Condition, Key, Write};

use crate::{
    Backend,
    documents::{Usage, read},
    problem::Problem,
    views::{collections, to_body},
};

/// Precision of a key's last use.
const USE_IS_KNOWN_TO: Duration = Duration::from_mins(1);
/// Maximum number of keys whose last use is remembered.
const MOST_REMEMBERED: usize = 65_536;

/// Times at which keys were last known to be used, so that this process reads a key's last use only
/// once a minute.
#[derive(Default)]
pub struct LastUsed(Mutex<HashMap<KeyId, Timestamp>>);

impl LastUsed {
    /// Returns whether a use at `now` has to be recorded.
    pub(super) fn is_due(&self, key: KeyId, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&key).is_some_and(|at| now.since(*at) < USE_IS_KNOWN_TO) {
            return false;
        }
        if known.len() >= MOST_REMEMBERED {
            known.retain(|_, at| now.since(*at) < USE_IS_KNOWN_TO);
        }
        known.insert(key, now);
        true
    }
}

/// Returns the time of the last use of each of `keys`, to the minute.
///
/// # Errors
/// When the backend is unavailable.
pub async fn last_used(
    backend: &Backend,
    keys: &[ApiKey],
) -> Result<Vec<Option<Timestamp>>, Problem> {
    let places = keys.iter().map(|key| collections::api_key_usage(key.account, key.id));
    let mut used = Vec::with_capacity(keys.len());
    for found in backend.store.get(&places.collect::<Vec<_>>()).await? {
        let usage: Option<Usage> = found.map(|document| read(&document.body)).transpose()?;
        used.push(usage.map(|usage| usage.last_used_at));
    }
    Ok(used)
}

/// Returns the writes that record that keys of `account` were used, each at its time, as far as that is
/// due.
pub(super) async fn writes_of_uses(
    backend: &Backend,
    account: AccountId,
    uses: &[(KeyId, Timestamp)],
) -> Result<Vec<Write>, Problem> {
    let keys: Vec<Key> =
        uses.iter().map(|(key, _)| collections::api_key_usage(account, *key)).collect();
    let known = backend.store.get(&keys).await?;
    let mut writes = Vec::new();
    for ((place, known), (_, at)) in keys.into_iter().zip(known).zip(uses) {
        let known: Option<Usage> = known.map(|known| read(&known.body)).transpose()?;
        if known.is_none_or(|known| at.since(known.last_used_at) >= USE_IS_KNOWN_TO) {
            writes.push(put(place, *at, Condition::None));
        }
    }
    Ok(writes)
}

fn put(place: Key, at: Timestamp, condition: Condition) -> Write {
    let body = to_body(&Usage::at(at));
    Write::Put { key: place, body, expires_at: None, index: vec![], condition }
}

/// Returns the write that records that `key` was used at `now`, on condition that nobody else does
/// meanwhile; none if a use within the minute is recorded already.
pub(super) async fn write_of_use(
    backend: &Backend,
    account: AccountId,
    key: KeyId,
    now: Timestamp,
) -> Result<Option<Write>, Problem> {
    let place = collections::api_key_usage(account, key);
    let known = backend.store.get(std::slice::from_ref(&place)).await?.into_iter().flatten().next();
    if let Some(known) = &known {
        let known: Usage = read(&known.body)?;
        if now.since(known.last_used_at) < USE_IS_KNOWN_TO {
            return Ok(None);
        }
    }
    let condition = known.map_or(Condition::Absent, |known| Condition::Revision(known.revision));
    Ok(Some(put(place, now, condition)))
}
