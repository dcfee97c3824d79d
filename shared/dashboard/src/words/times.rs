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
        month() = "1 month";
        months(count) = "{count} months";
        year() = "1 year";
        years(count) = "{count} years";
    }
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

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

    /// Span in its largest unit, of which a started second counts as one if it `is_ahead`.
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
            DAY..MONTH => match seconds / DAY {
                1 => self.day(),
                count => self.days(count),
            },
            MONTH..YEAR => match seconds / MONTH {
                1 => self.month(),
                count => self.months(count),
            },
            YEAR.. => match seconds / YEAR {
                1 => self.year(),
                count => self.years(count),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_their_greatest_unit() {
        let now: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        let say = TimeWords::ENGLISH;
        for (seconds, ago, soon) in [
            (0, "just now", "just now"),
            (1, "just now", "in 1 second"),
            (59, "just now", "in 59 seconds"),
            (60, "1 minute ago", "in 1 minute"),
            (7200, "2 hours ago", "in 2 hours"),
            (86_400 * 45, "1 month ago", "in 1 month"),
            (86_400 * 800, "2 years ago", "in 2 years"),
        ] {
            let span = Duration::from_secs(seconds);
            assert_eq!(say.relative(now, now.minus(span)), ago);
            assert_eq!(say.relative(now, now.plus(span)), soon);
        }
    }
}
