//! Reads of a disk with a deliberate bug.

use async_trait::async_trait;
use ports::{
    Commit, ReadError, Store,
    store::{
        CommitError, Document, HistoryQuery, Key, Partition, Query, Range, RecordedEvent, Row,
        StreamId, StreamQuery, StreamsQuery,
    },
};

use super::{Bug, Buggy};

impl Buggy {
    /// Returns `found`, or what it was before its last change.
    fn stale(&self, key: &Key, found: Option<Document>) -> Option<Document> {
        if !self.one_in(16) {
            return found;
        }
        let state = self.state();
        state.before.get(key).cloned().unwrap_or(found)
    }

    /// Returns what was first read at the document's number since its deletion.
    fn cached(&self, found: Document) -> Document {
        let mut state = self.state();
        let number = state.numbers.get(&found.key).copied().unwrap_or_default();
        let place = (found.key.clone(), number);
        state.cached.entry(place).or_insert(found).clone()
    }
}

#[async_trait]
impl Store for Buggy {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        match self.bug {
            Some(bug) => self.commit_wrongly(bug, commit).await,
            None => self.disk.commit(commit).await,
        }
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
        if self.is(Bug::ReadsExpired) {
            return Ok(self.disk.even_expired(keys));
        }
        let found = self.disk.get(keys).await?;
        Ok(match self.bug {
            Some(Bug::ReadsStale) => {
                keys.iter().zip(found).map(|(key, found)| self.stale(key, found)).collect()
            }
            Some(Bug::CachesByRevision) => {
                found.into_iter().map(|found| found.map(|found| self.cached(found))).collect()
            }
            _ => found,
        })
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        let mut rows = self.disk.query(query).await?;
        let length = rows.len();
        if self.is(Bug::BreaksOrder) && length > 1 {
            rows.swap(length - 2, length - 1);
        }
        if self.is(Bug::CutsPage) && length == query.limit {
            rows.pop();
        }
        Ok(rows)
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        self.disk.count(partition, range).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        self.disk.counter(key).await
    }
}
