//! Rate limit of one key's or webhook's own.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::Rate;

/// Largest number of uses in a period.
const MOST: u64 = 1_000_000_000;
/// Longest period in seconds: 30 days.
const LONGEST: u32 = 30 * 24 * 3600;

/// Rate limit of one key's or webhook's own: so many uses in a period. At least one in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRate {
    limit: u64,
    period_seconds: u32,
}

/// Error: the numbers can't be a [`OwnRate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotARate {
    /// The limit is out of range.
    #[error("must be 1 to {MOST}")]
    Limit,
    /// The period is out of range.
    #[error("must be 1 to {LONGEST}")]
    Period,
}

impl OwnRate {
    /// Makes the rate of `limit` uses in `period_seconds`.
    ///
    /// # Errors
    /// When either is none, or larger than anybody needs.
    pub fn new(limit: u64, period_seconds: u32) -> Result<Self, NotARate> {
        if !(1..=MOST).contains(&limit) {
            return Err(NotARate::Limit);
        }
        if !(1..=LONGEST).contains(&period_seconds) {
            return Err(NotARate::Period);
        }
        Ok(Self { limit, period_seconds })
    }

    /// Returns it as the rate of a budget.
    #[must_use]
    pub const fn rate(self) -> Rate {
        Rate { limit: self.limit, period: Duration::from_secs(self.period_seconds as u64) }
    }
}

/// Text of it in names: `5-60` for five in a minute.
impl fmt::Display for OwnRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.limit, self.period_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_bounds() {
        let minute = OwnRate::new(5, 60).map(OwnRate::rate);
        assert_eq!(minute, Ok(Rate::per_minute(5)));
        assert!(OwnRate::new(1, 1).is_ok() && OwnRate::new(MOST, LONGEST).is_ok());
        for limit in [0, MOST + 1] {
            assert_eq!(OwnRate::new(limit, 60), Err(NotARate::Limit));
        }
        for period in [0, LONGEST + 1] {
            assert_eq!(OwnRate::new(5, period), Err(NotARate::Period));
        }
    }
}
