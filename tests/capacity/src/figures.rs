//! Figures: what a run was like.

use std::collections::BTreeMap;

use crate::{MINUTE, Millis, SECOND, load::WEBHOOKS};

/// Time after its acceptance from which on a first attempt is late.
const LATE_FIRST: Millis = 10 * SECOND;
/// Time after it was due from which on a retry is late.
const LATE_RETRY: Millis = MINUTE;

/// Figures of a run.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Number of events that were accepted.
    pub accepted: u64,
    /// Number of answers 503, after which the sender asked again.
    pub refused: u64,
    /// Number of events that their senders gave up.
    pub given_up: u64,
    /// Number of attempts, those that had to be made again included.
    pub attempts: u64,
    /// Number of attempts that were made again, because their outcome could not be recorded.
    pub again: u64,
    /// Number of messages that came back because their delivery could not be read.
    pub unread: u64,
    /// Number of items that were asked for, read or written.
    pub items: u64,
    /// Number of times that one was throttled, by what was full.
    pub throttled: BTreeMap<String, u64>,
    /// Times from acceptance to first attempt, of the largest account.
    pub largest: Delays,
    /// Times from acceptance to first attempt, of the others.
    pub others: Delays,
    /// Times from when a retry was due to its attempt.
    pub retries: Delays,
    /// Largest number of messages in flight in one queue.
    pub in_flight: usize,
    /// Time for which the limit of messages in flight held back others.
    pub held_back: Millis,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            accepted: 0,
            refused: 0,
            given_up: 0,
            attempts: 0,
            again: 0,
            unread: 0,
            items: 0,
            throttled: BTreeMap::new(),
            largest: Delays::late_from(LATE_FIRST),
            others: Delays::late_from(LATE_FIRST),
            retries: Delays::late_from(LATE_RETRY),
            in_flight: 0,
            held_back: 0,
        }
    }
}

impl Figures {
    /// Returns the number of first attempts that were still to be made when the run ended.
    #[must_use]
    pub fn unattempted(&self) -> u64 {
        let made = self.largest.number() + self.others.number();
        (self.accepted * u64::from(WEBHOOKS)).saturating_sub(made)
    }

    /// Returns the number of times that an item was throttled.
    #[must_use]
    pub fn throttles(&self) -> u64 {
        self.throttled.values().sum()
    }
}

/// Delays by their length, to two digits or better.
#[derive(Debug, Clone)]
pub struct Delays {
    counts: Vec<u64>,
    number: u64,
    longest: Millis,
    late_from: Millis,
    late: u64,
    late_until: Millis,
}

/// Number of delays that are told apart in each power of two.
const STEPS: u64 = 64;

impl Delays {
    fn late_from(late_from: Millis) -> Self {
        let (counts, number, longest, late, late_until) = (Vec::new(), 0, 0, 0, 0);
        Self { counts, number, longest, late_from, late, late_until }
    }

    /// Enters a delay that ended at `now`.
    pub(crate) fn enter(&mut self, delay: Millis, now: Millis) {
        let place = usize::try_from(place(delay)).unwrap_or(usize::MAX);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
        self.number += 1;
        self.longest = self.longest.max(delay);
        if delay > self.late_from {
            self.late += 1;
            self.late_until = now;
        }
    }

    /// Number of delays.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Longest delay.
    #[must_use]
    pub const fn longest(&self) -> Millis {
        self.longest
    }

    /// Number of delays that are late.
    #[must_use]
    pub const fn late(&self) -> u64 {
        self.late
    }

    /// Time at which the last late one ended.
    #[must_use]
    pub const fn late_until(&self) -> Millis {
        self.late_until
    }

    /// Returns the delay that `per_mille` of a thousand do not exceed.
    #[must_use]
    pub fn per_mille(&self, per_mille: u64) -> Millis {
        let wanted = (self.number * per_mille).div_ceil(1000);
        let mut seen = 0;
        for (place, count) in (0..).zip(&self.counts) {
            seen += count;
            if seen >= wanted && seen > 0 {
                return end_of(place).min(self.longest);
            }
        }
        0
    }
}

/// Returns the place of a delay among the counts: its own if it is short, else by its first seven bits.
fn place(delay: Millis) -> u64 {
    let above = u64::from((delay / STEPS).checked_ilog2().map_or(0, |bits| bits + 1));
    if above == 0 { delay } else { above * STEPS + (delay >> (above - 1)) - STEPS }
}

/// Returns the longest delay of a place.
fn end_of(place: u64) -> Millis {
    let above = place / STEPS;
    if above == 0 { place } else { ((place % STEPS + STEPS + 1) << (above - 1)) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_found_again_to_two_digits() {
        for delay in [0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 1000, 15_000, 3_600_000] {
            let found = end_of(place(delay));
            assert!(found >= delay && found - delay <= delay / 64, "{delay} as {found}");
        }
        for delay in 1..10_000 {
            assert!(place(delay - 1) <= place(delay) && place(delay) <= place(delay - 1) + 1);
        }
    }

    #[test]
    fn a_part_of_the_delays_and_what_was_late_are_told() {
        let mut delays = Delays::late_from(10);
        for delay in 1..=100 {
            delays.enter(delay / 5, 7 * delay);
        }
        assert_eq!((delays.per_mille(500), delays.per_mille(990), delays.longest()), (10, 19, 20));
        assert_eq!((delays.number(), delays.late(), delays.late_until()), (100, 46, 700));
    }
}
