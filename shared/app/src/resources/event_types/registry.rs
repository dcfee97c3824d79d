//! Registry of event types, as it is read.

use std::collections::BTreeSet;

use domain::{
    event_types::{EventTypes, Registered},
    webhook::EventType,
};
use ports::store::{Range, StreamId};

use crate::{
    Backend,
    fold::{evolved, whole_stream},
    paging::{Page, Rows, Source},
    problem::Problem,
    views::{Versioned, collections, read},
};

/// Reads a page of the registered types, and their number.
pub(crate) async fn list(
    backend: &Backend,
    page: &Page,
) -> Result<(Rows<Registered>, u64), Problem> {
    let source = Source {
        partitions: vec![collections::event_types()],
        index: false,
        range: Range::default(),
    };
    let rows = source.page(backend, page, |row| Ok(Some(read(&row.document.body)?))).await?;
    Ok((rows, names(backend).await?.len() as u64))
}

/// Reads the registry by folding its events: it changes rarely, and only the operator asks for the
/// whole of it.
pub(super) async fn registry(backend: &Backend) -> Result<Option<Versioned<EventTypes>>, Problem> {
    let events = whole_stream(backend.store.as_ref(), StreamId::EventTypes).await?;
    let version = events.last().map_or(0, |last| last.version);
    let state = events.iter().try_fold(None, evolved)?;
    Ok(state.map(|state| Versioned { version, state, revision: 0 }))
}

/// Reads the names of all registered types.
pub(super) async fn names(backend: &Backend) -> Result<BTreeSet<EventType>, Problem> {
    let found = backend.store.get(&[collections::event_type_names()]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(BTreeSet::new()) };
    Ok(Versioned::read(&document)?.state)
}
