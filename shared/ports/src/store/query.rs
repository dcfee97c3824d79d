//! Queries of lists.

use super::{Document, Partition};

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
