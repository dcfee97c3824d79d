//! Store port: event streams, documents and counters, changed by one atomic commit a command.

mod commit;
mod document;
mod event;
mod numbers;
mod query;
mod sight;

use async_trait::async_trait;
pub use commit::{Append, Commit, CommitError, Condition, Write};
pub use document::{Collection, Document, IndexEntry, Key, Partition, Scope};
pub use event::{
    Accessed, Actor, ActorKind, EventName, HistoryPart, Metadata, NewEvent, Person, RecordedEvent,
    StreamId,
};
pub use numbers::{Addition, Numbers, add};
pub use query::{
    HistoryQuery, Order, Query, Range, Row, SHORT, StreamKind, StreamQuery, StreamsQuery,
};
pub use sight::{REMEMBERED_FOR, Sight};

use crate::{ReadError, Unavailable};

/// Store of event streams, which are the truth, and of the documents and counters derived from
/// them.
///
/// Reads see every commit that returned before they began.
#[async_trait]
pub trait Store: Send + Sync {
    /// Applies `commit` whole or not at all; when it returns `Ok` everything in it, its messages
    /// included, survives a crash.
    ///
    /// # Errors
    /// [`CommitError::StreamMoved`] or [`CommitError::ConditionFailed`] when a precondition does
    /// not hold any more; [`CommitError::Late`] when its time is over; [`CommitError::Contended`] when trying again makes sense;
    /// [`CommitError::TooLarge`] when an item is larger than the backend can keep, and
    /// [`CommitError::TooManyItems`] when there are more of them than it can commit at once.
    /// [`CommitError::Unavailable`] also when the commit happened but its messages could not be
    /// sent, in a backend whose [`Queue`](crate::Queue) is not transactional.
    async fn commit(&self, commit: Commit) -> Result<(), CommitError>;

    /// Returns a page of one stream's events.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError>;

    /// Returns the streams of one kind that an account has, greatest subject first.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError>;

    /// Returns a page of the events of all streams of an account.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError>;

    /// Returns up to `most` events of all streams in an order that keeps each stream's own, after
    /// the place that an earlier call returned. For rebuilding views and moving to another backend,
    /// not for requests.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError>;

    /// Returns the documents under `keys`, in their order, all from one moment and in one call to
    /// the backend. An expired document is not returned.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError>;

    /// Returns the documents under `keys`, in their order, each as its [`Sight`] in `sights` says, and
    /// not necessarily all from one moment. For what may be late: whoever is refused or dropped for what
    /// was seen so looks again with [`get`](Self::get).
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn glance(
        &self,
        keys: &[Key],
        _sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        self.get(keys).await
    }

    /// Returns the documents of one partition in the order of their sort keys.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError>;

    /// Returns the number of documents (or index entries) of a partition within `range`. An index
    /// entry may still count after its document has expired, until the document is removed.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError>;

    /// Returns the value of a counter; zero when it was never changed.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    async fn counter(&self, key: &Key) -> Result<u64, ReadError>;

    /// Returns whether other processes write to the same store over a network, so that a
    /// [`glance`](Self::glance) can be late, and a check of a document costs as much as writing it.
    fn is_shared(&self) -> bool {
        false
    }

    /// Returns the number of partitions over which a list is spread that is written to all the time: 1
    /// where one takes as many writes as the whole store.
    fn spread(&self) -> u8 {
        1
    }

    /// Returns whether the additions of a commit are gathered in memory until [`settle`](Self::settle),
    /// so that a process that dies before loses them.
    fn gathers_additions(&self) -> bool {
        false
    }

    /// Writes the [`Addition`]s of all commits that have returned, where the backend collects them.
    /// To be called before whoever asked for these commits is told that they happened.
    ///
    /// # Errors
    /// When the backend is unavailable; they are then written by a later call.
    async fn settle(&self) -> Result<(), Unavailable> {
        Ok(())
    }
}
