//! Timestamps, to the millisecond.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize, de::Error as _};

/// A point in time in UTC: milliseconds since the Unix epoch.
///
/// Written as RFC 3339 with exactly three decimals (`2026-01-31T09:30:00.000Z`), so that text sorts
/// by time. Read from RFC 3339 with any offset; further decimals are cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(0);
    /// Last millisecond that `jiff` accepts: the end of the year 9999 less its widest offset, so
    /// that every instant has a four-digit year in every time zone.
    pub const MAX: Self = Self(253_402_207_200_000);

    /// Makes a timestamp from milliseconds since the Unix epoch, clamped to [`EPOCH`](Self::EPOCH)
    /// and [`MAX`](Self::MAX).
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(Self::EPOCH.0, Self::MAX.0))
    }

    /// Reads a timestamp from a form or a query string, where an unescaped `+` arrives as a space:
    /// `2026-01-31T10:30:00 01:00` is read as `2026-01-31T10:30:00+01:00`.
    ///
    /// # Errors
    /// When the text is not a timestamp even so.
    pub fn from_form(text: &str) -> Result<Self, NotATimestamp> {
        let offset = text.rsplit_once(' ').filter(|(time, offset)| {
            time.contains(':') && offset.starts_with(|first: char| first.is_ascii_digit())
        });
        match offset {
            Some((time, offset)) => format!("{time}+{offset}").parse(),
            None => text.parse(),
        }
    }

    /// Returns the milliseconds since the Unix epoch; never negative.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds since the Unix epoch, as in `webhook-timestamp`.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0 / 1000
    }

    /// Adds `duration`, up to [`Timestamp::MAX`].
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Subtracts `duration`, down to the epoch.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_sub(millis))
    }

    /// Returns the time since `earlier`; zero if this is not later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{instant:.3}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

/// Error: the text is not a [`Timestamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be an RFC 3339 timestamp with Z or an offset, between 1970 and 9999-12-30, such as \
     2026-01-31T09:30:00.000Z"
)]
pub struct NotATimestamp;

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let instant: jiff::Timestamp = nine_decimals(text).parse().map_err(|_| NotATimestamp)?;
        let millis = instant.as_millisecond();
        if (Self::EPOCH.0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(NotATimestamp)
        }
    }
}

/// Cuts the fraction of a second to nine decimals: RFC 3339 allows any number, `jiff` nine.
fn nine_decimals(text: &str) -> Cow<'_, str> {
    let Some(point) = text.find(['.', ',']) else { return Cow::Borrowed(text) };
    let (before, decimals) = text.split_at(point + 1);
    let digits = decimals.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= 9 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{before}{}{}", &decimals[..9], &decimals[digits..]))
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_any_offset_and_writes_utc_milliseconds() {
        let parsed: Timestamp = "2026-01-31T10:30:00+01:00".parse().unwrap();
        assert_eq!(parsed.to_string(), "2026-01-31T09:30:00.000Z");
        let finer: Timestamp = "2026-01-31T09:30:00.123999Z".parse().unwrap();
        assert_eq!(finer.to_string(), "2026-01-31T09:30:00.123Z");
    }

    #[test]
    fn reads_every_form_of_rfc_3339() {
        for (text, instant) in [
            ("2026-01-31t09:30:00z", "2026-01-31T09:30:00.000Z"),
            ("2026-01-31 09:30:00Z", "2026-01-31T09:30:00.000Z"),
            ("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000Z"),
            ("2026-01-31T09:30:00.5+14:00", "2026-01-30T19:30:00.500Z"),
            ("2026-01-31T09:30:00.123456789999Z", "2026-01-31T09:30:00.123Z"),
            ("2026-01-31T09:30:00.1234567890123+01:00", "2026-01-31T08:30:00.123Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
            ("2016-12-31T23:59:60.999Z", "2016-12-31T23:59:59.999Z"),
        ] {
            let parsed = text.parse::<Timestamp>().unwrap();
            assert_eq!(parsed.to_string(), instant, "{text}");
        }
    }

    #[test]
    fn a_space_from_a_form_is_read_as_the_plus_of_an_offset() {
        for text in [
            "2026-01-31T10:30:00 01:00",
            "2026-01-31T10:30:00.000 01:00",
            "2026-01-31T10:30:00 0100",
            "2026-01-31 10:30:00 01:00",
            "2026-01-31T10:30:00+01:00",
            "2026-01-31T04:30:00-05:00",
            "2026-01-31T09:30:00Z",
            "2026-01-31 09:30:00Z",
        ] {
            let parsed = Timestamp::from_form(text).map(|parsed| parsed.to_string());
            assert_eq!(parsed.as_deref(), Ok("2026-01-31T09:30:00.000Z"), "{text}");
        }
        for text in ["2026-01-31 09:30:00", "2026-01-31 09:30", "2026-01-31T09:30:00  01:00", " "] {
            assert_eq!(Timestamp::from_form(text), Err(NotATimestamp), "{text}");
        }
        assert_eq!("2026-01-31T10:30:00 01:00".parse::<Timestamp>(), Err(NotATimestamp));
    }

    #[test]
    fn malformed_timestamps_are_rejected() {
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T09:30:00",
            "2026-01-31T09:30:00.1234567890123",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    #[test]
    fn text_order_is_time_order_to_the_last_year() {
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-30T22:00:00.000Z");
        assert!(Timestamp::EPOCH.to_string() < Timestamp::MAX.to_string());
    }
}
