//! Filter of the settings history, and the bounds on what one page reads.

use domain::id::AccountId;
use ports::store::{RecordedEvent, StreamId};

use crate::{auth::Access, paging::Period};

/// Events read at a time.
pub(super) const CHUNK: usize = 250;
/// Maximum number of events examined for one page; a filter that passes few gets a short page and a
/// cursor.
pub(super) const MOST_EXAMINED: usize = 5_000;

/// Event of a page, with the place behind which the next one would begin.
pub(super) type Placed = (String, RecordedEvent);

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
    pub(super) fn stream(&self, account: AccountId) -> Option<StreamId> {
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
