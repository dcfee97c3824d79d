//! Token bucket, in the form of the generic cell rate algorithm: instead of a level that has to be
//! refilled it knows the time at which it is full.
//! <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>

use std::time::Duration;

use super::Rate;
use crate::Timestamp;

const NANOS_A_MILLI: u128 = 1_000_000;

/// Token bucket that starts full and fills evenly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    /// Time at which it is full, in nanoseconds since the epoch; past if it is full.
    full_at: u128,
}

impl Bucket {
    /// Makes the bucket that is full from `nanos` since the epoch on.
    #[must_use]
    pub const fn full_at_nanos(nanos: u128) -> Self {
        Self { full_at: nanos }
    }

    /// Returns the time at which it is full, in nanoseconds since the epoch.
    #[must_use]
    pub const fn nanos(self) -> u128 {
        self.full_at
    }

    /// Returns the time at which it is full; not before `now`.
    #[must_use]
    pub fn full_at(self, now: Timestamp) -> Timestamp {
        let millis = self.full_at.div_ceil(NANOS_A_MILLI);
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)).max(now)
    }

    /// Returns whether nothing was taken that has not come back by `now`.
    #[must_use]
    pub fn is_full(self, now: Timestamp) -> bool {
        self.full_at <= nanos(now)
    }

    /// Returns the whole tokens in it at `now`.
    #[must_use]
    pub fn available(self, rate: Rate, now: Timestamp) -> u64 {
        let missing = self.full_at.saturating_sub(nanos(now));
        let used = (missing * u128::from(rate.limit)).div_ceil(rate.period.as_nanos().max(1));
        rate.limit.saturating_sub(u64::try_from(used).unwrap_or(u64::MAX))
    }

    /// Returns the bucket after `amount` tokens were taken at `now`; none if it has fewer.
    #[must_use]
    pub fn take(self, rate: Rate, amount: u64, now: Timestamp) -> Option<Self> {
        let enough = self.available(rate, now) >= amount;
        enough.then(|| Self { full_at: self.full_at.max(nanos(now)) + time_of(rate, amount) })
    }

    /// Returns the bucket after one token was taken for a turn: at `now` if there is one, or else at the
    /// time at which the next comes back that no earlier turn has taken. So it can owe tokens.
    #[must_use]
    pub fn reserve(self, rate: Rate, now: Timestamp) -> Self {
        Self { full_at: self.full_at.max(nanos(now)) + time_of(rate, 1) }
    }

    /// Returns the time of the turn that was reserved last, which was at `now`.
    #[must_use]
    pub fn turn(self, rate: Rate, now: Timestamp) -> Timestamp {
        let at = self.full_at.saturating_sub(rate.period.as_nanos()).div_ceil(NANOS_A_MILLI);
        Timestamp::from_millis(i64::try_from(at).unwrap_or(i64::MAX)).max(now)
    }

    /// Returns the bucket after `amount` tokens were put back.
    #[must_use]
    pub fn put_back(self, rate: Rate, amount: u64) -> Self {
        Self { full_at: self.full_at.saturating_sub(time_of(rate, amount)) }
    }

    /// Returns the time until it has `amount` tokens: at most until it is full.
    #[must_use]
    pub fn wait(self, rate: Rate, amount: u64, now: Timestamp) -> Duration {
        let missing = self.full_at.saturating_sub(nanos(now));
        let spared = time_of(rate, rate.limit.saturating_sub(amount));
        let wait = missing.saturating_sub(spared);
        Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX))
    }
}

fn nanos(now: Timestamp) -> u128 {
    u128::try_from(now.as_millis()).unwrap_or_default() * NANOS_A_MILLI
}

/// Returns the nanoseconds in which `amount` tokens come back, rounded down so that as many as the
/// limit fit into one period.
fn time_of(rate: Rate, amount: u64) -> u128 {
    u128::from(amount) * rate.period.as_nanos() / u128::from(rate.limit.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::EPOCH;

    fn at(millis: u64) -> Timestamp {
        NOW.plus(Duration::from_hours(1)).plus(Duration::from_millis(millis))
    }

    #[test]
    fn it_starts_full_and_holds_exactly_its_limit() {
        for limit in [1, 3, 7, 1200, 6000, 1_000_003] {
            let rate = Rate::per_minute(limit);
            let mut bucket = Bucket::default();
            assert_eq!(bucket.available(rate, at(0)), limit);
            for left in (0..limit.min(10_000)).map(|taken| limit - taken - 1) {
                bucket = bucket.take(rate, 1, at(0)).unwrap();
                assert_eq!(bucket.available(rate, at(0)), left);
            }
            assert_eq!(bucket.take(rate, limit, at(0)), None);
        }
    }

    #[test]
    fn tokens_come_back_evenly() {
        let rate = Rate::per_minute(3);
        let bucket = Bucket::default().take(rate, 3, at(0)).unwrap();
        for (millis, available) in [(0, 0), (19_999, 0), (20_000, 1), (40_000, 2), (90_000, 3)] {
            assert_eq!(bucket.available(rate, at(millis)), available, "{millis}");
        }
        assert_eq!(bucket.wait(rate, 1, at(5_000)), Duration::from_secs(15));
        assert_eq!(bucket.wait(rate, 2, at(5_000)), Duration::from_secs(35));
        assert_eq!(bucket.wait(rate, 9, at(5_000)), Duration::from_secs(55));
        assert_eq!((bucket.full_at(at(0)), bucket.is_full(at(60_000))), (at(60_000), true));
        assert_eq!(bucket.put_back(rate, 2).available(rate, at(0)), 2);
    }

    #[test]
    fn turns_begin_with_what_is_in_the_bucket_and_go_on_evenly() {
        let rate = Rate::per_minute(3);
        let mut bucket = Bucket::default();
        for seconds in [0, 0, 0, 20, 40, 60, 80] {
            bucket = bucket.reserve(rate, at(0));
            assert_eq!(bucket.turn(rate, at(0)), at(seconds * 1000));
        }
        // One that comes later is behind the others, and one after all of them has no wait.
        bucket = bucket.reserve(rate, at(90_000));
        assert_eq!(bucket.turn(rate, at(90_000)), at(100_000));
        bucket = bucket.reserve(rate, at(300_000));
        assert_eq!(bucket.turn(rate, at(300_000)), at(300_000));
    }

    proptest! {
        /// Turns come in their order, and no window has more of them than the bucket and what comes
        /// back in it.
        #[test]
        fn turns_are_bounded(
            limit in 1_u64..5000,
            pauses in prop::collection::vec(0_u64..500, 1..200),
        ) {
            let rate = Rate::per_minute(limit);
            let (mut bucket, mut now, mut turns) = (Bucket::default(), 0, vec![]);
            for pause in pauses {
                now += pause;
                bucket = bucket.reserve(rate, at(now));
                turns.push(bucket.turn(rate, at(now)));
            }
            prop_assert!(turns.is_sorted());
            for (first, begin) in turns.iter().enumerate() {
                for (last, end) in turns.iter().enumerate().skip(first) {
                    let back = u128::from(limit) * end.since(*begin).as_millis() / 60_000 + 1;
                    prop_assert!((last - first + 1) as u128 <= u128::from(limit) + back);
                }
            }
        }

        /// No window of any length lets more through than the bucket and what comes back in it.
        #[test]
        fn what_is_taken_is_bounded(
            limit in 1_u64..5000,
            asked in prop::collection::vec((0_u64..5000, 1_u64..20), 1..200),
        ) {
            let rate = Rate::per_minute(limit);
            let (mut bucket, mut now, mut taken) = (Bucket::default(), 0, vec![]);
            for (pause, amount) in asked {
                now += pause;
                if let Some(after) = bucket.take(rate, amount, at(now)) {
                    bucket = after;
                    taken.push((now, amount));
                } else {
                    // A fraction of a millisecond, perhaps.
                    let wait = bucket.wait(rate, amount, at(now));
                    prop_assert!(wait > Duration::ZERO || amount > limit);
                }
            }
            for (first, (begin, _)) in taken.iter().enumerate() {
                let mut sum = 0;
                for (end, amount) in &taken[first..] {
                    sum += amount;
                    let back = u128::from(limit) * u128::from(end - begin) / 60_000 + 1;
                    prop_assert!(u128::from(sum) <= u128::from(limit) + back);
                }
            }
        }
    }
}
