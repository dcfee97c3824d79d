//! Past spans: counted once, or once a minute while late rows can still be added to them.

use std::time::Duration;

use domain::Timestamp;
use ports::store::Partition;

use super::count::{Span, Tally};
use crate::{kept::Kept, problem::Problem};

/// Time after the end of a span during which rows can still be added to it: a row has the time at
/// which its attempt began, and an attempt may take five minutes.
const STILL_MOVES: Duration = Duration::from_mins(10);
/// Maximum number of spans in the cache.
const MOST: usize = 16_384;

/// Cache of the tallies of past spans.
pub struct Past(Kept<Place, (), Tally>);

impl Default for Past {
    fn default() -> Self {
        Self(Kept::of_entries(MOST))
    }
}

/// Key of a span: the partitions of its attempts, its start and its end; and the minute in which it
/// was counted while late rows could still be added.
type Place = (Vec<Partition>, Timestamp, Timestamp, Option<i64>);

impl Past {
    /// Returns the tally of `span`, from the cache or from `count`.
    ///
    /// # Errors
    /// The errors of `count`.
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
