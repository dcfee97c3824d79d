//! Words of relative times, as they stand where no script runs.

use std::{borrow::Cow, time::Duration};

use domain::Timestamp;

group! {
    /// Words of relative times, as they stand where no script runs.
    TimeWords {
        just_now() = "just now";
        ahead(span) = "in {span}";
        ago(span) = "{span} ago";
        second() = "1 second";
        seconds(count) = "{count} seconds";
        minute() = "1 minute";
        minutes(count) = "{count} minutes";
        hour() = "1 hour";
        hours(count) = "{count} hours";
        day() = "1 day";
        days(count) = "{count} days";
        months(count) = "{count} months";
        years(count) = "{count} years";
    }
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const FOUR_MONTHS: u64 = 4 * MONTH;
const YEAR: u64 = 365 * DAY;
const TWO_YEARS: u64 = 2 * YEAR;

impl TimeWords {
    /// Time relative to `now`.
    pub(crate) fn relative(&self, now: Timestamp, at: Timestamp) -> Cow<'_, str> {
        if at > now {
            return self.ahead(self.span(at.since(now), true)).into_owned().into();
        }
        let span = now.since(at);
        if span.as_secs() < MINUTE {
            return self.just_now();
        }
        self.ago(self.span(span, false)).into_owned().into()
    }

    /// Length of time in its largest unit.
    pub(crate) fn length(&self, length: Duration) -> Cow<'_, str> {
        self.span(length, true)
    }

    /// Span in its largest unit, months from four and years from two on, of which a started second counts as one if it `is_ahead`.
    fn span(&self, span: Duration, is_ahead: bool) -> Cow<'_, str> {
        let seconds = span.as_secs();
        match seconds {
            0..MINUTE if is_ahead => match span.as_millis().div_ceil(1000) {
                1 => self.second(),
                count => self.seconds(count),
            },
            0..MINUTE => self.seconds(seconds),
            MINUTE..HOUR => match seconds / MINUTE {
                1 => self.minute(),
                count => self.minutes(count),
            },
            HOUR..DAY => match seconds / HOUR {
                1 => self.hour(),
                count => self.hours(count),
            },
            // A month and a half is more than "1 month" says, and keys are made for 90 days.
            DAY..FOUR_MONTHS => match seconds / DAY {
                1 => self.day(),
                count => self.days(count),
            },
            FOUR_MONTHS..TWO_YEARS => self.months(seconds / MONTH),
            TWO_YEARS.. => self.years(seconds / YEAR),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_a_unit_that_comes_close() {
        let now: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        let say = TimeWords::ENGLISH;
        for (seconds, ago, soon) in [
            (0, "just now", "just now"),
            (1, "just now", "in 1 second"),
            (59, "just now", "in 59 seconds"),
            (60, "1 minute ago", "in 1 minute"),
            (7200, "2 hours ago", "in 2 hours"),
            (86_400 * 45, "45 days ago", "in 45 days"),
            (86_400 * 90, "90 days ago", "in 90 days"),
            (86_400 * 130, "4 months ago", "in 4 months"),
            (86_400 * 600, "20 months ago", "in 20 months"),
            (86_400 * 800, "2 years ago", "in 2 years"),
        ] {
            let span = Duration::from_secs(seconds);
            assert_eq!(say.relative(now, now.minus(span)), ago);
            assert_eq!(say.relative(now, now.plus(span)), soon);
        }
    }
}
