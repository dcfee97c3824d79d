//! The [`Store`] port.

use async_trait::async_trait;
use domain::Timestamp;
use ports::{
    Commit, Corrupt, ReadError, Store,
    store::{
        CommitError, Document, HistoryQuery, Key, Order, Partition, Query, Range, RecordedEvent,
        Row, SHORT, Scope, StreamId, StreamQuery, StreamsQuery,
    },
};

use crate::{Embedded, hot::Look, read, writer::Reads};

const READING: &str = "reading documents";

impl Embedded {
    /// Returns the documents under `keys`; some may have expired since they were cached.
    async fn look_up(
        &self,
        keys: &[Key],
        now: Timestamp,
    ) -> Result<Vec<Option<Document>>, ReadError> {
        let fetch = async |keys: &[Key]| {
            let get = |connection: &_| read::get(connection, keys, now);
            self.inner.readers.short(Reads::Keys(keys), READING, get).await
        };
        let looks = self.inner.hot.look(keys);
        let unknown =
            keys.iter().zip(&looks).filter(|(_, look)| matches!(look, Look::Unknown { .. }));
        let unknown: Vec<Key> = unknown.map(|(key, _)| key.clone()).collect();
        let fetched = if unknown.is_empty() { vec![] } else { fetch(&unknown).await? };
        if !unknown.is_empty() && !self.inner.hot.fetched(keys, &looks, &fetched) {
            return fetch(keys).await;
        }
        let mut fetched = fetched.into_iter();
        let known = looks.into_iter().map(|look| match look {
            Look::Known { value, .. } => value,
            Look::Unknown { .. } => fetched.next().flatten(),
        });
        Ok(known.collect())
    }

    /// Returns the rows of a `query` with a small limit. A partition that has no more rows than
    /// that is cached whole.
    async fn short_list(
        &self,
        what: &'static str,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<Row>, ReadError> {
        let reads = Reads::Of(query.partition.scope());
        let find = |connection: &_| read::query(connection, query, now);
        let fetch = self.inner.readers.short(reads, what, find);
        let from_the_start = query.range == Range::default() && query.order == Order::Ascending;
        if query.index || !from_the_start {
            return fetch.await;
        }
        let there = |row: &&Row| row.document.expires_at.is_none_or(|at| at > now);
        match self.inner.hot.look_at_list(&query.partition) {
            Look::Known { value: list, .. } => {
                Ok(list.iter().filter(there).take(query.limit).cloned().collect())
            }
            Look::Unknown { announced } => {
                let rows = fetch.await?;
                if rows.len() < query.limit {
                    let list = rows.iter().cloned().collect();
                    self.inner.hot.fetched_list(&query.partition, announced, list);
                }
                Ok(rows)
            }
        }
    }
}

#[async_trait]
impl Store for Embedded {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.inner.writer.commit(commit).await
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        const WHAT: &str = "reading a stream";
        let query = *query;
        let read = move |connection: &_| read::stream(connection, &query);
        if query.limit <= SHORT {
            return self.inner.readers.short(Reads::Of(query.stream.scope()), WHAT, read).await;
        }
        self.inner.readers.long(query.stream.scope(), WHAT, read).await
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        const WHAT: &str = "listing streams";
        let query = query.clone();
        let scope = Scope::Account(query.account);
        if query.limit <= SHORT {
            let read = |connection: &_| read::streams(connection, &query);
            return self.inner.readers.short(Reads::Of(scope), WHAT, read).await;
        }
        let read = move |connection: &_| read::streams(connection, &query);
        self.inner.readers.long(scope, WHAT, read).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        let query = *query;
        let read = move |connection: &_| read::history(connection, &query);
        self.inner.readers.long(Scope::Account(query.account), "reading the history", read).await
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        const WHAT: &str = "replaying events";
        let after = match after {
            None => 0,
            Some(place) => place.parse().map_err(|why| Corrupt::new(WHAT, why))?,
        };
        let read = move |connection: &_| read::replay(connection, after, most);
        let (events, last) = self.inner.readers.long(Scope::Installation, WHAT, read).await?;
        Ok((events, last.map(|position: i64| position.to_string())))
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        let now = self.now();
        if keys.len() > SHORT {
            let (keys, scope) = (keys.to_vec(), owner(keys));
            let read = move |connection: &_| read::get(connection, &keys, now);
            return self.inner.readers.long(scope, READING, read).await;
        }
        let there = |document: &Document| document.expires_at.is_none_or(|at| at > now);
        let found = self.look_up(keys, now).await?;
        Ok(found.into_iter().map(|document| document.filter(there)).collect())
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        const WHAT: &str = "listing documents";
        let now = self.now();
        if query.limit <= SHORT {
            return self.short_list(WHAT, query, now).await;
        }
        let (query, scope) = (query.clone(), query.partition.scope());
        let read = move |connection: &_| read::query(connection, &query, now);
        self.inner.readers.long(scope, WHAT, read).await
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        let (partition, range, now) = (partition.clone(), range.clone(), self.now());
        let scope = partition.scope();
        let read = move |connection: &_| read::count(connection, &partition, &range, now);
        self.inner.readers.long(scope, "counting documents", read).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        let read = |connection: &_| read::counter(connection, key);
        let reads = Reads::Keys(std::slice::from_ref(key));
        self.inner.readers.short(reads, "reading a counter", read).await
    }
}

/// Returns the owner of the documents under `keys`; the installation if they have more than one.
fn owner(keys: &[Key]) -> Scope {
    let mut scopes = keys.iter().map(|key| key.partition.scope());
    let first = scopes.next().unwrap_or(Scope::Installation);
    if scopes.all(|scope| scope == first) { first } else { Scope::Installation }
}
