//! Count of the attempts in a span of time, at a bounded cost.
//!
//! The newest rows of a span are counted, and if there are more, the rest is estimated from how much
//! of the span those rows take.

use std::time::Duration;

use domain::{Environment, Timestamp, id::LogId};
use ports::store::{Partition, Range};

use crate::{
    Backend,
    delivery::log::AttemptResult,
    documents::read,
    paging::{Period, Source},
    problem::Problem,
};

/// Maximum number of rows counted in a bucket; the last bucket is counted for every request.
const SAMPLE: usize = 50;

/// Tally of attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Number of attempts; estimated if `sampled`.
    pub attempts: u64,
    /// Number of those counted that were acknowledged.
    pub succeeded: u64,
    /// Number of those counted that failed and are tried again.
    pub retrying: u64,
    /// Number of those counted that failed for the last time.
    pub failed: u64,
    /// True if there were more than were counted: the newest 50 were.
    pub sampled: bool,
}

/// Part of the period, with the partitions in which its attempts are listed.
pub(crate) struct Span<'a> {
    pub(crate) partitions: &'a [Partition],
    pub(crate) index: bool,
    pub(crate) environments: &'a [Environment],
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

impl Span<'_> {
    /// Counts the newest attempts of the span.
    pub(super) async fn count(&self, backend: &Backend) -> Result<Tally, Problem> {
        let from = |at| Period { since: Some(at), until: None }.of_ids(LogId::PREFIX).from;
        let range = Range { from: from(self.since), to: from(self.until) };
        let source = Source { partitions: self.partitions.to_vec(), index: self.index, range };
        let rows = source.newest(backend, None, SAMPLE + 1).await?;
        let sampled = rows.len() > SAMPLE;
        let mut tally = Tally { sampled, ..Tally::default() };
        let mut oldest = self.until;
        for row in rows.iter().take(SAMPLE) {
            let row: AttemptResult = read(&row.document.body)?;
            if !self.environments.contains(&row.environment) {
                continue;
            }
            oldest = row.created_at;
            let counter = match (row.succeeded, row.next_attempt_at) {
                (true, _) => &mut tally.succeeded,
                (false, Some(_)) => &mut tally.retrying,
                (false, None) => &mut tally.failed,
            };
            *counter += 1;
        }
        tally.attempts = tally.succeeded + tally.retrying + tally.failed;
        if sampled {
            tally.attempts = self.estimate(tally.attempts, oldest);
        }
        Ok(tally)
    }

    /// Estimates the number in the whole span, if `counted` lie between `oldest` and its end.
    fn estimate(&self, counted: u64, oldest: Timestamp) -> u64 {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let seen = millis(self.until.since(oldest)).max(1);
        counted.saturating_mul(millis(self.until.since(self.since))) / seen
    }
}
