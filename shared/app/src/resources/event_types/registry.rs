//! Registry of event types, as it is read.

use std::collections::BTreeSet;

use domain::{
    event_types::{EventTypes, Registered},
    webhook::EventType,
};
use ports::store::{Document, Range, StreamId};

use crate::{
    Backend, documents,
    fold::folded,
    paging::{Page, Rows, Source},
    problem::Problem,
    views::{Versioned, collections},
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
    let rows = source.page(backend, page, |row| Ok(Some(row.document.clone()))).await?;
    let rows = rows.try_map_all(|documents| registered(backend, documents)).await?;
    Ok((rows, names(backend).await?.len() as u64))
}

/// Reads the registry by folding its events: it changes rarely, and only the operator asks for the
/// whole of it.
pub(super) async fn registry(backend: &Backend) -> Result<Option<Versioned<EventTypes>>, Problem> {
    folded(backend.store.as_ref(), StreamId::EventTypes).await
}

async fn registered(
    backend: &Backend,
    documents: Vec<Document>,
) -> Result<Vec<Registered>, Problem> {
    let mut all = Vec::with_capacity(documents.len());
    for document in documents {
        all.extend(documents::registered(&*backend.store, &document).await?);
    }
    Ok(all)
}

/// Reads the names of all registered types.
pub(super) async fn names(backend: &Backend) -> Result<BTreeSet<EventType>, Problem> {
    let found = backend.store.get(&[collections::event_type_names()]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(BTreeSet::new()) };
    documents::names(&*backend.store, &document).await
}
