//! Retry schedule: when a delivery is tried again.

use std::{fmt, str::FromStr, time::Duration};

use crate::time::Timestamp;

/// Retry schedule: the delay of each retry after the first attempt.
///
/// Written as groups of equal steps: `10x1m,24x1h` is every minute for ten minutes, then every hour
/// for 24 hours. Slot 0 is the first attempt; slot *k* is due at T plus the sum of the first *k*
/// steps. Due times are counted from the first attempt at T, so they do not drift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Offsets from T of slots 1, 2, …; strictly increasing.
    offsets: Vec<Duration>,
    text: String,
}

/// Maximum number of retries in a schedule.
pub const MOST_RETRIES: usize = 1000;
/// Time after its first attempt within which a test event is retried; whoever sent it is watching.
pub const LONGEST_OF_TESTS: Duration = Duration::from_mins(10);
/// Maximum duration of a schedule: 30 days.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);

impl Default for Schedule {
    /// Every minute for 10 minutes, then every hour for 24 hours: 35 attempts in all.
    fn default() -> Self {
        let steps = [(10, Duration::from_mins(1)), (24, Duration::from_hours(1))];
        Self { offsets: offsets(&steps), text: "10x1m,24x1h".to_owned() }
    }
}

impl Schedule {
    /// Returns the schedule of test events: the retries within [`LONGEST_OF_TESTS`].
    #[must_use]
    pub fn of_tests(&self) -> Self {
        let within = self.offsets.iter().copied().filter(|offset| *offset <= LONGEST_OF_TESTS);
        Self { offsets: within.collect(), text: self.text.clone() }
    }

    /// Returns the number of attempts, the first included.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.offsets.len() + 1
    }

    /// Returns the time from the first attempt to the last.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.offsets.last().copied().unwrap_or_default()
    }

    /// Returns when `slot` is due for a delivery first attempted at `first`; none past the end.
    #[must_use]
    pub fn due(&self, first: Timestamp, slot: u16) -> Option<Timestamp> {
        match usize::from(slot) {
            0 => Some(first),
            slot => self.offsets.get(slot - 1).map(|offset| first.plus(*offset)),
        }
    }

    /// Returns the attempt that follows the one for `slot` begun at `began`: the next slot whose
    /// time has not already passed, and its due time; none when the schedule has ended.
    ///
    /// Slots that passed while nothing ran are covered by the attempt just made. `not_before` (from
    /// a receiver's `Retry-After`) postpones the attempt, skipping as many slots as that takes, but
    /// never past the last one.
    #[must_use]
    pub fn next(
        &self,
        first: Timestamp,
        slot: u16,
        began: Timestamp,
        not_before: Timestamp,
    ) -> Option<Next> {
        let end = u16::try_from(self.offsets.len()).ok()?;
        let last = self.due(first, end)?;
        let following = (slot.saturating_add(1)..=end)
            .map_while(|slot| Some(Next { slot, due: self.due(first, slot)? }));
        let mut following = following.skip_while(|next| next.due <= began);
        let mut next = following.next()?;
        let due = next.due.max(not_before.min(last));
        for later in following.take_while(|later| later.due <= due) {
            next = later;
        }
        Some(Next { slot: next.slot, due })
    }
}

/// Upcoming retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Slot in the schedule.
    pub slot: u16,
    /// Due time.
    pub due: Timestamp,
}

/// Error: the text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASchedule {
    /// A step is not of the form `COUNTxDURATION`.
    #[error("{0:?} is not COUNTxDURATION with a unit of ms, s, m, h or d, such as 10x1m")]
    Step(String),
    /// The schedule has too many retries.
    #[error("has more than {MOST_RETRIES} retries")]
    TooMany,
    /// The schedule is too long.
    #[error("lasts more than 30 days")]
    TooLong,
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let steps = text.split(',').map(step).collect::<Result<Vec<_>, _>>()?;
        if steps.iter().map(|(count, _)| count).sum::<usize>() > MOST_RETRIES {
            return Err(NotASchedule::TooMany);
        }
        let offsets = offsets(&steps);
        if offsets.last().is_some_and(|last| *last > LONGEST) {
            return Err(NotASchedule::TooLong);
        }
        Ok(Self { offsets, text: text.to_owned() })
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn step(text: &str) -> Result<(usize, Duration), NotASchedule> {
    let wrong = || NotASchedule::Step(text.to_owned());
    let (count, period) = text.trim().split_once('x').ok_or_else(wrong)?;
    let count: usize = count.parse().map_err(|_| wrong())?;
    let period = duration(period).ok_or_else(wrong)?;
    if count == 0 || count > MOST_RETRIES || period.is_zero() {
        return Err(wrong());
    }
    Ok((count, period))
}

/// Reads a duration such as `1500ms`, `30s`, `10m`, `24h` or `7d`; at most 10 years.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let millis: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let millis = number.parse::<u64>().ok()?.checked_mul(millis)?;
    (millis <= 3650 * 86_400_000).then(|| Duration::from_millis(millis))
}

fn offsets(steps: &[(usize, Duration)]) -> Vec<Duration> {
    let periods = steps.iter().flat_map(|(count, period)| std::iter::repeat_n(*period, *count));
    periods
        .scan(Duration::ZERO, |sum, period| {
            *sum += period;
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T: Timestamp = Timestamp::EPOCH;

    fn minutes(n: u64) -> Timestamp {
        T.plus(Duration::from_mins(n))
    }

    #[test]
    fn the_default_is_35_attempts_at_the_documented_times() {
        let schedule = Schedule::default();
        assert_eq!(schedule.attempts(), 35);
        assert_eq!(Ok(&schedule), "10x1m,24x1h".parse().as_ref());
        for k in 1..=10 {
            assert_eq!(schedule.due(T, k), Some(minutes(u64::from(k))));
        }
        for j in 1..=24 {
            assert_eq!(schedule.due(T, 10 + j), Some(minutes(10 + 60 * u64::from(j))));
        }
        assert_eq!(schedule.due(T, 35), None);
    }

    #[test]
    fn a_test_event_is_retried_for_ten_minutes() {
        let schedule = Schedule::default().of_tests();
        assert_eq!(schedule.attempts(), 11);
        assert_eq!(schedule.due(T, 10), Some(minutes(10)));
        assert_eq!(schedule.next(T, 10, minutes(10), minutes(10)), None);
        assert_eq!("24x1h".parse::<Schedule>().unwrap().of_tests().attempts(), 1);
    }

    #[test]
    fn slots_missed_while_nothing_ran_collapse_into_one_attempt() {
        let schedule = Schedule::default();
        // Due at minute 3, made at 6:30: slots 4, 5 and 6 have passed.
        let made = minutes(6).plus(Duration::from_secs(30));
        assert_eq!(schedule.next(T, 3, made, made), Some(Next { slot: 7, due: minutes(7) }));
    }

    #[test]
    fn retry_after_postpones_the_attempt_but_never_past_the_last_slot() {
        let schedule = Schedule::default();
        let asked = minutes(3).plus(Duration::from_secs(30));
        assert_eq!(schedule.next(T, 1, minutes(1), asked), Some(Next { slot: 3, due: asked }));
        let earlier = minutes(1).plus(Duration::from_secs(5));
        assert_eq!(
            schedule.next(T, 1, minutes(1), earlier),
            Some(Next { slot: 2, due: minutes(2) })
        );
        let end = minutes(10 + 24 * 60);
        assert_eq!(
            schedule.next(T, 1, minutes(1), Timestamp::MAX),
            Some(Next { slot: 34, due: end })
        );
        assert_eq!(schedule.next(T, 34, end, end), None);
    }

    #[test]
    fn malformed_schedules_are_rejected_with_a_reason() {
        for text in ["", "x", "0x1m", "1x0s", "10x1", "10x1w", "-1x1m", "1x1m,"] {
            assert!(matches!(text.parse::<Schedule>(), Err(NotASchedule::Step(_))), "{text}");
        }
        assert_eq!("600x1s,600x1s".parse::<Schedule>(), Err(NotASchedule::TooMany));
        assert_eq!("31x1d".parse::<Schedule>(), Err(NotASchedule::TooLong));
    }

    proptest! {
        #[test]
        fn without_delays_every_attempt_is_made_at_its_due_time(
            counts in prop::collection::vec((1usize..20, 1u64..100_000), 1..4)
        ) {
            let text = counts.iter().map(|(n, ms)| format!("{n}x{ms}ms")).collect::<Vec<_>>().join(",");
            let schedule: Schedule = text.parse().unwrap();
            let (mut slot, mut now, mut made) = (0, T, 1);
            while let Some(next) = schedule.next(T, slot, now, now) {
                prop_assert_eq!(next.slot, slot + 1);
                prop_assert_eq!(Some(next.due), schedule.due(T, next.slot));
                (slot, now, made) = (next.slot, next.due, made + 1);
            }
            prop_assert_eq!(made, schedule.attempts());
        }

        #[test]
        fn the_next_attempt_is_never_before_retry_after_nor_past_the_end(
            slot in 0u16..34, late in 0u64..100_000_000, ask in 0u64..200_000_000
        ) {
            let schedule = Schedule::default();
            let began = schedule.due(T, slot).unwrap().plus(Duration::from_millis(late));
            let asked = T.plus(Duration::from_millis(ask));
            let last = schedule.due(T, 34).unwrap();
            if let Some(next) = schedule.next(T, slot, began, asked) {
                prop_assert!(next.slot > slot && next.due > began && next.due <= last);
                prop_assert!(next.due >= asked.min(last));
                prop_assert!(schedule.due(T, next.slot).unwrap() <= next.due);
            } else {
                prop_assert!(began >= last);
            }
        }
    }
}
