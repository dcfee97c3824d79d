//! Resealing: brings everything under the newest key and pepper of a key ring that was rotated.
//!
//! Each data key is wrapped anew, and each API key and webhook URL gets a fingerprint under the
//! newest pepper, by a commit each; a key that version 0.1.0 has made gets that of its hash. What is sealed under a data key stays as it is. Everything can
//! be read and found at any moment in between, so this can be stopped, and begun again, anywhere;
//! what is done already is passed over. Portal tokens and kept answers have no text to begin with:
//! they end by themselves within [`LONGEST`].

mod fingerprinted;
mod usage;

use std::{sync::Arc, time::Duration};

use domain::{account::Account, key::ApiKey, webhook::Webhook};
use ports::{
    Commit, Store,
    store::{CommitError, Order, Partition, Query, Range},
    vault::{FingerprintOf, SealScope},
};

use self::fingerprinted::Fingerprinted;
pub use self::usage::{Tally, Usage, usage};
use crate::{
    App, Backend,
    documents::{StoredState, state},
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Halt, Reply, Work, no_refusal},
};

/// Longest time for which a portal session, or an answer for a repeat, is under a pepper that is
/// not used any more.
pub const LONGEST: Duration = Duration::from_hours(24);
/// Rows read at a time.
const CHUNK: usize = 250;

/// Outcome of going through everything once.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Resealed {
    /// Number of data keys that were wrapped anew.
    pub data_keys: u64,
    /// Number of API keys and webhooks that got a new fingerprint.
    pub fingerprints: u64,
    /// Number of things that are as they were, because they kept changing, or because their text is
    /// not in the vault.
    pub left: u64,
}

impl App {
    /// Goes through everything once, with a `pause` after each commit, which leaves room for
    /// others.
    ///
    /// # Errors
    /// When the backend is unavailable. What was done until then is done.
    pub async fn reseal(&self, pause: Duration) -> Result<Resealed, Problem> {
        let mut pass = Pass { backend: &self.backend, pause, done: Resealed::default() };
        pass.data_key(SealScope::Installation).await?;
        let mut from = None;
        while let Some(accounts) =
            page::<Account>(&*self.backend.store, collections::accounts(), &mut from).await?
        {
            for account in accounts.iter().filter(|account| !account.state.is_closed()) {
                pass.account(&account.state).await?;
            }
        }
        Ok(pass.done)
    }
}

/// One pass through everything.
struct Pass<'a> {
    backend: &'a Arc<Backend>,
    pause: Duration,
    done: Resealed,
}

impl Pass<'_> {
    async fn account(&mut self, account: &Account) -> Result<(), Problem> {
        self.data_key(SealScope::Account(account.id)).await?;
        for environment in domain::Environment::ALL {
            let keys = collections::api_keys(account.id, *environment);
            self.fingerprints::<ApiKey>(keys, FingerprintOf::ApiKeyHash).await?;
            let webhooks = collections::webhooks(account.id, *environment);
            self.fingerprints::<Webhook>(webhooks, FingerprintOf::WebhookUrl).await?;
        }
        Ok(())
    }

    async fn data_key(&mut self, scope: SealScope) -> Result<(), Problem> {
        let writes = self.backend.vault.rewrap(scope).await?;
        if writes.is_empty() {
            return Ok(());
        }
        match self.backend.store.commit(Commit { writes, ..Commit::default() }).await {
            Ok(()) => self.done.data_keys += 1,
            Err(CommitError::Unavailable(why)) => return Err(why.into()),
            Err(CommitError::Corrupt(why)) => return Err(why.into()),
            // Its account was closed meanwhile, most likely.
            Err(_) => self.done.left += 1,
        }
        self.backend.clock.sleep(self.pause).await;
        Ok(())
    }

    async fn fingerprints<S: Fingerprinted>(
        &mut self,
        partition: Partition,
        of: FingerprintOf,
    ) -> Result<(), Problem> {
        let mut from = None;
        while let Some(states) =
            page::<S>(&*self.backend.store, partition.clone(), &mut from).await?
        {
            let newest = self.backend.vault.fingerprints(of, b"").await?.in_use;
            let older = |state: &&Versioned<S>| !newest.is_like(state.state.fingerprint());
            for state in states.iter().filter(older) {
                match renew(self.backend, &state.state).await {
                    Ok(true) => self.done.fingerprints += 1,
                    Ok(false) => self.done.left += 1,
                    Err(problem) if problem.code == Code::Conflict => self.done.left += 1,
                    Err(problem) => return Err(problem),
                }
                self.backend.clock.sleep(self.pause).await;
            }
        }
        Ok(())
    }
}

/// Gives `known` a fingerprint under the newest pepper; returns false if its text is not known.
async fn renew<S: Fingerprinted>(backend: &Arc<Backend>, known: &S) -> Result<bool, Problem> {
    let work = Work::of_the_system(Arc::clone(backend));
    let place = &known.key();
    work.run(|work| async move {
        // Read anew after each lost race, in which it can have changed, or been deleted.
        let Some(before) = work.find::<S>(std::slice::from_ref(place)).await? else {
            return Ok::<_, Halt>(true);
        };
        let fingerprints = before.state.fingerprints(backend).await?;
        // A text that is not that of the stored fingerprint would make something else findable.
        let fingerprints = fingerprints.filter(|found| found.contain(before.state.fingerprint()));
        let Some(fingerprints) = fingerprints else { return Ok(false) };
        let command = S::renewal(fingerprints.in_use.to_string());
        let events = S::decide(Some(&before.state), command, work.now);
        let events = events.map_err(|_| Problem::from(Code::NotFound))?;
        let mut commit = Commit::default();
        if work.record(&mut commit, Some(&before), events).is_some() {
            work.commit(commit, &Reply::ok(&()), no_refusal).await?;
        }
        Ok(true)
    })
    .await
}

/// Returns the next states of `partition`, from `from` on, which is moved behind them; `None` if
/// there are no more.
pub(crate) async fn page<S: StoredState>(
    store: &dyn Store,
    partition: Partition,
    from: &mut Option<String>,
) -> Result<Option<Vec<Versioned<S>>>, Problem> {
    let range = Range { from: from.clone(), to: None };
    let query = Query { partition, index: false, range, order: Order::Ascending, limit: CHUNK };
    let rows = store.query(&query).await?;
    let Some(last) = rows.last() else { return Ok(None) };
    *from = Some(format!("{}\0", last.sort));
    let mut states = Vec::with_capacity(rows.len());
    for row in &rows {
        states.extend(state(store, &row.document).await?);
    }
    Ok(Some(states))
}
