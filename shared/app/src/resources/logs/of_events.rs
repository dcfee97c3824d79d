//! Rows of the deliveries of events: those of one event, or of all events about an object.
//!
//! Each delivery records its own rows, so neither costs an index entry for an attempt.

use domain::{
    Environment,
    delivery::Delivery,
    id::{EventId, LogId},
};
use ports::store::{Key, Range};

use super::{
    rows::{LogRow, kept, with_events},
    wanted::Wanted,
};
use crate::{
    Backend,
    auth::Access,
    delivery::{accept::delivery_key, event::AcceptedEvent},
    documents::read,
    paging::{MOST_EXAMINED, Page, Rows, Source},
    problem::Problem,
    views::{Spread, collections},
};

/// Maximum number of events about one object whose rows are listed, the newest. So many are read in
/// one request at most, and hardly any object has more than twenty.
const MOST_EVENTS: usize = 1_000;

/// Reads a page of the rows of the wanted event, or of those about the wanted object.
pub(super) async fn of_events(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<LogRow>, Problem> {
    let events = events(backend, access, environments, wanted).await?;
    let logs = logs(backend, &events, page).await?;
    let spread = Spread::of(&*backend.store);
    let (mut rows, mut sorts, mut next, mut examined) = (Vec::new(), Vec::new(), None, 0);
    let end = page.skip + page.per_page;
    // One row more than the page has tells whether another page follows.
    for some in logs.chunks(page.per_page + 1) {
        let keys = some.iter().flat_map(|log| {
            let of =
                move |env: &Environment| collections::attempt_keys(spread, access.id(), *env, *log);
            environments.iter().flat_map(of)
        });
        let keys: Vec<Key> = keys.collect();
        for document in backend.store.get(&keys).await?.into_iter().flatten() {
            if let Some(row) = kept(&document, wanted, None)? {
                sorts.push(document.key.sort.clone());
                rows.push((document, row));
            }
        }
        examined += some.len();
        if rows.len() > end {
            rows.truncate(end);
            next = sorts.into_iter().take(end).next_back();
            break;
        }
        if examined >= MOST_EXAMINED && examined < logs.len() {
            next = some.last().map(LogId::to_string);
            break;
        }
    }
    let rows = rows.into_iter().skip(page.skip).collect();
    Ok(Rows { kept: with_events(backend, access.id(), rows).await?, next })
}

/// Reads the events whose rows are wanted.
async fn events(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    wanted: &Wanted,
) -> Result<Vec<AcceptedEvent>, Problem> {
    let documents = match (wanted.event, &wanted.object) {
        (Some(event), _) => {
            let spread = Spread::of(&*backend.store);
            let of =
                |env: &Environment| spread.keys(&collections::events(access.id(), *env), event);
            let keys: Vec<Key> = environments.iter().flat_map(of).collect();
            backend.store.get(&keys).await?.into_iter().flatten().collect()
        }
        (None, Some(object)) => {
            let about =
                |env: &Environment| collections::events_by_object(access.id(), *env, object);
            let partitions = environments.iter().map(about).collect();
            // A row that is asked for can be of an event from before the period.
            let to = wanted.period.of_ids(EventId::PREFIX).to;
            let source = Source { partitions, index: true, range: Range { from: None, to } };
            let rows = source.newest(backend, None, MOST_EVENTS).await?;
            rows.into_iter().map(|row| row.document).collect()
        }
        (None, None) => vec![],
    };
    let mut events = Vec::with_capacity(documents.len());
    for document in documents {
        let event: AcceptedEvent = read(&document.body)?;
        let is_about = |object| event.object_id().as_ref() == Some(object);
        if wanted.object.as_ref().is_none_or(is_about) {
            events.push(event);
        }
    }
    Ok(events)
}

/// Reads the identifiers of the rows of `events` that are on the page or behind it, newest first.
async fn logs(
    backend: &Backend,
    events: &[AcceptedEvent],
    page: &Page,
) -> Result<Vec<LogId>, Problem> {
    let of = |event| move |planned: &_| delivery_key(event, *planned);
    let keys: Vec<Key> =
        events.iter().flat_map(|event| event.deliveries.iter().map(of(event))).collect();
    let mut logs: Vec<LogId> = Vec::new();
    for document in backend.store.get(&keys).await?.into_iter().flatten() {
        let delivery: Delivery = read(&document.body)?;
        logs.extend(delivery.logs);
    }
    logs.retain(|log| page.is_behind(&log.to_string()));
    logs.sort_unstable_by(|a, b| b.cmp(a));
    Ok(logs)
}
