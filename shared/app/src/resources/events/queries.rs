//! Events as they are listed and found.

use domain::{Environment, id::EventId, webhook::EventType};

use crate::{
    Backend,
    auth::Access,
    delivery::event::{AcceptedEvent, EventWithDeliveries},
    documents::read,
    paging::{Page, Period, Rows, Source},
    problem::{Code, Problem},
    views::collections,
};

/// Events that are asked for.
pub(crate) struct Wanted {
    /// Environment of the events; both if none.
    pub(crate) environment: Option<Environment>,
    /// Type of the events.
    pub(crate) event_type: Option<EventType>,
    /// Period in which they were created.
    pub(crate) period: Period,
}

/// Reads a page of the events with their deliveries, newest first.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<EventWithDeliveries>, Problem> {
    let environments = access.listed(wanted.environment)?;
    let source = Source {
        partitions: environments.iter().map(|env| collections::events(access.id(), *env)).collect(),
        index: false,
        range: wanted.period.of_ids(EventId::PREFIX),
    };
    let rows = source
        .page(backend, page, |row| {
            let event: AcceptedEvent = read(&row.document.body)?;
            let fits = |wanted: &EventType| *wanted == event.event_type;
            Ok(wanted.event_type.as_ref().is_none_or(fits).then_some(event))
        })
        .await?;
    rows.try_map(|event| event.with_deliveries(backend)).await
}

/// Finds the caller's event `id`, in any environment that the caller has access to.
pub(crate) async fn find(
    backend: &Backend,
    access: &Access,
    id: EventId,
) -> Result<AcceptedEvent, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::events(access.id(), *env).key(id)).collect();
    let found =
        backend.store.get(&keys).await?.into_iter().flatten().next().ok_or(Code::NotFound)?;
    Ok(read(&found.body)?)
}
