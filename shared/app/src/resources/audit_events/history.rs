//! History of settings, read straight from the event store.

use domain::id::AuditId;
use ports::store::{HistoryQuery, Order};

use super::{
    subject,
    wanted::{CHUNK, MOST_EXAMINED, Placed, Wanted},
};

use crate::{
    Backend,
    auth::Access,
    paging::{Filling, Page, Rows},
    problem::Problem,
};

/// Reads a page of the history, newest first.
pub(crate) async fn history(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<Placed>, Problem> {
    if let Some(stream) = wanted.stream(access.id()) {
        return subject::page(backend, access, wanted, stream, page).await;
    }
    let mut query = HistoryQuery {
        account: access.id(),
        part: None,
        order: Order::Descending,
        past: page.past.as_deref().and_then(|id| id.parse::<AuditId>().ok()),
        // Without filters, one page of events is enough.
        limit: (page.skip + page.per_page + 1).min(CHUNK),
    };
    let mut filling = Filling::of(page);
    let mut examined = 0;
    loop {
        let events = backend.store.history(&query).await?;
        examined += events.len();
        let is_last = events.len() < query.limit;
        query.limit = CHUNK;
        for recorded in events {
            let id = recorded.event.id;
            if wanted.ends_at(&recorded) {
                return Ok(Rows { kept: filling.kept, next: None });
            }
            if wanted.keep(&recorded, access) {
                if filling.is_full() {
                    let next = query.past.map(|id| id.to_string());
                    return Ok(Rows { kept: filling.kept, next });
                }
                filling.take((id.to_string(), recorded));
            }
            query.past = Some(id);
        }
        if is_last {
            return Ok(Rows { kept: filling.kept, next: None });
        }
        if examined >= MOST_EXAMINED {
            return Ok(Rows { kept: filling.kept, next: query.past.map(|id| id.to_string()) });
        }
    }
}
