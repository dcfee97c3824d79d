//! Times as people write them on a command line.
//!
//! `1h` alone means an hour ago for a flag that looks back (`--since`), and in an hour for one that
//! looks ahead (`--expires-at`). `1h ago` and `in 1h` state the direction, and are refused for a
//! flag that looks the other way.

use std::time::Duration;

use domain::{Timestamp, delivery};

/// Placeholder of a time in help texts.
pub(crate) const TIME: &str = "TIME";
/// Description of the forms of times, for the end of a help text.
pub(crate) const TIMES: &str = "\
A TIME is RFC 3339 (2026-01-31T09:30:00Z), a date (its first moment in UTC), now, or a number and s,
m, h, d or w: 1h is an hour ago where a flag looks back, such as --since, and in an hour where it
looks ahead, such as --expires-at.";

const DAY: Duration = Duration::from_hours(24);

/// Time in the past, or the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Past(Moment);

/// Time in the future, or the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Future(Moment);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Absolute time.
    At(Timestamp),
    /// Duration before or after now.
    Apart(Duration),
}

impl Past {
    /// Returns the absolute time.
    pub(crate) fn at(self, now: Timestamp) -> Timestamp {
        match self.0 {
            Moment::At(time) => time,
            Moment::Apart(duration) => now.minus(duration),
        }
    }
}

impl Future {
    /// Returns the absolute time.
    pub(crate) fn at(self, now: Timestamp) -> Timestamp {
        match self.0 {
            Moment::At(time) => time,
            Moment::Apart(duration) => now.plus(duration),
        }
    }

    /// Returns the absolute time, or `None` for now, which is left to the server because its clock
    /// may be a little ahead.
    pub(crate) fn later(self, now: Timestamp) -> Option<Timestamp> {
        (self.0 != Moment::Apart(Duration::ZERO)).then(|| self.at(now))
    }
}

/// Parses a time for a flag that looks back.
pub(crate) fn past(text: &str) -> Result<Past, String> {
    let relative = text.strip_suffix("ago").map_or(text, str::trim_end);
    let wrong = "must be RFC 3339 such as 2026-01-31T09:30:00Z, a date such as 2026-01-31, now, or \
                 how long ago, such as 30m, 1h or 7d";
    moment(text, relative).map(Past).ok_or_else(|| wrong.to_owned())
}

/// Parses a time for a flag that looks ahead.
pub(crate) fn future(text: &str) -> Result<Future, String> {
    let relative = text.strip_prefix("in ").map_or(text, str::trim_start);
    let wrong = "must be RFC 3339 such as 2026-01-31T09:30:00Z, a date such as 2026-01-31, now, or \
                 how long from now, such as 30m, 1h or 30d";
    moment(text, relative).map(Future).ok_or_else(|| wrong.to_owned())
}

/// Parses a duration in whole seconds; a bare number is seconds.
pub(crate) fn seconds(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let seconds = text.parse().ok().or_else(|| Some(span(text)?.as_secs()));
    let seconds = seconds.filter(|seconds| (u64::from(least)..=u64::from(most)).contains(seconds));
    seconds.and_then(|seconds| u32::try_from(seconds).ok()).ok_or_else(|| {
        format!("must be from {least} to {most} seconds, such as 90, 90s, 30m, 1h or 1d")
    })
}

fn moment(text: &str, relative: &str) -> Option<Moment> {
    if text == "now" {
        return Some(Moment::Apart(Duration::ZERO));
    }
    let day = || format!("{text}T00:00:00Z").parse();
    let absolute = text.parse::<Timestamp>().or_else(|_| day()).map(Moment::At);
    absolute.ok().or_else(|| span(relative).map(Moment::Apart))
}

/// Parses a duration such as `30m`, or one in weeks.
fn span(text: &str) -> Option<Duration> {
    match text.strip_suffix('w') {
        Some(weeks) => weeks.parse::<u32>().ok()?.checked_mul(7).map(|days| DAY * days),
        None => delivery::duration(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-31T12:00:00.000Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    #[test]
    fn relative_times_are_past_or_future_as_the_flag_requires() {
        for (text, before, after) in [
            ("1h", "2026-03-31T11:00:00.000Z", "2026-03-31T13:00:00.000Z"),
            ("30m", "2026-03-31T11:30:00.000Z", "2026-03-31T12:30:00.000Z"),
            ("7d", "2026-03-24T12:00:00.000Z", "2026-04-07T12:00:00.000Z"),
            ("2w", "2026-03-17T12:00:00.000Z", "2026-04-14T12:00:00.000Z"),
            ("now", NOW, NOW),
        ] {
            assert_eq!(past(text).unwrap().at(now()).to_string(), before, "{text}");
            assert_eq!(future(text).unwrap().at(now()).to_string(), after, "{text}");
        }
    }

    #[test]
    fn absolute_times_mean_the_same_everywhere() {
        for (text, time) in [
            ("2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00.000Z"),
            ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ] {
            assert_eq!(past(text).unwrap().at(now()).to_string(), time, "{text}");
            assert_eq!(future(text).unwrap().at(now()).to_string(), time, "{text}");
        }
    }

    #[test]
    fn now_as_an_expiry_is_left_to_the_servers_clock() {
        assert_eq!(future("now").unwrap().later(now()), None);
        assert_eq!(future("0s").unwrap().later(now()), None);
        let later = future("1s").unwrap().later(now()).unwrap();
        assert_eq!(later.to_string(), "2026-03-31T12:00:01.000Z");
    }

    #[test]
    fn times_in_the_wrong_direction_are_refused() {
        assert_eq!(past("1h ago"), past("1h"));
        assert_eq!(future("in 1h"), future("1h"));
        assert!(past("in 1h").is_err() && future("1h ago").is_err());
        for text in
            ["", "1", "1 hour", "-1h", "1y", "yesterday", "2026-13-01", "2026-01-31T9", "ago"]
        {
            assert!(past(text).is_err() && future(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_bounded_and_bare_numbers_are_seconds() {
        assert_eq!(seconds("3600", 60, 86_400), Ok(3600));
        assert_eq!(seconds("1h", 60, 86_400), Ok(3600));
        for text in ["59", "2d", "-60", "", "1x", "99999999999999999999"] {
            assert!(seconds(text, 60, 86_400).is_err(), "{text}");
        }
    }
}
