//! Budgets in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{Rate, Timestamp, limits::Bucket};
use ports::{
    Ids, Limiter, Unavailable,
    limiter::{Allowance, Budget, Turn},
};

/// Number of budgets before full ones are forgotten for the first time.
const FEW: usize = 1024;

/// Limiter in memory. A restart makes every budget whole, and every turn that was given unknown.
///
/// A full bucket is the same as none, so full ones are forgotten whenever the number of budgets has
/// doubled: memory is bounded by what was used within one period.
#[derive(Debug, Default)]
pub struct MemoryLimiter {
    buckets: Mutex<Buckets>,
    /// Random number, by which it knows its own turns.
    number: u64,
}

#[derive(Debug, Default)]
struct Buckets {
    used: HashMap<Budget, Bucket>,
    /// Number of budgets after the full ones were last forgotten.
    swept_to: usize,
}

#[async_trait]
impl Limiter for MemoryLimiter {
    async fn take(
        &self,
        budget: Budget,
        rate: Rate,
        amount: u64,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        let mut buckets = self.buckets();
        buckets.sweep(now);
        let bucket = buckets.used.entry(budget).or_default();
        let taken = bucket.take(rate, amount, now);
        let wait = bucket.wait(rate, amount, now);
        *bucket = taken.unwrap_or(*bucket);
        Ok(Allowance {
            limit: rate.limit,
            remaining: bucket.available(rate, now),
            resets_at: bucket.full_at(now),
            admitted: taken.is_some(),
            wait,
        })
    }

    async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn, Unavailable> {
        let mut buckets = self.buckets();
        buckets.sweep(now);
        let bucket = buckets.used.entry(budget).or_default();
        *bucket = bucket.reserve(rate, now);
        Ok(Turn { at: bucket.turn(rate, now), memory: self.number })
    }

    fn knows(&self, turn: Turn) -> bool {
        turn.memory == self.number
    }

    async fn put_back(&self, budget: Budget, rate: Rate, amount: u64) {
        if let Some(bucket) = self.buckets().used.get_mut(&budget) {
            *bucket = bucket.put_back(rate, amount);
        }
    }
}

impl MemoryLimiter {
    /// Makes a limiter whose turns are told from those of other processes by a random number.
    #[must_use]
    pub fn new(ids: &dyn Ids) -> Self {
        let mut number = [0; 8];
        ids.fill(&mut number);
        Self { number: u64::from_be_bytes(number), ..Self::default() }
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buckets {
    /// Forgets full buckets if there are twice as many as after the last time.
    fn sweep(&mut self, now: Timestamp) {
        if self.used.len() >= FEW.max(2 * self.swept_to) {
            self.used.retain(|_, bucket| !bucket.is_full(now));
            self.swept_to = self.used.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::id::{AccountId, KeyId, Ulid};
    use ports::limiter::Use;

    use super::*;

    #[tokio::test]
    async fn full_buckets_are_forgotten() {
        let (limiter, rate) = (MemoryLimiter::default(), Rate::per_minute(10));
        for number in 0..100_000_u64 {
            let key = Use::Key(KeyId(Ulid::from_parts(0, number.into())));
            let budget = Budget::Account(AccountId(Ulid::from_parts(0, 1)), key);
            let now = Timestamp::EPOCH.plus(Duration::from_millis(10 * number));
            assert!(limiter.take(budget, rate, 1, now).await.unwrap().admitted);
        }
        // One token comes back within six seconds, in which there were 600 keys.
        assert!(limiter.buckets().used.len() <= FEW + 600);
    }

    /// Source of identifiers whose random bytes are all the same.
    struct Same(u8);

    impl Ids for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }

        fn ulid(&self, _: Timestamp) -> Ulid {
            Ulid::nil()
        }
    }

    #[tokio::test]
    async fn a_turn_of_another_process_is_unknown() {
        let (before, after) = (MemoryLimiter::new(&Same(1)), MemoryLimiter::new(&Same(2)));
        let budget = Budget::Account(AccountId(Ulid::nil()), Use::Requests);
        let turn = before.reserve(budget, Rate::per_minute(1), Timestamp::EPOCH).await.unwrap();
        assert!(before.knows(turn) && !after.knows(turn));
    }
}
