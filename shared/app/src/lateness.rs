//! Lateness of log rows: the order in which they are written.
//!
//! A row is listed by its own time: when an attempt or a request began. It is written when that
//! ended, so a reader that asks only for rows newer than the newest one misses slow ones. A row
//! written well after its own time is late: it is listed a second time, by the time of writing. The
//! rows that are not late, together with the late ones by time of writing, are all rows in the
//! order of writing, to within [`LATE`]. Only late rows cost an additional index entry.

use std::time::Duration;

use domain::{Timestamp, id::LogId};
use ports::store::{Partition, Range, Row};
use serde::{Deserialize, Serialize};

use crate::{
    Backend,
    paging::{Period, Source},
};

/// Minimum delay between a row's own time and its writing that makes it late.
const LATE: Duration = Duration::from_secs(1);

/// Time of writing of a late row; none if the row is not late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Lateness(Option<Timestamp>);

impl Lateness {
    /// Returns the lateness of a row with the time `created_at` that is written now.
    pub(crate) fn now(backend: &Backend, created_at: Timestamp) -> Self {
        let now = backend.now();
        Self((now.since(created_at) >= LATE).then_some(now))
    }

    /// Returns whether the row is not late.
    pub(crate) const fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the sort key of a late row among late rows, which is new.
    pub(crate) fn sort(self, backend: &Backend) -> Option<LogId> {
        Some(backend.new_id(self.0?))
    }

    /// Returns whether a row with the time `created_at` may have been written at `since` or later.
    pub(crate) fn is_since(self, since: Timestamp, created_at: Timestamp) -> bool {
        self.0.unwrap_or(created_at).plus(LATE) > since
    }

    /// Returns whether `row` is listed here in the order of writing: a late row only by its second
    /// entry.
    pub(crate) fn is_at_its_place(self, row: &Row) -> bool {
        self.is_none() == (row.sort == row.document.key.sort)
    }
}

/// Returns the sources for reading rows in the order of writing from `since` on: `all` rows by
/// their own times, and those in `late` by the time of writing.
pub(crate) fn written_since(all: Source, late: Vec<Partition>, since: Timestamp) -> Vec<Source> {
    let from = Period { since: Some(since.minus(LATE)), until: None }.of_ids(LogId::PREFIX).from;
    let range = Range { from: all.range.from.clone().max(from.clone()), to: all.range.to.clone() };
    let late = Source { partitions: late, index: true, range: Range { from, to: None } };
    vec![Source { range, ..all }, late]
}
