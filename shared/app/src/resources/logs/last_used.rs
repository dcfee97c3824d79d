//! Times at which API keys and operator tokens were last used.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Timestamp,
    id::{AccountId, KeyId},
};
use ports::store::{Condition, Key, Write};

use crate::{
    Backend,
    documents::{Usage, read},
    problem::Problem,
    views::{collections, to_body},
};

/// Precision of a last use.
const USE_IS_KNOWN_TO: Duration = Duration::from_mins(1);
/// Maximum number of things whose last use is remembered.
const MOST_REMEMBERED: usize = 65_536;

/// Times at which things were last known to be used, so that this process reads a last use only once a
/// minute.
pub struct LastUsed<Id>(Mutex<HashMap<Id, Timestamp>>);

impl<Id> Default for LastUsed<Id> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Id: Eq + Hash> LastUsed<Id> {
    /// Returns whether a use of `id` at `now` has to be recorded.
    pub(crate) fn is_due(&self, id: Id, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&id).is_some_and(|at| now.since(*at) < USE_IS_KNOWN_TO) {
            return false;
        }
        if known.len() >= MOST_REMEMBERED {
            known.retain(|_, at| now.since(*at) < USE_IS_KNOWN_TO);
        }
        known.insert(id, now);
        true
    }
}

/// Returns the time of the last use that is recorded at each of `places`, to the minute.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn last_used(
    backend: &Backend,
    places: &[Key],
) -> Result<Vec<Option<Timestamp>>, Problem> {
    let mut used = Vec::with_capacity(places.len());
    for found in backend.store.get(places).await? {
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

/// Returns the write that records a use at `now` at `place`, on condition that nobody else does
/// meanwhile; none if a use within the minute is recorded already.
pub(crate) async fn write_of_use(
    backend: &Backend,
    place: Key,
    now: Timestamp,
) -> Result<Option<Write>, Problem> {
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
