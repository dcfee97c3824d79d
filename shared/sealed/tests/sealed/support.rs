//! Store with documents only, and randomness that is the same in every run.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use domain::{Timestamp, id::Ulid};
use ports::{
    Commit, Ids, ReadError, Store, Unavailable,
    store::{
        CommitError, Condition, Document, HistoryQuery, Key, Partition, Query, Range,
        RecordedEvent, Row, StreamId, StreamQuery, StreamsQuery, Write,
    },
};

/// Reproducible randomness, different bytes each time: a counter, scrambled (the finalizer of
/// `SplitMix64`).
#[derive(Default)]
pub(crate) struct CountingIds(AtomicU64);

impl CountingIds {
    /// Creates a source that differs from every other seed's.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed << 32))
    }
}

impl Ids for CountingIds {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }

    fn ulid(&self, _: Timestamp) -> Ulid {
        Ulid::from(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Documents in memory, with revisions and conditions as in the port.
#[derive(Default)]
pub(crate) struct Documents {
    by_key: Mutex<BTreeMap<Key, Document>>,
    commits: AtomicU64,
}

impl Documents {
    /// Changes the documents without the vault's knowledge.
    pub(crate) fn meddle(&self, change: impl FnOnce(&mut BTreeMap<Key, Document>)) {
        change(&mut self.by_key.lock().unwrap());
    }
}

#[async_trait]
impl Store for Documents {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let mut documents = self.by_key.lock().unwrap();
        let fails = |write: &Write| !holds(&documents, write);
        if let Some(index) = commit.writes.iter().position(fails) {
            return Err(CommitError::ConditionFailed { index });
        }
        // No commit puts a document twice.
        let revision = self.commits.fetch_add(1, Ordering::Relaxed) + 1;
        for write in commit.writes {
            apply(&mut documents, write, revision)?;
        }
        Ok(())
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        let documents = self.by_key.lock().unwrap();
        Ok(keys.iter().map(|key| documents.get(key).cloned()).collect())
    }

    async fn read_stream(&self, _: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        Err(documents_only().into())
    }

    async fn streams(&self, _: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        Err(documents_only().into())
    }

    async fn history(&self, _: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        Err(documents_only().into())
    }

    async fn replay(
        &self,
        _: Option<String>,
        _: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        Err(documents_only().into())
    }

    async fn query(&self, _: &Query) -> Result<Vec<Row>, ReadError> {
        Err(documents_only().into())
    }

    async fn count(&self, _: &Partition, _: &Range) -> Result<u64, ReadError> {
        Err(documents_only().into())
    }

    async fn counter(&self, _: &Key) -> Result<u64, ReadError> {
        Err(documents_only().into())
    }
}

fn holds(documents: &BTreeMap<Key, Document>, write: &Write) -> bool {
    let (Write::Put { key, condition, .. }
    | Write::Delete { key, condition }
    | Write::Check { key, condition }) = write
    else {
        return true;
    };
    let found = documents.get(key);
    match condition {
        Condition::None => true,
        Condition::Absent => found.is_none(),
        Condition::Present => found.is_some(),
        Condition::Revision(revision) => found.is_some_and(|found| found.revision == *revision),
    }
}

fn apply(
    documents: &mut BTreeMap<Key, Document>,
    write: Write,
    revision: u64,
) -> Result<(), Unavailable> {
    match write {
        Write::Put { key, body, expires_at, .. } => {
            documents.insert(key.clone(), Document { key, revision, expires_at, body });
        }
        Write::Delete { key, .. } => drop(documents.remove(&key)),
        Write::Check { .. } => {}
        Write::Count { .. } => return Err(documents_only()),
    }
    Ok(())
}

fn documents_only() -> Unavailable {
    Unavailable::new("asking the tests' store", "it has documents only")
}
