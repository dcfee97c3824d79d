//! Edges of buckets: counts are kept by the minute, so where an edge is within one, the rows of that
//! minute say which of its attempts came before.

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{Environment, Timestamp, id::LogId};
use ports::store::{Partition, Range};

use crate::{
    Backend,
    delivery::{counts::Tally, log::AttemptResult},
    documents::read,
    paging::{Period, Source},
    problem::Problem,
};

const MINUTE: i64 = 60_000;
/// Maximum number of rows of a minute that are read. In a minute with more attempts an edge is moved
/// to the minute's start.
const MOST_ROWS: usize = 1_000;

/// Edge of a bucket.
pub(super) struct Edge {
    pub(super) at: Timestamp,
    /// First whole minute, since the epoch, that is not before the edge, but for `before`.
    pub(super) minute: i64,
    /// Attempts of that minute that are before the edge.
    pub(super) before: Tally,
}

/// Rows of minutes, as far as edges need them.
pub(super) struct Rows<'a> {
    backend: &'a Backend,
    partitions: Vec<Partition>,
    index: bool,
    environments: &'a [Environment],
    read: BTreeMap<i64, Vec<AttemptResult>>,
}

impl<'a> Rows<'a> {
    /// Makes rows that are read from partitions, which can be of index entries.
    pub(super) fn of(
        backend: &'a Backend,
        (partitions, index): (Vec<Partition>, bool),
        environments: &'a [Environment],
    ) -> Self {
        Self { backend, partitions, index, environments, read: BTreeMap::new() }
    }

    /// Returns the edge at `at`; `minutes` are the tallies.
    pub(super) async fn edge(
        &mut self,
        at: Timestamp,
        minutes: &BTreeMap<i64, Tally>,
        now: Timestamp,
    ) -> Result<Edge, Problem> {
        let minute = at.as_millis().div_euclid(MINUTE);
        let start = Timestamp::from_millis(minute * MINUTE);
        let counted = minutes.get(&minute).copied().unwrap_or_default();
        if start == at || counted.attempts() == 0 {
            return Ok(Edge { at, minute, before: Tally::default() });
        }
        if at >= now {
            // Everything so far is before it.
            return Ok(Edge { at, minute, before: counted });
        }
        let moved = Edge { at: start, minute, before: Tally::default() };
        if counted.attempts() > MOST_ROWS as u64 {
            return Ok(moved);
        }
        let rows = self.rows(minute).await?;
        if rows.len() as u64 != counted.attempts() {
            // Some were not kept.
            return Ok(moved);
        }
        let mut before = Tally::default();
        for row in rows.iter().filter(|row| row.created_at < at) {
            before.count(row.succeeded, row.next_attempt_at);
        }
        Ok(Edge { at, minute, before })
    }

    /// Reads the rows of a minute, which are not more than that.
    async fn rows(&mut self, minute: i64) -> Result<&[AttemptResult], Problem> {
        match self.read.entry(minute) {
            Entry::Occupied(read) => Ok(read.into_mut()),
            Entry::Vacant(place) => {
                let from = |minute: i64| {
                    let since = Some(Timestamp::from_millis(minute * MINUTE));
                    Period { since, until: None }.of_ids(LogId::PREFIX).from
                };
                let range = Range { from: from(minute), to: from(minute + 1) };
                let (partitions, index) = (self.partitions.clone(), self.index);
                let source = Source { partitions, index, range };
                let mut rows = Vec::new();
                for row in source.newest(self.backend, None, MOST_ROWS).await? {
                    let row: AttemptResult = read(&row.document.body)?;
                    if self.environments.contains(&row.environment) {
                        rows.push(row);
                    }
                }
                Ok(place.insert(rows))
            }
        }
    }
}
