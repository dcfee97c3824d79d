//! Rows of the logs, read and found.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::id::{AccountId, EventId, LogId};
use ports::{
    Corrupt,
    store::{Document, Key, Row},
};

use super::wanted::Wanted;
use crate::{
    Backend,
    auth::Access,
    delivery::{event::AcceptedEvent, log::DeliveryRow},
    documents::{RequestRow, WrittenRow, read},
    problem::{Code, Problem},
    views::{Spread, collections},
};

/// Row of either log.
pub(crate) enum LogRow {
    /// A request made with an API key.
    Request(LogId, Box<RequestRow>),
    /// An attempt of a delivery, with its event, if that is still stored.
    Delivery(LogId, Box<DeliveryRow>, Option<Arc<AcceptedEvent>>),
}

impl LogRow {
    /// Returns the row's identifier, by which lists are sorted.
    pub(crate) const fn id(&self) -> LogId {
        let (Self::Request(id, _) | Self::Delivery(id, ..)) = self;
        *id
    }
}

/// Finds the caller's row `id`, in either log.
pub(crate) async fn find(backend: &Backend, access: &Access, id: LogId) -> Result<LogRow, Problem> {
    let environments = access.environments().iter();
    let spread = Spread::of(&*backend.store);
    let keys: Vec<Key> = environments
        .flat_map(|env| {
            let request = collections::request_logs(access.id(), *env).key(id);
            collections::attempt_keys(spread, access.id(), *env, id).into_iter().chain([request])
        })
        .collect();
    let found = backend.store.get(&keys).await?.into_iter().flatten().next();
    let document = found.ok_or(Code::NotFound)?;
    if collections::is_of_requests(&document.key) {
        return request_row(&document, read::<WrittenRow>(&document.body)?.row);
    }
    let row = read(&document.body)?;
    let mut rows = with_events(backend, access.id(), vec![(document, row)]).await?;
    rows.pop().ok_or_else(|| Code::NotFound.into())
}

/// Returns the row in `document`, if it passes the wanted; `listed` is the list entry it was found
/// by, if any.
pub(super) fn kept(
    document: &Document,
    wanted: &Wanted,
    listed: Option<&Row>,
) -> Result<Option<DeliveryRow>, Problem> {
    let row: DeliveryRow = read(&document.body)?;
    let passes = wanted.status.is_none_or(|status| status.is(row.succeeded, row.response_status))
        && wanted.webhook.is_none_or(|webhook| webhook == row.webhook)
        && wanted.event_type.as_ref().is_none_or(|wanted| *wanted == row.event_type)
        && wanted.times_pass(row.created_at, row.written_at, listed);
    Ok(passes.then_some(row))
}

/// Reads a row's identifier, which is malformed only in a damaged store.
fn log_id(document: &Document) -> Result<LogId, Problem> {
    Ok(document.key.sort.parse().map_err(|why| Corrupt::new("reading a log row", why))?)
}

pub(super) fn request_row(document: &Document, row: RequestRow) -> Result<LogRow, Problem> {
    Ok(LogRow::Request(log_id(document)?, Box::new(row)))
}

/// Returns the rows of deliveries with their events.
pub(super) async fn with_events(
    backend: &Backend,
    account: AccountId,
    rows: Vec<(Document, DeliveryRow)>,
) -> Result<Vec<LogRow>, Problem> {
    let spread = Spread::of(&*backend.store);
    let keys = rows.iter().flat_map(|(_, row)| {
        spread.keys(&collections::events(account, row.environment), row.event)
    });
    // Many rows can be of one event, and no document is read twice.
    let keys: BTreeSet<_> = keys.collect();
    let mut events: BTreeMap<EventId, Arc<AcceptedEvent>> = BTreeMap::new();
    for document in
        backend.store.get(&keys.into_iter().collect::<Vec<_>>()).await?.into_iter().flatten()
    {
        let event: AcceptedEvent = read(&document.body)?;
        events.insert(event.id, Arc::new(event));
    }
    let row = |(document, row): (Document, DeliveryRow)| {
        let event = events.get(&row.event).cloned();
        Ok(LogRow::Delivery(log_id(&document)?, Box::new(row), event))
    };
    rows.into_iter().map(row).collect()
}
