//! Which webhooks the newest attempts of a list of all accounts were to, ranked.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::Timestamp;
use ports::store::{Partition, Range};

use super::{MOST_WEBHOOKS, Place, account_of};
use crate::{
    Backend,
    delivery::log::Went,
    http::list::Source,
    problem::Problem,
    views::collections,
    work::{Work, read},
};

/// How many rows are looked at of each of the partitions that a list is spread over. A row's place
/// is as good as random, so together they are about the newest.
const EACH: usize = 64;
/// Up to so many rows are counted for every look.
const FEW: usize = 50;
/// How long a ranking of more rows stands.
const STANDS: Duration = Duration::from_secs(5);

/// What the attempts of a list that were to one webhook come to.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    pub(super) attempts: u64,
    pub(super) slowest_ms: u64,
    pub(super) last_at: Timestamp,
}

/// Webhooks, the first of a ranking first.
type Ranked = Vec<(Place, Tally)>;

/// A ranking, and until when it stands.
pub(super) struct Ranking {
    partitions: fn() -> Vec<Partition>,
    by: fn(&Tally) -> u64,
    standing: Mutex<Option<(Timestamp, Ranked)>>,
}

/// Every ranking there is.
pub struct Rankings {
    pub(super) most_failing: Ranking,
    pub(super) slowest: Ranking,
}

impl Default for Rankings {
    fn default() -> Self {
        Self {
            most_failing: Ranking::new(collections::failed_first_attempts, |of| of.attempts),
            slowest: Ranking::new(collections::slow_attempts, |of| of.slowest_ms),
        }
    }
}

impl Ranking {
    fn new(partitions: fn() -> Vec<Partition>, by: fn(&Tally) -> u64) -> Self {
        Self { partitions, by, standing: Mutex::new(None) }
    }

    /// The ranking as it stands, or as it is now.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub(super) async fn look(&self, work: &Work) -> Result<Ranked, Problem> {
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((until, ranked)) = standing
            && work.now < until
        {
            return Ok(ranked);
        }
        let (rows, ranked) = self.rank(&work.backend).await?;
        let standing = (rows > FEW).then(|| (work.now.plus(STANDS), ranked.clone()));
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        Ok(ranked)
    }

    /// How many rows were looked at, and the webhooks with the most `by` first, of equals the one
    /// that was sent to last.
    async fn rank(&self, backend: &Backend) -> Result<(usize, Ranked), Problem> {
        let mut rows = 0;
        let mut tallies: BTreeMap<Place, Tally> = BTreeMap::new();
        for partition in (self.partitions)() {
            let source =
                Source { partitions: vec![partition], index: true, range: Range::default() };
            for row in source.newest(backend, None, EACH).await? {
                let attempt: Went = read(&row.document.body)?;
                let at = attempt.created_at;
                let tally = tallies
                    .entry((account_of(&row.document.key)?, attempt.webhook))
                    .or_insert(Tally { attempts: 0, slowest_ms: 0, last_at: at });
                tally.attempts += 1;
                tally.slowest_ms = tally.slowest_ms.max(attempt.duration_ms);
                tally.last_at = tally.last_at.max(at);
                rows += 1;
            }
        }
        let mut ranked: Ranked = tallies.into_iter().collect();
        ranked.sort_by_key(|(_, tally)| Reverse(((self.by)(tally), tally.last_at)));
        ranked.truncate(MOST_WEBHOOKS);
        Ok((rows, ranked))
    }
}
