//! Event streams.

use std::collections::BTreeMap;

use domain::id::{AccountId, AuditId};
use ports::store::{
    Append, HistoryQuery, Order, RecordedEvent, StreamId, StreamQuery, StreamsQuery,
};

/// Events of all streams.
#[derive(Default, Clone)]
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
        append.expected_version.is_none_or(|expected| expected == version as u64)
    }

    /// # Panics
    /// Fails if there are no events, or an identifier exists already.
    pub(super) fn append(&mut self, append: Append) {
        let Append { stream, expected_version, events } = append;
        assert!(!events.is_empty(), "an append to {stream} has no events");
        let end = self.by_stream.get(&stream).map_or(0, |events| events.len() as u64);
        for (version, event) in (expected_version.unwrap_or(end) + 1..).zip(events) {
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

    pub(super) fn read(&self, query: &StreamQuery) -> Vec<RecordedEvent> {
        let places = self.by_stream.get(&query.stream).into_iter().flatten();
        let events: Vec<_> = places.map(|&place| &self.all[place]).collect();
        let page = page(query.order, query.past, query.limit, events, |recorded| recorded.version);
        page.cloned().collect()
    }

    pub(super) fn named(&self, query: &StreamsQuery) -> Vec<StreamId> {
        let is_wanted = |stream: &&StreamId| {
            let subject = stream.subject();
            stream.account() == Some(query.account)
                && !matches!(stream, StreamId::Access(_))
                && subject.starts_with(query.kind.prefix())
                && subject < query.below
        };
        self.by_stream.keys().rev().filter(is_wanted).take(query.limit).copied().collect()
    }

    pub(super) fn history(&self, query: &HistoryQuery) -> Vec<RecordedEvent> {
        let places = self.by_account.get(&query.account).into_iter().flatten();
        let events = places.map(|(_, &place)| &self.all[place]).filter(|recorded| {
            recorded.stream.history().is_some_and(|(_, part)| query.parts().contains(&part))
        });
        let id = |recorded: &RecordedEvent| recorded.event.id;
        page(query.order, query.past, query.limit, events.collect(), id).cloned().collect()
    }

    pub(super) fn replay(&self, after: usize, most: usize) -> (Vec<RecordedEvent>, Option<usize>) {
        let events: Vec<_> = self.all.iter().skip(after).take(most).cloned().collect();
        let place = after + events.len();
        (events, Some(place).filter(|&place| place < self.all.len()))
    }
}

/// Returns a page of `events`, which are in ascending order.
fn page<K: Ord>(
    order: Order,
    past: Option<K>,
    limit: usize,
    mut events: Vec<&RecordedEvent>,
    key: impl Fn(&RecordedEvent) -> K,
) -> impl Iterator<Item = &RecordedEvent> {
    if order == Order::Descending {
        events.reverse();
    }
    let is_beyond = move |event: &&RecordedEvent| match (&past, order) {
        (None, _) => true,
        (Some(past), Order::Ascending) => key(event) > *past,
        (Some(past), Order::Descending) => key(event) < *past,
    };
    events.into_iter().filter(is_beyond).take(limit)
}
