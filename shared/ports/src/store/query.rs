//! Queries of lists.

use domain::id::{AccountId, AuditId, KeyId, WebhookId};

use super::{Document, HistoryPart, Partition, RecordedEvent, StreamId};

/// Largest number of rows or documents that every store reads at once, and may remember: more of them are
/// a long read, which waits for its account's turn.
pub const SHORT: usize = 128;

/// Direction of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest sort key first.
    Ascending,
    /// Greatest sort key first.
    Descending,
}

/// Range of sort keys from `from`, inclusive, up to `to`, exclusive; unbounded where `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Range {
    /// First sort key of the range.
    pub from: Option<String>,
    /// First sort key after the range.
    pub to: Option<String>,
}

/// Query for the documents of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Partition of documents, or of [`IndexEntry`](super::IndexEntry)s.
    pub partition: Partition,
    /// True if `partition` is one of index entries.
    pub index: bool,
    /// Range of sort keys.
    pub range: Range,
    /// Direction.
    pub order: Order,
    /// Largest number of rows; a backend pages by itself to reach it.
    pub limit: usize,
}

/// Row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Sort key in the queried partition: the index entry's if that is an index.
    pub sort: String,
    /// Document.
    pub document: Document,
}

/// Query for a page of one stream's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamQuery {
    /// Stream.
    pub stream: StreamId,
    /// Direction, by version.
    pub order: Order,
    /// Version behind which the page begins; none for the first page.
    pub past: Option<u64>,
    /// Largest number of events.
    pub limit: usize,
}

/// Kind of what an account has many of, each with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamKind {
    /// API keys.
    Keys,
    /// Webhooks, deleted ones included.
    Webhooks,
}

impl StreamKind {
    /// Returns the beginning of the [subjects](StreamId::subject) of these streams.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Keys => KeyId::PREFIX,
            Self::Webhooks => WebhookId::PREFIX,
        }
    }
}

/// Query for the streams of one kind that an account has, greatest subject first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamsQuery {
    /// Account.
    pub account: AccountId,
    /// Kind of the streams.
    pub kind: StreamKind,
    /// Subject below which the page begins.
    pub below: String,
    /// Largest number of streams.
    pub limit: usize,
}

/// Query for a page of an account's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Account.
    pub account: AccountId,
    /// Part of its history; none for the whole.
    pub part: Option<HistoryPart>,
    /// Direction, by identifier.
    pub order: Order,
    /// Event behind which the page begins; none for the first page.
    pub past: Option<AuditId>,
    /// Largest number of events.
    pub limit: usize,
}

impl HistoryQuery {
    /// Returns the parts that are asked for.
    #[must_use]
    pub const fn parts(&self) -> &'static [HistoryPart] {
        match self.part {
            None => &[HistoryPart::Changes, HistoryPart::Accesses],
            Some(HistoryPart::Changes) => &[HistoryPart::Changes],
            Some(HistoryPart::Accesses) => &[HistoryPart::Accesses],
        }
    }

    /// Merges pages of the parts, each in the order of the query, into one page.
    #[must_use]
    pub fn merge(&self, pages: Vec<Vec<RecordedEvent>>) -> Vec<RecordedEvent> {
        let mut merged: Vec<RecordedEvent> = pages.into_iter().flatten().collect();
        merged.sort_by_key(|recorded| recorded.event.id);
        if self.order == Order::Descending {
            merged.reverse();
        }
        merged.truncate(self.limit);
        merged
    }
}
