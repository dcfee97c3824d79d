//! Sweep of secrets that no document names.

use std::{collections::BTreeMap, time::Duration};

use domain::{Environment, KeyType, Timestamp, id::AccountId, key::ApiKey, webhook::Webhook};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ports::{
    store::{Order, Query, Range, Row},
    vault::{SecretName, SecretPurpose},
};

use super::loose::{
    Loose, Which, Why, claim_and_destroy, close_on, commit, destroy, read_row, settle,
};
use crate::{
    App, Backend,
    documents::StoredState,
    problem::Problem,
    resealing::page,
    views::{View, collections},
};

/// Rows read at a time.
const CHUNK: usize = 100;
/// Number of secrets destroyed at once: a secrets manager takes about 50 such calls a second.
const AT_ONCE: usize = 8;

/// Outcome of a sweep.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Number of documents whose secrets are destroyed, or turned out to be named.
    pub done: u64,
    /// Number of documents that are left, because the backend was unavailable.
    pub left: u64,
    /// Time by which the oldest of what was due was late.
    pub latest: Duration,
}

impl App {
    /// Destroys what no document names and nobody is about to name, and first of all undoes imports
    /// whose process died over them. Can be repeated, and run by several at once.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub async fn sweep_secrets(&self) -> Result<Swept, Problem> {
        self.undo_abandoned_imports().await?;
        let backend = &*self.backend;
        let now = backend.now();
        let mut query = Query {
            partition: collections::loose_secrets_by_due(),
            index: true,
            range: Range { from: None, to: Some(now.to_string()) },
            order: Order::Ascending,
            limit: CHUNK,
        };
        let mut swept = Swept::default();
        loop {
            let rows = backend.store.query(&query).await?;
            let Some(last) = rows.last() else { return Ok(swept) };
            query.range.from = Some(format!("{}\0", last.sort));
            for row in &rows {
                let loose: Loose = crate::documents::read(&row.document.body)?;
                swept.latest = swept.latest.max(now.since(loose.due));
            }
            let done = stream::iter(rows).map(|row| swept_row(backend, row));
            for done in done.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
                match done {
                    Ok(()) => swept.done += 1,
                    Err(why) => {
                        tracing::warn!(why = %why.message, "a secret could not be destroyed");
                        swept.left += 1;
                    }
                }
            }
        }
    }
}

async fn swept_row(backend: &Backend, row: Row) -> Result<(), Problem> {
    match read_row(&row)? {
        (Why::Made, Which::One(name)) => settle(backend, name).await,
        (_, Which::AllOf(account)) => {
            let loose: Loose = crate::documents::read(&row.document.body)?;
            destroy_all_of(backend, account, loose).await
        }
        (Why::LetGo, Which::One(name)) => {
            claim_and_destroy(backend, name, row.document.revision).await
        }
    }
}

/// Destroys the secrets of a closed account, and notes how far it came, so that the next sweep goes on
/// there.
async fn destroy_all_of(
    backend: &Backend,
    account: AccountId,
    Loose { due, past, .. }: Loose,
) -> Result<(), Problem> {
    let names = names_of(backend, account).await?;
    let mut left: BTreeMap<String, SecretName> =
        names.into_iter().map(|name| (name.purpose.to_string(), name)).collect();
    if let Some(past) = past {
        left = left.split_off(&format!("{past}\0"));
    }
    while let Some(last) = left.keys().take(CHUNK).next_back().cloned() {
        let rest = left.split_off(&format!("{last}\0"));
        let some = stream::iter(left.into_values().collect::<Vec<_>>());
        let destroyed = some.map(|name| backend.vault.destroy(name)).buffer_unordered(AT_ONCE);
        destroyed.try_collect::<()>().await?;
        left = rest;
        if !left.is_empty() {
            commit(backend, vec![close_on(account, due, last)]).await?;
        }
    }
    destroy(backend, Which::AllOf(account)).await
}

/// Returns the names of all secrets that an account's documents name, ended ones included.
async fn names_of(backend: &Backend, account: AccountId) -> Result<Vec<SecretName>, Problem> {
    each_of(backend, account, View::secrets, View::secrets).await
}

/// Returns the names of the secrets that `account` needs at `now`: ended ones may be destroyed.
pub(super) async fn needed_by(
    backend: &Backend,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<SecretName>, Problem> {
    each_of(backend, account, |key| key.needed(now), |webhook| webhook.needed(now)).await
}

/// Thing whose state names secrets.
pub(super) trait Owner: View + StoredState + Sync {
    /// Returns the names of the secrets that it needs at `now`: those that have ended may be destroyed.
    fn needed(&self, now: Timestamp) -> Vec<SecretName>;
}

impl Owner for ApiKey {
    fn needed(&self, now: Timestamp) -> Vec<SecretName> {
        let is_needed = self.key_type == KeyType::Publishable || !self.is_expired(now);
        if is_needed { self.secrets() } else { Vec::new() }
    }
}

impl Owner for Webhook {
    fn needed(&self, now: Timestamp) -> Vec<SecretName> {
        let ended = self.previous_secrets.iter().filter(|previous| previous.expires_at <= now);
        let ended: Vec<_> =
            ended.map(|one| SecretPurpose::SigningSecret(self.id, one.number)).collect();
        let mut secrets = self.secrets();
        secrets.retain(|name| !ended.contains(&name.purpose));
        secrets
    }
}

async fn each_of(
    backend: &Backend,
    account: AccountId,
    of_key: impl Fn(&ApiKey) -> Vec<SecretName>,
    of_webhook: impl Fn(&Webhook) -> Vec<SecretName>,
) -> Result<Vec<SecretName>, Problem> {
    let store = &*backend.store;
    let mut names = Vec::new();
    for environment in Environment::ALL {
        let (keys, mut from) = (collections::api_keys(account, *environment), None);
        while let Some(keys) = page::<ApiKey>(store, keys.clone(), &mut from).await? {
            names.extend(keys.iter().flat_map(|key| of_key(&key.state)));
        }
        let (webhooks, mut from) = (collections::webhooks(account, *environment), None);
        while let Some(webhooks) = page::<Webhook>(store, webhooks.clone(), &mut from).await? {
            names.extend(webhooks.iter().flat_map(|webhook| of_webhook(&webhook.state)));
        }
    }
    Ok(names)
}
