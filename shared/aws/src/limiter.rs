//! Implementation of the [`Limiter`] port: token buckets as items of the table `views`, from which
//! each process leases tokens in blocks and uses them in memory.
//!
//! A block is an eighth of the tokens left, and at most what 64 such requests need; so blocks shrink
//! as a bucket gets empty, and a request costs a fraction of a write. No more is leased than the
//! bucket has, so all processes together admit no more than it allows. Tokens that a process leased
//! and did not use within the bucket's period are lost; they have come back by then.

mod table;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use domain::{Rate, Timestamp, limits::Bucket};
use ports::{
    Limiter, Unavailable,
    limiter::{Allowance, Budget, Turn},
};

use table::{Table, Told};

/// Divisor of the remaining tokens for the size of a block.
const PART: u64 = 8;
/// Largest block, in requests like the one that it is leased for.
const MOST_REQUESTS: u64 = 64;
/// Number of budgets before unused ones are forgotten for the first time.
const FEW: usize = 1024;

/// Limiter that leases tokens in blocks.
pub struct LeasingLimiter {
    table: Table,
    known: Mutex<Known>,
}

/// Knowledge that this process has of each budget.
#[derive(Default)]
struct Known {
    tokens: HashMap<Budget, Tokens>,
    /// Number of budgets after unused ones were last forgotten.
    swept_to: usize,
}

/// Tokens of a budget, as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tokens {
    /// Bucket after everything that is known to be leased, by all processes.
    bucket: Bucket,
    /// Number of tokens leased by this process and not used.
    left: u64,
    /// Time at which they are lost.
    ends_at: Timestamp,
}

/// Result of a request's look at the tokens.
enum Found {
    Answer(Allowance),
    /// More tokens must be leased.
    Lease {
        bucket: Bucket,
        block: u64,
    },
}

impl LeasingLimiter {
    /// Creates a limiter whose buckets are in `views`, a table of [`Tables`](crate::Tables).
    #[must_use]
    pub fn new(client: Client, views: String) -> Self {
        Self { table: Table::new(client, views), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Limiter for LeasingLimiter {
    async fn take(
        &self,
        budget: Budget,
        rate: Rate,
        amount: u64,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        loop {
            // The loop ends: each turn leases tokens, or learns that more of them are leased.
            let found = self.known().tokens(budget, now).take(rate, amount, now);
            let (bucket, block) = match found {
                Found::Answer(allowance) => return Ok(allowance),
                Found::Lease { bucket, block } => (bucket, block),
            };
            let told = self.table.lease(budget, rate, (bucket, block), now).await?;
            self.known().tokens(budget, now).learn(told, block, now.plus(rate.period));
        }
    }

    /// Reserves in the table, a write for each turn: what is leased and not used would be turns that
    /// nobody takes, while others wait for theirs.
    async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn, Unavailable> {
        loop {
            // The loop ends: a bucket that was refused for being full or not is seldom the other at the
            // next turn.
            let expected = self.known().tokens(budget, now).bucket;
            let told = self.table.reserve(budget, rate, expected, now).await?;
            let (Told::Leased(bucket) | Told::Refused(bucket)) = told;
            self.known().tokens(budget, now).bucket = bucket;
            if let Told::Leased(bucket) = told {
                return Ok(Turn { at: bucket.turn(rate, now), memory: 0 });
            }
        }
    }

    /// Knows every turn: the table forgets none.
    fn knows(&self, _: Turn) -> bool {
        true
    }

    async fn put_back(&self, budget: Budget, _: Rate, amount: u64) {
        if let Some(tokens) = self.known().tokens.get_mut(&budget) {
            tokens.left += amount;
        }
    }
}

impl Known {
    /// Returns the tokens of `budget`. Unused budgets are forgotten whenever their number has
    /// doubled.
    fn tokens(&mut self, budget: Budget, now: Timestamp) -> &mut Tokens {
        if self.tokens.len() >= FEW.max(2 * self.swept_to) {
            self.tokens.retain(|_, tokens| !tokens.bucket.is_full(now));
            self.swept_to = self.tokens.len();
        }
        self.tokens.entry(budget).or_insert(Tokens::UNKNOWN)
    }
}

impl Tokens {
    /// Tokens of a budget that this process has not asked for.
    const UNKNOWN: Self =
        Self { bucket: Bucket::full_at_nanos(0), left: 0, ends_at: Timestamp::EPOCH };

    /// Uses `amount` tokens, if this process has as many.
    fn take(&mut self, rate: Rate, amount: u64, now: Timestamp) -> Found {
        if self.ends_at <= now {
            self.left = 0;
        }
        let in_bucket = self.bucket.available(rate, now);
        let admitted = self.left >= amount;
        if !admitted && in_bucket >= amount {
            let most = amount.saturating_mul(MOST_REQUESTS).max(amount);
            let block = (in_bucket / PART).clamp(amount, most);
            return Found::Lease { bucket: self.bucket, block };
        }
        let wait = if admitted {
            self.left -= amount;
            Duration::ZERO
        } else {
            self.bucket.wait(rate, amount, now)
        };
        Found::Answer(Allowance {
            limit: rate.limit,
            remaining: in_bucket.saturating_add(self.left).min(rate.limit),
            resets_at: self.bucket.full_at(now),
            admitted,
            wait,
        })
    }

    /// Adds the result of the lease of a block that lasts until `ends_at`.
    fn learn(&mut self, told: Told, block: u64, ends_at: Timestamp) {
        match told {
            Told::Leased(bucket) => {
                self.bucket = self.bucket.max(bucket);
                self.left += block;
                self.ends_at = ends_at;
            }
            Told::Refused(bucket) => self.bucket = self.bucket.max(bucket),
        }
    }
}
