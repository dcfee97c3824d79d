//! Rows of the logs as they are listed and found.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    Environment,
    id::{AccountId, EventId, LogId},
};
use ports::{
    Corrupt,
    store::{Document, Key, Row},
};

use super::{
    of_events::of_events,
    request::near,
    wanted::{Kind, Wanted},
};
use crate::{
    Backend,
    auth::Access,
    delivery::{event::AcceptedEvent, log::DeliveryRow},
    documents::{RequestRow, WrittenRow, read},
    paging::{Page, Rows, Source},
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

/// Reads a page of the rows, newest first.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let environments = access.listed(wanted.environment)?;
    match wanted.kind()? {
        Kind::ApiRequest => of_requests(backend, access, environments, wanted, page).await,
        Kind::WebhookDelivery if wanted.event.is_some() || wanted.object.is_some() => {
            of_events(backend, access, environments, wanted, page).await
        }
        Kind::WebhookDelivery => of_deliveries(backend, access, environments, wanted, page).await,
    }
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

async fn of_deliveries(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let (partitions, index) = match (wanted.webhook, wanted.status) {
        (Some(webhook), _) => {
            (vec![collections::delivery_logs_by_webhook(access.id(), webhook)], true)
        }
        (None, Some(status)) if status.is_failed() => {
            let failed = |env: &Environment| collections::delivery_logs_failed(access.id(), *env);
            (environments.iter().map(failed).collect(), true)
        }
        (None, _) => {
            let all = |env: &Environment| collections::delivery_logs(access.id(), *env);
            (environments.iter().map(all).collect(), false)
        }
    };
    let late = |env: &Environment| collections::delivery_logs_late(access.id(), *env);
    let sources = wanted.sources(partitions, index, environments.iter().map(late));
    let rows = Source::page_of(&sources, backend, page, |row| {
        let kept = kept(&row.document, wanted, Some(row))?;
        let there = kept.filter(|kept| environments.contains(&kept.environment));
        Ok(there.map(|kept| (row.document.clone(), kept)))
    })
    .await?;
    rows.try_map_all(|rows| with_events(backend, access.id(), rows)).await
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

/// Reads a page of the API log.
async fn of_requests(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let all = |env: &Environment| collections::request_logs(access.id(), *env);
    let all = environments.iter().map(all).collect();
    let late = |env: &Environment| collections::request_logs_late(access.id(), *env);
    let late = environments.iter().map(late);
    let sources = match (&wanted.requests.request, wanted.requests.api_key) {
        (Some(request), _) => {
            let named =
                |env: &Environment| collections::request_logs_by_id(access.id(), *env, request);
            let range = wanted.period.of_ids(LogId::PREFIX);
            let named = environments.iter().map(named).collect();
            let named = Source { partitions: named, index: true, range };
            let near = near(request).map(|period| period.of_ids(LogId::PREFIX));
            let near = near.map(|range| Source { partitions: all, index: false, range });
            [named].into_iter().chain(near).collect()
        }
        (None, Some(key)) => {
            wanted.sources(vec![collections::request_logs_by_key(access.id(), key)], true, late)
        }
        (None, None) => wanted.sources(all, false, late),
    };
    Source::page_of(&sources, backend, page, |row| {
        let WrittenRow { row: kept, written_at } = read(&row.document.body)?;
        let details = &kept.details;
        let succeeded =
            details.status.is_some_and(|status| status < 400) && details.error_code.is_none();
        let passes = environments.contains(&kept.environment)
            && wanted.requests.passes(&kept)
            && wanted.times_pass(kept.created_at, written_at, Some(row))
            && wanted.status.is_none_or(|status| status.is(succeeded, details.status));
        passes.then(|| request_row(&row.document, kept)).transpose()
    })
    .await
}

fn request_row(document: &Document, row: RequestRow) -> Result<LogRow, Problem> {
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
