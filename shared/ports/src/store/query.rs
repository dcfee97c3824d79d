//! Lists.

use super::{Document, Partition};

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest sort key first.
    Ascending,
    /// Greatest sort key first.
    Descending,
}

/// Sort keys from `from`, inclusive, up to `to`, exclusive; unbounded where `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Range {
    /// The first that counts.
    pub from: Option<String>,
    /// The first that no longer counts.
    pub to: Option<String>,
}

/// A question for the documents of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Which partition: of documents, or of [`IndexEntry`](super::IndexEntry)s.
    pub partition: Partition,
    /// Whether `partition` is one of index entries.
    pub index: bool,
    /// Which part of it.
    pub range: Range,
    /// Which way.
    pub order: Order,
    /// At most how many; a backend pages by itself to reach it.
    pub limit: usize,
}

/// A document in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its sort key in the partition that was asked: the index entry's where that was an index.
    pub sort: String,
    /// The document.
    pub document: Document,
}
