//! Imports that are interrupted at any point.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use app::views::collections::DERIVED;
use async_trait::async_trait;
use latchhook_moving::{Ports, import};
use ports::{
    Commit, Queue, ReadError, Store, Unavailable,
    queue::{Lane, Leased, Message, Receipt},
    store::{
        CommitError, Document, HistoryQuery, Key, Partition, Query, Range, RecordedEvent, Row,
        StreamId, StreamQuery, StreamsQuery,
    },
};
use simulation::Memory;

use crate::support::{Old, PASSPHRASE, Place, new_backend, open};

/// Backend that fails after so many changes.
struct FailingBackend {
    disk: Arc<Memory>,
    changes_left: AtomicUsize,
}

impl FailingBackend {
    fn change(&self) -> Result<(), Unavailable> {
        let left = |left: usize| left.checked_sub(1);
        let changed = self.changes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
        changed.map(drop).map_err(|_| Unavailable::new("going on", "it stopped here"))
    }
}

#[tokio::test]
async fn an_import_interrupted_anywhere_sends_nothing_and_can_be_repeated() {
    let old = Old::new().await;
    let (file, end) = old.place.export().await;
    let whole = new_backend(&file, &old.place.clock);
    whole.import(&file).await.unwrap();
    let expected = contents(&whole);
    for changes in 0.. {
        let new = new_backend(&file, &old.place.clock);
        let failing =
            FailingBackend { disk: new.disk.clone(), changes_left: AtomicUsize::new(changes) };
        let ports = Ports { store: &failing, queue: &failing, ..new.ports() };
        let stopped = import(ports, &mut open(&file, PASSPHRASE).unwrap()).await;
        if stopped.is_ok() {
            assert!(changes as u64 > end.streams + end.undelivered, "{changes}");
            break;
        }
        assert_eq!(new.disk.waiting(), 0, "stopped after {changes} changes");
        let repeated = new.import(&file).await.unwrap();
        assert_eq!(repeated.there + repeated.streams + repeated.undelivered, 9);
        assert_eq!(contents(&new), expected, "stopped after {changes} changes");
        assert_eq!(new.disk.waiting() as u64, end.messages);
    }
}

/// Returns every view, and everything else that is the same in both backends: sealed secrets differ
/// each time.
fn contents(place: &Place) -> (Vec<(Document, Vec<ports::store::IndexEntry>)>, usize) {
    (place.disk.documents(DERIVED), place.disk.everything().len())
}

#[async_trait]
impl Store for FailingBackend {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.change()?;
        self.disk.commit(commit).await
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.disk.read_stream(query).await
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        self.disk.streams(query).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.disk.history(query).await
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        self.disk.replay(after, most).await
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        self.disk.get(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        self.disk.query(query).await
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        self.disk.count(partition, range).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        self.disk.counter(key).await
    }
}

#[async_trait]
impl Queue for FailingBackend {
    fn is_transactional(&self) -> bool {
        self.disk.is_transactional()
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        self.change()?;
        self.disk.send(messages).await
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        self.disk.receive(lane, most).await
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.disk.acknowledge(receipt).await
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.disk.release(receipt).await
    }
}
