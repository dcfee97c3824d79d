//! Lists of an account's portal sessions.

use ports::store::Range;

use super::row::Session;
use crate::{
    Backend,
    auth::Access,
    documents::read,
    paging::{Page, Rows, Source},
    problem::Problem,
    views::collections,
};

/// Reads a page of the sessions that have not expired, newest first, and their number.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    page: &Page,
) -> Result<(Rows<Session>, u64), Problem> {
    let sessions = collections::portal_sessions(access.id());
    let count = backend.store.count(&sessions, &Range::default()).await?;
    let source = Source { partitions: vec![sessions], index: false, range: Range::default() };
    let rows = source.page(backend, page, |row| Ok(Some(read(&row.document.body)?))).await?;
    Ok((rows, count))
}
