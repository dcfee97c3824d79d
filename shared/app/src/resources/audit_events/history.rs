//! History of settings, read straight from the event store.

use domain::id::{AccountId, AuditId};
use ports::store::{HistoryQuery, Order, RecordedEvent, StreamId};

use super::subject;

use crate::{
    Backend,
    auth::Access,
    paging::{Page, Period, Rows},
    problem::Problem,
};

/// Events read at a time.
pub(super) const CHUNK: usize = 250;
/// Maximum number of events examined for one page; a filter that passes few gets a short page and a
/// cursor.
pub(super) const MOST_EXAMINED: usize = 5_000;

/// Events that are asked for.
pub(crate) struct Wanted {
    /// Account, key or webhook that the events are about.
    pub(crate) subject: Option<String>,
    /// Type of the events.
    pub(crate) event_type: Option<String>,
    /// Period of the events.
    pub(crate) period: Period,
}

impl Wanted {
    /// Returns the stream of what the subject names, if that is one. Its history is read by itself,
    /// so that it doesn't matter how long the account's is.
    fn stream(&self, account: AccountId) -> Option<StreamId> {
        let subject = self.subject.as_ref()?;
        let key = subject.parse().map(|key| StreamId::Key(account, key));
        key.or_else(|_| subject.parse().map(|webhook| StreamId::Webhook(account, webhook))).ok()
    }

    /// Returns whether events older than `recorded` are out of the period.
    pub(super) fn ends_at(&self, recorded: &RecordedEvent) -> bool {
        self.period.since.is_some_and(|since| recorded.event.metadata.at < since)
    }

    /// Returns whether to show the caller an event; a key is shown those of its own environment,
    /// and those that belong to both.
    pub(super) fn keep(&self, recorded: &RecordedEvent, access: &Access) -> bool {
        let (event, at) = (&recorded.event, recorded.event.metadata.at);
        if let (Some(fixed), Some(environment)) = (access.fixed, event.metadata.environment)
            && fixed != environment
        {
            return false;
        }
        self.subject.as_ref().is_none_or(|subject| *subject == recorded.stream.subject())
            && self.event_type.as_ref().is_none_or(|wanted| *wanted == event.name.name)
            && self.period.contains(at)
    }
}

/// Reads a page of the history, newest first.
pub(crate) async fn history(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
) -> Result<Rows<RecordedEvent>, Problem> {
    if let Some(stream) = wanted.stream(access.id()) {
        return subject::page(backend, access, wanted, stream, page).await;
    }
    let mut query = HistoryQuery {
        account: access.id(),
        part: None,
        order: Order::Descending,
        past: page.before.as_deref().and_then(|id| id.parse::<AuditId>().ok()),
        // Without filters, one page of events is enough.
        limit: page.per_page + 1,
    };
    let mut kept = Vec::new();
    let mut examined = 0;
    loop {
        let events = backend.store.history(&query).await?;
        examined += events.len();
        let is_last = events.len() < query.limit;
        query.limit = CHUNK;
        for recorded in events {
            let id = recorded.event.id;
            if wanted.ends_at(&recorded) {
                return Ok(Rows { kept, next: None });
            }
            if wanted.keep(&recorded, access) {
                if kept.len() == page.per_page {
                    return Ok(Rows { kept, next: query.past.map(|id| id.to_string()) });
                }
                kept.push(recorded);
            }
            query.past = Some(id);
        }
        if is_last {
            return Ok(Rows { kept, next: None });
        }
        if examined >= MOST_EXAMINED {
            return Ok(Rows { kept, next: query.past.map(|id| id.to_string()) });
        }
    }
}
