//! What is over is counted once; while late rows can still come to be in it, once a minute.

use std::time::Duration;

use domain::Timestamp;
use ports::store::Partition;

use super::{Span, Tally};
use crate::{kept::Kept, problem::Problem};

/// How long after the end of a span rows can still come to be in it: a row has the time at which
/// its attempt began, and an attempt may take five minutes.
const STILL_MOVES: Duration = Duration::from_mins(10);
/// The most spans that are remembered.
const MOST: usize = 16_384;

/// Tallies of spans that are over.
pub struct Past(Kept<Place, (), Tally>);

impl Default for Past {
    fn default() -> Self {
        Self(Kept::of_entries(MOST))
    }
}

/// A span: where its attempts are listed, its beginning and its end; and the minute in which it was
/// counted while late rows could still come.
type Place = (Vec<Partition>, Timestamp, Timestamp, Option<i64>);

impl Past {
    /// The tally of `span`: remembered, or from `count`.
    ///
    /// # Errors
    /// Those of `count`.
    pub(super) async fn recall<F>(
        &self,
        span: &Span<'_>,
        now: Timestamp,
        count: impl FnOnce() -> F,
    ) -> Result<Tally, Problem>
    where
        F: Future<Output = Result<Tally, Problem>>,
    {
        if span.until >= now {
            return count().await;
        }
        let minute = (span.until.plus(STILL_MOVES) > now).then(|| now.as_seconds() / 60);
        let key = (span.partitions.to_vec(), span.since, span.until, minute);
        if let Some(tally) = self.0.get(&key, &()) {
            return Ok(tally);
        }
        let tally = count().await?;
        self.0.put(key, (), tally);
        Ok(tally)
    }
}
