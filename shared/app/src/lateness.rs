//! The order in which log rows are written.
//!
//! A row is listed by the time that it tells of: when an attempt or a request began. It is written
//! when that ended, so whoever reads only what is newer than the newest row misses those that took
//! long. A row that is written well after the time it tells of is late: it is listed a second time,
//! by the time of writing. The rows that are not late and the late ones by that second place are
//! all rows in the order in which they were written, to within [`LATE`]. Only late rows cost an
//! index entry more.

use std::time::Duration;

use domain::{Timestamp, id::LogId};
use ports::store::{IndexEntry, Partition, Range, Row};
use serde::{Deserialize, Serialize};

use crate::{
    Backend,
    http::list::{Source, created},
};

/// A row that is written so long after the time it tells of, or longer, is late.
const LATE: Duration = Duration::from_secs(1);

/// When a row was written, if it was late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Lateness(Option<Timestamp>);

impl Lateness {
    /// That of a row which tells of `created_at` and is written now.
    pub(crate) fn now(backend: &Backend, created_at: Timestamp) -> Self {
        let now = backend.now();
        Self((now.since(created_at) >= LATE).then_some(now))
    }

    /// Whether the row was not late.
    pub(crate) const fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The row's place among the late ones in `partition`, if it is late.
    pub(crate) fn entry(self, backend: &Backend, partition: Partition) -> Option<IndexEntry> {
        let id: LogId = backend.new_id(self.0?);
        Some(IndexEntry { partition, sort: id.to_string() })
    }

    /// Whether a row that tells of `created_at` may have been written at `since` or later.
    pub(crate) fn is_since(self, since: Timestamp, created_at: Timestamp) -> bool {
        self.0.unwrap_or(created_at).plus(LATE) > since
    }

    /// Whether `row` is listed here in the order of writing: a late row by its second place only.
    pub(crate) fn is_at_its_place(self, row: &Row) -> bool {
        self.is_none() == (row.sort == row.document.key.sort)
    }
}

/// Where rows are read from in the order of writing, from `since` on: `all` of them by their times,
/// and those in `late` by when they were written.
pub(crate) fn written_since(all: Source, late: Vec<Partition>, since: Timestamp) -> Vec<Source> {
    let from = created(LogId::PREFIX, Some(since.minus(LATE)), None).from;
    let range = Range { from: all.range.from.clone().max(from.clone()), to: all.range.to.clone() };
    let late = Source { partitions: late, index: true, range: Range { from, to: None } };
    vec![Source { range, ..all }, late]
}
