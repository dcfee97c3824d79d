//! Ranking of webhooks: the newest attempts in a list over all accounts say which are looked at, and the
//! counts of their attempts how they rank.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{Environment, Timestamp};
use ports::store::{Partition, Range};

use super::place::{MOST_WEBHOOKS, Place, account_of};
use crate::{
    Backend,
    delivery::{log::AttemptResult, recent::Recent},
    documents::read,
    paging::Source,
    problem::Problem,
    views::collections,
};

/// Number of rows read from each of the partitions that a list is spread over. Rows are spread at
/// random, so together these are roughly the newest.
const EACH: usize = 16;
/// Maximum number of webhooks whose counts are read: those that the newest rows put first.
const MOST_COUNTED: usize = 2 * MOST_WEBHOOKS;
/// Maximum number of rows that are ranked anew for every request.
const FEW: usize = 50;
/// Time for which a ranking of more rows is reused.
const STANDS: Duration = Duration::from_secs(5);

/// Tally of a webhook: of the newest rows that are its own, and what is counted of its attempts.
#[derive(Clone)]
pub(super) struct Tally {
    environment: Environment,
    rows: u64,
    pub(super) slowest_ms: u64,
    pub(super) last_at: Timestamp,
    pub(super) recent: Recent,
}

/// Webhooks, highest rank first.
type Ranked = Vec<(Place, Tally)>;

/// Ranking, with the time until which it is reused.
pub(super) struct Ranking {
    partitions: fn() -> Vec<Partition>,
    /// Number by which the rows alone put a webhook first.
    of_rows: fn(&Tally) -> u64,
    /// Number by which webhooks are ranked, once their counts are known.
    by: fn(&Tally) -> u64,
    standing: Mutex<Option<(Timestamp, Ranked)>>,
}

/// All rankings.
pub struct Rankings {
    pub(super) most_failing: Ranking,
    pub(super) slowest: Ranking,
}

impl Default for Rankings {
    fn default() -> Self {
        Self {
            most_failing: Ranking::new(
                collections::failed_first_attempts,
                |of| of.rows,
                |of| of.recent.failed_first,
            ),
            // The counts have no durations, so that an attempt costs no more for this.
            slowest: Ranking::new(
                collections::slow_attempts,
                |of| of.slowest_ms,
                |of| of.slowest_ms,
            ),
        }
    }
}

impl Ranking {
    fn new(
        partitions: fn() -> Vec<Partition>,
        of_rows: fn(&Tally) -> u64,
        by: fn(&Tally) -> u64,
    ) -> Self {
        Self { partitions, of_rows, by, standing: Mutex::new(None) }
    }

    /// Returns the ranking, computed anew unless it can be reused.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub(super) async fn look(&self, backend: &Backend, now: Timestamp) -> Result<Ranked, Problem> {
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((until, ranked)) = standing
            && now < until
        {
            return Ok(ranked);
        }
        let (rows, ranked) = self.rank(backend, now).await?;
        let standing = (rows > FEW).then(|| (now.plus(STANDS), ranked.clone()));
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        Ok(ranked)
    }

    /// Returns the number of rows examined, and the webhooks with the most `by` first; among
    /// equals, the one with the newest attempt first.
    async fn rank(&self, backend: &Backend, now: Timestamp) -> Result<(usize, Ranked), Problem> {
        let mut rows = 0;
        let mut tallies: BTreeMap<Place, Tally> = BTreeMap::new();
        for partition in (self.partitions)() {
            let source =
                Source { partitions: vec![partition], index: true, range: Range::default() };
            for row in source.newest(backend, None, EACH).await? {
                let attempt: AttemptResult = read(&row.document.body)?;
                let at = attempt.created_at;
                let tally = tallies
                    .entry((account_of(&row.document.key)?, attempt.webhook))
                    .or_insert(Tally {
                        environment: attempt.environment,
                        rows: 0,
                        slowest_ms: 0,
                        last_at: at,
                        recent: Recent::default(),
                    });
                tally.rows += 1;
                tally.slowest_ms = tally.slowest_ms.max(attempt.duration_ms);
                tally.last_at = tally.last_at.max(at);
                rows += 1;
            }
        }
        let mut ranked: Ranked = tallies.into_iter().collect();
        ranked.sort_by_key(|(_, tally)| Reverse(((self.of_rows)(tally), tally.last_at)));
        ranked.truncate(MOST_COUNTED);
        for ((account, webhook), tally) in &mut ranked {
            let place = (*account, tally.environment, *webhook);
            tally.recent = Recent::of(backend, place, now).await?;
        }
        ranked.sort_by_key(|(_, tally)| Reverse(((self.by)(tally), tally.last_at)));
        ranked.truncate(MOST_WEBHOOKS);
        Ok((rows, ranked))
    }
}
