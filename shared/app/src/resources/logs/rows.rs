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
    views::collections,
};

/// Row of either log.
pub(crate) enum LogRow {
    /// A request made with an API key.
    Request(LogId, Box<RequestRow>),
    /// An attempt of a delivery, with its event, if that is still stored.
    Delivery(LogId, Box<DeliveryRow>, Option<Arc<AcceptedEvent>>),
}

/// Finds the caller's row `id`, in either log.
pub(crate) async fn find(backend: &Backend, access: &Access, id: LogId) -> Result<LogRow, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<Key> = environments
        .flat_map(|env| {
            let deliveries = collections::delivery_logs(access.id(), *env);
            [deliveries.key(id), collections::request_logs(access.id(), *env).key(id)]
        })
        .collect();
    // In the order of the keys: a delivery's row and a request's by turns.
    let found = backend.store.get(&keys).await?.into_iter().zip([true, false].into_iter().cycle());
    let mut found = found.filter_map(|(document, is_delivery)| Some((document?, is_delivery)));
    let (document, is_delivery) = found.next().ok_or(Code::NotFound)?;
    if !is_delivery {
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
    let keys =
        rows.iter().map(|(_, row)| collections::events(account, row.environment).key(row.event));
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
