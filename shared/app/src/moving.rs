//! Move of an installation to another backend: what is exported and imported.
//!
//! Events are the source of truth, so their streams are moved unchanged, with the secrets that the
//! vault holds for each, and views are derived from them again. Data without events moves as
//! documents: events that a webhook has yet to receive, with the states of their deliveries; since
//! when a webhook has failed; and when a key was last used. Logs, sessions and kept answers stay
//! behind.
//!
//! The file format is defined in `shared/moving`, not here.

mod undelivered;

use std::collections::BTreeSet;

use bytes::Bytes;
use domain::{
    Timestamp,
    account::Account,
    event_types::EventTypes,
    id::{AccountId, OperatorTokenId},
    key::ApiKey,
    key_scopes::KeyScopes,
    operator_token::OperatorToken,
    webhook::Webhook,
};
use ports::{
    Corrupt, Store,
    store::{
        Condition, Document, HistoryQuery, IndexEntry, Key, Order, Query, Range, RecordedEvent,
        StreamId, Write,
    },
    vault::SecretName,
};

pub use self::undelivered::{Undelivered, undelivered};
pub use crate::fold::whole_stream;
use crate::{
    documents::{Health, read, version_of},
    fold::fold,
    problem::Problem,
    views::{Versioned, View, changes, collections},
};

/// Rows read at a time.
const CHUNK: usize = 250;

/// Document that is moved unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Key of the document.
    pub key: Key,
    /// Body, as JSON.
    pub body: Bytes,
    /// Time of expiry.
    pub expires_at: Option<Timestamp>,
    /// Index entries of the document.
    pub index: Vec<IndexEntry>,
}

impl Kept {
    /// Keeps `document`, listed as `index` says, under the key that it has where lists are not spread:
    /// it is found there in every backend.
    fn of(document: Document, index: Vec<IndexEntry>) -> Self {
        let Document { key, body, expires_at, .. } = document;
        let key = Key { partition: key.partition.whole(), sort: key.sort };
        Self { key, body, expires_at, index }
    }

    /// Returns the write that stores the document.
    #[must_use]
    pub fn put(self, condition: Condition) -> Write {
        let Self { key, body, expires_at, index } = self;
        Write::Put { key, body, expires_at, index, condition }
    }
}

/// Result of a whole stream.
#[derive(Debug)]
pub struct Stands {
    /// Secrets that the vault holds for the stream.
    pub secrets: Vec<SecretName>,
    /// Account for which to open a vault: the stream's own account, unless it was closed.
    pub place: Option<AccountId>,
    /// Writes that bring the views in the destination up to date.
    pub writes: Vec<Write>,
}

/// Returns a page of all accounts after `after`, closed ones included.
///
/// # Errors
/// When the backend is unavailable.
pub async fn accounts(
    store: &dyn Store,
    after: Option<AccountId>,
) -> Result<Vec<AccountId>, Problem> {
    let from = after.map(|after| format!("{after}\0"));
    let rows = store.query(&page(collections::accounts(), from)).await?;
    let ids = rows.iter().map(|row| row.sort.parse());
    Ok(ids.collect::<Result<_, _>>().map_err(|why| Corrupt::new("listing accounts", why))?)
}

/// Returns a page of the installation's own streams of operator tokens, those of accesses included,
/// after the token `after`, with the last token of the page; none behind the last page.
///
/// # Errors
/// When the backend is unavailable.
pub async fn operator_tokens(
    store: &dyn Store,
    after: Option<OperatorTokenId>,
) -> Result<Option<(Vec<StreamId>, OperatorTokenId)>, Problem> {
    let from = after.map(|after| format!("{after}\0"));
    let rows = store.query(&page(collections::operator_tokens(), from)).await?;
    let ids = rows.iter().map(|row| row.sort.parse());
    let ids: Vec<OperatorTokenId> = ids
        .collect::<Result<_, _>>()
        .map_err(|why| Corrupt::new("listing operator tokens", why))?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    let streams = ids.into_iter().map(StreamId::OperatorToken);
    let streams = streams.flat_map(|own| [Some(own), own.accesses()]).flatten().collect();
    Ok(Some((streams, last)))
}

/// Returns the streams of `account`: its own first, then those of its keys and webhooks, deleted
/// ones included, then those of accesses.
///
/// # Errors
/// When the backend is unavailable.
pub async fn streams_of(store: &dyn Store, account: AccountId) -> Result<Vec<StreamId>, Problem> {
    let mut streams = BTreeSet::new();
    let (part, order) = (None, Order::Ascending);
    let mut query = HistoryQuery { account, part, order, past: None, limit: CHUNK };
    loop {
        let events = store.history(&query).await?;
        let Some(last) = events.last() else { return Ok(streams.into_iter().collect()) };
        query.past = Some(last.event.id);
        streams.extend(events.iter().map(|recorded| recorded.stream));
    }
}

/// Folds the whole stream `events`, and finds what its views in `store` lack: they may have been
/// derived from its first events only, or not at all.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub async fn stands(
    store: &dyn Store,
    stream: StreamId,
    events: &[RecordedEvent],
) -> Result<Stands, Problem> {
    match stream {
        StreamId::KeyScopes => stands_of::<KeyScopes>(store, events).await,
        StreamId::OperatorToken(_) => stands_of::<OperatorToken>(store, events).await,
        StreamId::EventTypes => stands_of::<EventTypes>(store, events).await,
        StreamId::Key(..) => stands_of::<ApiKey>(store, events).await,
        StreamId::Webhook(..) => stands_of::<Webhook>(store, events).await,
        StreamId::Account(account) => {
            let open = fold::<Account>(events)?.is_some_and(|open| !open.state.is_closed());
            let place = open.then_some(account);
            Ok(Stands { place, ..stands_of::<Account>(store, events).await? })
        }
        StreamId::Access(_) => Ok(Stands { secrets: vec![], place: None, writes: vec![] }),
    }
}

async fn stands_of<S: View>(
    store: &dyn Store,
    events: &[RecordedEvent],
) -> Result<Stands, Problem> {
    let Some(after) = fold::<S>(events)? else {
        return Err(Corrupt::new("folding a stream", "it has no beginning").into());
    };
    let there = store.get(&[after.state.key()]).await?.into_iter().flatten().next();
    let there = there.map(|document| version_of::<S>(&document.body)).transpose()?;
    let (known, outdated) = there.map_or((0, false), |there| (there.version, there.outdated));
    let known = usize::try_from(known).unwrap_or(usize::MAX).min(events.len());
    let before = fold::<S>(&events[..known])?.map(|before| Versioned { outdated, ..before });
    let (secrets, writes) = (after.state.secrets(), changes(before.as_ref(), &after));
    Ok(Stands { secrets, place: None, writes })
}

/// Returns the documents beside a stream that are not derived from events.
///
/// # Errors
/// When the backend is unavailable.
pub async fn beside(store: &dyn Store, stream: StreamId) -> Result<Vec<Kept>, Problem> {
    let key = match stream {
        StreamId::EventTypes | StreamId::KeyScopes | StreamId::Account(_) | StreamId::Access(_) => {
            return Ok(vec![]);
        }
        StreamId::OperatorToken(token) => collections::operator_token_usage(token),
        StreamId::Key(account, key) => collections::api_key_usage(account, key),
        StreamId::Webhook(account, webhook) => collections::webhook_health(account, webhook),
    };
    let mut beside = Vec::new();
    for document in store.get(&[key]).await?.into_iter().flatten() {
        let index = match stream {
            StreamId::Webhook(_, webhook) => {
                let health: Health = read(&document.body)?;
                vec![collections::failing_webhook(health.failing_since, webhook)]
            }
            _ => vec![],
        };
        beside.push(Kept::of(document, index));
    }
    Ok(beside)
}

fn page(partition: ports::store::Partition, from: Option<String>) -> Query {
    let range = Range { from, to: None };
    Query { partition, index: false, range, order: Order::Ascending, limit: CHUNK }
}
