//! Search over all accounts for whatever support is given: an identifier of any kind.
//!
//! Nothing is stored for it, because that would make every request and delivery dearer: account by
//! account it is looked where the thing would be.

use domain::{
    Environment, Redacted,
    account::Account,
    id::{AccountId, EventId, KeyId, LogId, PortalSessionId, RequestId, WebhookId},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ports::store::{Key, Order, Partition, Range};
use serde::Serialize;

use super::overview::AT_ONCE;
use crate::{
    Backend,
    documents::{WrittenRow, read},
    paging::{Page, Source},
    problem::Problem,
    resources::logs::near_request,
    views::{Spread, collections},
};

/// Maximum number of accounts that one search looks at, newest first.
const MOST_ACCOUNTS: usize = 2_000;
/// Maximum number of rows among which a request of ours is looked for: those of its second.
const MOST_ROWS: usize = 100;

/// Kind of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    ApiKey,
    Webhook,
    Event,
    Log,
    PortalSession,
    Request,
    Object,
}

/// Account that has what was searched.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    account_id: AccountId,
    account_name: String,
    kind: Kind,
    /// Identifier by which it is found in the account.
    id: String,
}

/// Result of a search.
#[derive(Debug, Serialize)]
pub(super) struct Searched {
    found: Vec<Found>,
    /// True if there are accounts that were not looked at.
    more: bool,
}

/// Thing that is looked for.
enum Wanted<'a> {
    Key(KeyId),
    Webhook(WebhookId),
    Event(EventId),
    Log(LogId),
    Session(PortalSessionId),
    Named(&'a str),
}

impl<'a> Wanted<'a> {
    fn of(text: &'a str) -> Self {
        None.or_else(|| text.parse().ok().map(Self::Key))
            .or_else(|| text.parse().ok().map(Self::Webhook))
            .or_else(|| text.parse().ok().map(Self::Event))
            .or_else(|| text.parse().ok().map(Self::Log))
            .or_else(|| text.parse().ok().map(Self::Session))
            .unwrap_or(Self::Named(text))
    }
}

/// Looks for `text` in every account.
pub(super) async fn find(backend: &Backend, text: &str) -> Result<Searched, Problem> {
    let accounts = Source {
        partitions: vec![collections::accounts()],
        index: false,
        range: collections::customers(),
    };
    let page = Page { per_page: MOST_ACCOUNTS, past: None, skip: 0, order: Order::Descending };
    let accounts = accounts.page_of_states::<Account>(backend, &page, |_| true).await?;
    let more = accounts.next.is_some();
    let wanted = &Wanted::of(text);
    let looked = accounts.kept.into_iter().map(|account| async move {
        let kind = look(backend, account.id, wanted).await?;
        Ok::<_, Problem>(kind.map(|kind| Found {
            account_id: account.id,
            account_name: account.name,
            kind,
            id: text.to_owned(),
        }))
    });
    let found: Vec<Option<Found>> = stream::iter(looked).buffered(AT_ONCE).try_collect().await?;
    Ok(Searched { found: found.into_iter().flatten().collect(), more })
}

/// Returns the kind of what is wanted, if the account has it.
async fn look(
    backend: &Backend,
    account: AccountId,
    wanted: &Wanted<'_>,
) -> Result<Option<Kind>, Problem> {
    let spread = Spread::of(&*backend.store);
    let (kind, keys): (Kind, Vec<Key>) = match wanted {
        Wanted::Key(id) => {
            (Kind::ApiKey, in_each(|env| vec![collections::api_keys(account, env).key(id)]))
        }
        Wanted::Webhook(id) => {
            (Kind::Webhook, in_each(|env| vec![collections::webhooks(account, env).key(id)]))
        }
        Wanted::Event(id) => {
            (Kind::Event, in_each(|env| spread.keys(&collections::events(account, env), id)))
        }
        Wanted::Log(id) => {
            let of = |env| {
                let mut keys = collections::attempt_keys(spread, account, env, *id);
                keys.push(collections::request_logs(account, env).key(id));
                keys
            };
            (Kind::Log, in_each(of))
        }
        Wanted::Session(id) => {
            (Kind::PortalSession, vec![collections::portal_sessions(account).key(id)])
        }
        Wanted::Named(text) => return named(backend, account, text).await,
    };
    let there = backend.store.get(&keys).await?;
    Ok(there.iter().any(Option::is_some).then_some(kind))
}

/// Returns the keys under which something can be, in all environments.
fn in_each(keys: impl Fn(Environment) -> Vec<Key>) -> Vec<Key> {
    Environment::ALL.iter().flat_map(|environment| keys(*environment)).collect()
}

/// Looks for a request, or an object of an event.
async fn named(backend: &Backend, account: AccountId, text: &str) -> Result<Option<Kind>, Problem> {
    let name = Redacted::new(text);
    for environment in Environment::ALL {
        let objects = collections::events_by_object(account, *environment, &name);
        if is_listed(backend, objects).await? {
            return Ok(Some(Kind::Object));
        }
        let requests = collections::request_logs_by_id(account, *environment, &name);
        if is_listed(backend, requests).await? {
            return Ok(Some(Kind::Request));
        }
    }
    if text.parse::<RequestId>().is_ok() && is_of_ours(backend, account, &name).await? {
        return Ok(Some(Kind::Request));
    }
    Ok(None)
}

async fn is_listed(backend: &Backend, partition: Partition) -> Result<bool, Problem> {
    let source = Source { partitions: vec![partition], index: true, range: Range::default() };
    Ok(!source.newest(backend, None, 1).await?.is_empty())
}

/// Returns whether a request that got its identifier from us is in the account's log: its row is of
/// about that time, and has no entry of its own.
async fn is_of_ours(
    backend: &Backend,
    account: AccountId,
    request: &Redacted,
) -> Result<bool, Problem> {
    let Some(period) = near_request(request) else { return Ok(false) };
    let partitions = Environment::ALL.iter().map(|env| collections::request_logs(account, *env));
    let range = period.of_ids(LogId::PREFIX);
    let source = Source { partitions: partitions.collect(), index: false, range };
    for row in source.newest(backend, None, MOST_ROWS).await? {
        let WrittenRow { row, .. } = read(&row.document.body)?;
        if row.details.request_id.as_ref() == Some(request) {
            return Ok(true);
        }
    }
    Ok(false)
}
