//! Event streams.

use std::collections::BTreeMap;

use domain::id::{AccountId, AuditId};
use ports::store::{Append, RecordedEvent, StreamId};

/// Events of all streams.
#[derive(Default)]
pub(super) struct Streams {
    /// Events in the order of their commits.
    all: Vec<RecordedEvent>,
    /// Indices in `all` of each stream's events.
    by_stream: BTreeMap<StreamId, Vec<usize>>,
    /// Indices in `all` of each account's events.
    by_account: BTreeMap<AccountId, BTreeMap<AuditId, usize>>,
}

impl Streams {
    pub(super) fn is_at_expected(&self, append: &Append) -> bool {
        let version = self.by_stream.get(&append.stream).map_or(0, Vec::len);
        version as u64 == append.expected_version
    }

    /// # Panics
    /// Fails if there are no events, or an identifier exists already.
    pub(super) fn append(&mut self, append: Append) {
        let Append { stream, expected_version, events } = append;
        assert!(!events.is_empty(), "an append to {stream} has no events");
        for (version, event) in (expected_version + 1..).zip(events) {
            let place = self.all.len();
            if let Some(account) = stream.account() {
                let history = self.by_account.entry(account).or_default();
                let other = history.insert(event.id, place);
                assert!(other.is_none(), "{} of {stream} is there already", event.id);
            }
            self.by_stream.entry(stream).or_default().push(place);
            self.all.push(RecordedEvent { stream, version, event });
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &RecordedEvent> {
        self.all.iter()
    }

    pub(super) fn read(&self, stream: StreamId, after: u64) -> Vec<RecordedEvent> {
        let places = self.by_stream.get(&stream).into_iter().flatten();
        let events = places.map(|&place| self.all[place].clone());
        events.filter(|recorded| recorded.version > after).collect()
    }

    pub(super) fn history(
        &self,
        account: AccountId,
        before: Option<AuditId>,
        most: usize,
    ) -> Vec<RecordedEvent> {
        let history = self.by_account.get(&account).into_iter().flatten().rev();
        let older = history.filter(|(id, _)| before.is_none_or(|before| **id < before));
        older.take(most).map(|(_, &place)| self.all[place].clone()).collect()
    }

    pub(super) fn replay(&self, after: usize, most: usize) -> (Vec<RecordedEvent>, Option<usize>) {
        let events: Vec<_> = self.all.iter().skip(after).take(most).cloned().collect();
        let place = after + events.len();
        (events, Some(place).filter(|&place| place < self.all.len()))
    }
}
