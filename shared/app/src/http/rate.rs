//! Rate limit of one key's or webhook's own, as callers send it.

use domain::limits::{NotARate, OwnRate};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// Rate limit: a token bucket that starts full.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rate {
    limit: Limit,
    period_seconds: Period,
}

impl Rate {
    /// Returns it as the domain has it.
    pub(crate) fn rate(self) -> Option<OwnRate> {
        // Each number was checked as it was read.
        OwnRate::new(self.limit.0, self.period_seconds.0).ok()
    }
}

/// Number of uses in a period.
#[derive(Debug, Clone, Copy)]
struct Limit(u64);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = u64::deserialize(deserializer)?;
        checked(OwnRate::new(limit, 1), || Self(limit))
    }
}

/// Length of a period in seconds.
#[derive(Debug, Clone, Copy)]
struct Period(u32);

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let period = u32::deserialize(deserializer)?;
        checked(OwnRate::new(1, period), || Self(period))
    }
}

fn checked<T, E: serde::de::Error>(
    rate: Result<OwnRate, NotARate>,
    value: impl FnOnce() -> T,
) -> Result<T, E> {
    rate.map(|_| value()).map_err(E::custom)
}

/// Rate limit: a token bucket that starts full.
#[derive(Debug, ToSchema)]
#[schema(as = RateLimit)]
#[expect(dead_code, reason = "describes the domain's type, which knows nothing of OpenAPI")]
pub(crate) struct RateLimit {
    /// Number of uses in a period.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 100)]
    limit: u64,
    /// Length of a period, in which an empty bucket is full again.
    #[schema(minimum = 1, maximum = 2_592_000, example = 60)]
    period_seconds: u32,
}
