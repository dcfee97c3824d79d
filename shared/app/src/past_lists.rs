//! Lists that an earlier version did not keep: of API keys by their expiry, and of webhooks that are sent
//! statements. What it stored is added to them when a newer version starts.
//!
//! Such a key or webhook is stored anew, with all entries that it has now. This can be stopped, and begun
//! again, anywhere; once everything was gone through it is not begun again.

use domain::{Environment, account::Account, key::ApiKey, webhook::Webhook};
use ports::{
    Commit, Store, Unavailable,
    store::{Condition, Partition, Write},
};

use crate::{
    documents::StoredState,
    problem::Problem,
    resealing::page,
    views::{Versioned, collections},
};

/// Documents stored anew in one commit.
const AT_ONCE: usize = 40;

/// Adds what an earlier version stored to the lists that it did not keep; returns the number of keys and
/// webhooks. To be called while nothing else writes.
///
/// # Errors
/// When the backend is unavailable, or a key or webhook is damaged. What was added until then stays.
pub async fn list_past(store: &dyn Store) -> Result<u64, Problem> {
    let done = collections::past_listed();
    if store.counter(&done).await? > 0 {
        return Ok(0);
    }
    let (mut listed, mut from) = (0, None);
    while let Some(accounts) = page::<Account>(store, collections::accounts(), &mut from).await? {
        for account in accounts.iter().map(|account| account.state.id) {
            for environment in Environment::ALL {
                let keys = collections::api_keys(account, *environment);
                listed += list(store, keys, |key: &ApiKey| key.expires_at.is_some()).await?;
                let webhooks = collections::webhooks(account, *environment);
                listed += list(store, webhooks, Webhook::hears_statements).await?;
            }
        }
    }
    commit(store, vec![Write::Count { key: done, by: 1, at_most: None }]).await?;
    Ok(listed)
}

/// Adds those of `partition` that an earlier version stored and that `belongs` in a list; returns their
/// number.
async fn list<S: StoredState>(
    store: &dyn Store,
    partition: Partition,
    belongs: impl Fn(&S) -> bool,
) -> Result<u64, Problem> {
    let (mut listed, mut from) = (0, None);
    while let Some(states) = page::<S>(store, partition.clone(), &mut from).await? {
        let unlisted = states.iter().filter(|one| one.outdated && belongs(&one.state));
        let writes: Vec<Write> = unlisted.filter_map(renewed).collect();
        listed += writes.len() as u64;
        for writes in writes.chunks(AT_ONCE) {
            commit(store, writes.to_vec()).await?;
        }
    }
    Ok(listed)
}

/// Returns the write that stores a state's own document in the present form.
fn renewed<S: StoredState>(one: &Versioned<S>) -> Option<Write> {
    let key = one.state.key();
    let derived = one.state.derive(one.version).documents.remove(&key)?;
    let (body, index) = (derived.body, derived.index);
    Some(Write::Put { key, body, expires_at: None, index, condition: Condition::None })
}

async fn commit(store: &dyn Store, writes: Vec<Write>) -> Result<(), Problem> {
    let failed = |why| Unavailable::new("adding to lists what an earlier version stored", why);
    store.commit(Commit { writes, ..Commit::default() }).await.map_err(failed)?;
    Ok(())
}
