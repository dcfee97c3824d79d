//! Simulated disk: a store and its queue in memory, as strict as their ports allow.

mod documents;
mod messages;
mod streams;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::Timestamp;
use ports::{
    Clock, Commit, Corrupt, Queue, ReadError, Store, Unavailable,
    queue::{Lane, Leased, Message, Receipt},
    store::{
        Collection, CommitError, Document, HistoryQuery, IndexEntry, Key, Partition, Query, Range,
        RecordedEvent, Row, StreamId, StreamQuery, StreamsQuery, Write,
    },
};

use self::{documents::Documents, messages::Messages, streams::Streams};

/// Visibility time-out: time after which a lease ends by itself.
pub const VISIBILITY_TIMEOUT: Duration = Duration::from_mins(1);

/// [`Store`] and its [`Queue`] in memory. Misuse makes it panic: a commit that names a document
/// twice, an audit identifier that is not new.
pub struct Memory {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default, Clone)]
pub(crate) struct State {
    streams: Streams,
    documents: Documents,
    messages: Messages,
}

impl Memory {
    /// Creates an empty store, with `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Sets the time after which leases end that begin from now on.
    pub(crate) fn set_visibility_timeout(&self, timeout: Duration) {
        self.state().messages.lasts = timeout;
    }

    /// Ends every lease, as a restart does.
    pub fn end_leases(&self) {
        self.state().messages.end_leases();
    }

    /// Time at which the next message of `lane` can be received; none if there is none.
    #[must_use]
    pub fn next_due(&self, lane: Lane) -> Option<Timestamp> {
        self.state().messages.next_due(lane)
    }

    /// Number of messages that wait or are leased.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.state().messages.len()
    }

    /// Documents of `collections` with their index entries, including expired ones.
    #[must_use]
    pub fn documents(&self, collections: &[Collection]) -> Vec<(Document, Vec<IndexEntry>)> {
        self.state().documents.of(collections)
    }

    /// Every document with its key, and every event's payload, as stored.
    #[must_use]
    pub fn everything(&self) -> Vec<String> {
        let state = self.state();
        let documents = state.documents.all().map(|document| {
            let Key { partition, sort } = &document.key;
            let body = String::from_utf8_lossy(&document.body);
            format!("{} {sort} {body}", partition.as_str())
        });
        let events = state.streams.all().map(|recorded| recorded.event.payload.get().to_owned());
        documents.chain(events).collect()
    }

    /// Counters of `collections` that are not zero.
    #[must_use]
    pub fn counters(&self, collections: &[Collection]) -> Vec<(Key, u64)> {
        self.state().documents.counters_of(collections)
    }

    /// Copy of everything on the disk.
    pub(crate) fn snapshot(&self) -> State {
        self.state().clone()
    }

    /// Puts the disk back to what it was.
    pub(crate) fn restore(&self, state: State) {
        *self.state() = state;
    }

    /// Documents under `keys` as they stand or stood before they expired.
    pub(crate) fn even_expired(&self, keys: &[Key]) -> Vec<Option<Document>> {
        let state = self.state();
        keys.iter().map(|key| state.documents.get(key, Timestamp::from_millis(0))).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn commit(&mut self, commit: Commit, now: Timestamp) -> Result<(), CommitError> {
        only_one_of_each(commit.writes.iter().chain(&commit.ahead));
        if commit.until.is_some_and(|until| until <= now) {
            return Err(CommitError::Late);
        }
        let moved = |append: &_| !self.streams.is_at_expected(append);
        if let Some(index) = commit.appends.iter().position(moved) {
            return Err(CommitError::StreamMoved { index });
        }
        let fails = |write: &_| !self.documents.holds(write, now);
        if let Some(index) = commit.writes.iter().position(fails) {
            return Err(CommitError::ConditionFailed { index });
        }
        for receipt in &commit.acknowledge {
            self.messages.acknowledge(receipt, now);
        }
        for append in commit.appends {
            self.streams.append(append);
        }
        for write in commit.writes.into_iter().chain(commit.ahead) {
            self.documents.write(write);
        }
        for addition in &commit.additions {
            self.documents.add(addition, now);
        }
        for message in commit.messages {
            self.messages.send(message);
        }
        Ok(())
    }
}

/// # Panics
/// Fails if two writes name the same document or counter.
fn only_one_of_each<'a>(writes: impl Iterator<Item = &'a Write>) {
    let mut named = BTreeSet::new();
    for write in writes {
        let (Write::Put { key, .. }
        | Write::Delete { key, .. }
        | Write::Check { key, .. }
        | Write::Count { key, .. }) = write;
        let is_counter = matches!(write, Write::Count { .. });
        assert!(named.insert((is_counter, key)), "a commit names {key:?} twice");
    }
}

#[async_trait]
impl Store for Memory {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let now = self.clock.now();
        self.state().commit(commit, now)
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        Ok(self.state().streams.read(query))
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        Ok(self.state().streams.named(query))
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        Ok(self.state().streams.history(query))
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        let after = after.map_or(Ok(0), |place| place.parse());
        let after = after.map_err(|why| Corrupt::new("replaying events", why))?;
        let (events, place) = self.state().streams.replay(after, most);
        Ok((events, place.map(|place| place.to_string())))
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        let now = self.clock.now();
        let state = self.state();
        Ok(keys.iter().map(|key| state.documents.get(key, now)).collect())
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        let now = self.clock.now();
        Ok(self.state().documents.query(query, now))
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        let now = self.clock.now();
        Ok(self.state().documents.count(partition, range, now))
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        Ok(self.state().documents.counter(key))
    }
}

#[async_trait]
impl Queue for Memory {
    fn is_transactional(&self) -> bool {
        true
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        let mut state = self.state();
        for message in messages {
            state.messages.send(message.clone());
        }
        Ok(())
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        let now = self.clock.now();
        Ok(self.state().messages.receive(lane, most, now))
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        let now = self.clock.now();
        self.state().messages.acknowledge(receipt, now);
        Ok(())
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.state().messages.release(receipt);
        Ok(())
    }
}
