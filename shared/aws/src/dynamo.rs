//! Implementation of the [`Store`] port on two DynamoDB tables.
//!
//! `events` has one item for each event under (`stream`, `version`). `views` has everything else
//! under (`pk`, `sk`): documents under their own keys, and index entries, which point to documents
//! and expire with them. Partitions whose name begins with `#` belong to this crate: counters, each
//! account's history (pointers to its events), and rate limits. No collection has such a name.
//!
//! Every read here ignores items with `expires_ms` in the past, whether or not the table has swept
//! them yet, which it does by `expires_at`.

mod apart;
mod attributes;
mod batch;
mod body;
mod commit;
mod counters;
mod documents;
mod events;
mod glances;
mod guard;
mod lists;
mod numbers;
mod plan;
mod scan;
mod seen;

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use backon::ExponentialBuilder;
use ports::{
    Chain, Clock, Commit, Ids, Queue as _, ReadError, Store, Unavailable,
    store::{
        CommitError, Document, HistoryQuery, Key, Partition, Query, Range, RecordedEvent, Row,
        Sight, StreamId, StreamQuery, StreamsQuery,
    },
};

use crate::{pauses::backoff, queue::SqsQueue};

pub(crate) use self::attributes::{Item, number, read_number, text};
pub use self::scan::{Place, StoredItem};
use self::{glances::Remembered, numbers::Additions, seen::Foreseen};

/// Number of partitions of a busy list. One takes 1,000 write units a second (Developer Guide, "Quotas
/// in Amazon DynamoDB").
const SPREAD: u8 = 8;

/// Names of the tables.
#[derive(Debug, Clone)]
pub struct Tables {
    /// Table of events, the truth. Key: `stream` (text), `version` (number).
    pub events: String,
    /// Table of everything that is derived or expires. Key: `pk`, `sk` (texts). Swept by
    /// `expires_at`.
    pub views: String,
}

/// Implementation of [`Store`] on two tables. Its commits send to a queue that is not part of the
/// transaction.
pub struct DynamoStore {
    client: Client,
    tables: Tables,
    queue: Arc<SqsQueue>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    additions: Additions,
    remembered: Remembered,
    foreseen: Foreseen,
}

impl DynamoStore {
    /// Creates a store on `tables`, whose commits send to `queue`.
    #[must_use]
    pub fn new(
        client: Client,
        tables: Tables,
        queue: Arc<SqsQueue>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let (additions, remembered) = (Additions::default(), Remembered::default());
        let foreseen = Foreseen::default();
        Self { client, tables, queue, clock, ids, additions, remembered, foreseen }
    }

    /// Returns the pauses between the tries of one operation.
    fn backoff(&self) -> ExponentialBuilder {
        let mut seed = [0; 8];
        self.ids.fill(&mut seed);
        backoff(u64::from_ne_bytes(seed))
    }
}

#[async_trait]
impl Store for DynamoStore {
    /// Sends the messages after everything else has happened. Failing to delete a finished message
    /// is not an error: it is received again and dropped.
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.remembered.forget(&commit);
        self.change(&commit).await?;
        // Once more, because it could be read while it changed.
        self.remembered.forget(&commit);
        self.additions.gather(&commit.additions);
        if !commit.messages.is_empty() {
            self.queue.send(&commit.messages).await?;
        }
        if let Err(why) = self.queue.acknowledge_all(&commit.acknowledge).await {
            tracing::warn!(error = %Chain(&why), "a finished message could not be deleted");
        }
        Ok(())
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.events_of_stream(query).await
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        self.streams_of_account(query).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.events_of_account(query).await
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        self.all_events(after.as_deref(), most).await
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        self.documents(keys).await
    }

    async fn glance(
        &self,
        keys: &[Key],
        sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        self.glanced(keys, sights).await
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn spread(&self) -> u8 {
        SPREAD
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        self.rows(query).await
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        self.number_of(partition, range).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        self.count_at(key).await
    }

    fn gathers_additions(&self) -> bool {
        true
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        self.add_numbers().await
    }
}
