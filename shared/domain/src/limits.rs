//! Limits: how much of the installation one account, key, session or address may use.

mod bucket;
mod own;

use std::time::Duration;

pub use bucket::Bucket;
pub use own::{NotARate, OwnRate};

/// Amount that may be used in each period: the size of a token bucket, and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Amount in each period; the bucket holds no more.
    pub limit: u64,
    /// Time in which an empty bucket is full again.
    pub period: Duration,
}

impl Rate {
    /// Makes the rate of `limit` a minute.
    #[must_use]
    pub const fn per_minute(limit: u64) -> Self {
        Self { limit, period: Duration::from_mins(1) }
    }

    /// Makes the rate of `limit` a day.
    #[must_use]
    pub const fn per_day(limit: u64) -> Self {
        Self { limit, period: Duration::from_hours(24) }
    }
}

/// Every limit that the operator can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests with one API key.
    pub key_requests: Rate,
    /// Requests in one portal session.
    pub session_requests: Rate,
    /// Requests with all API keys and in all portal sessions of one account.
    pub account_requests: Rate,
    /// Number of API keys of an account that work, in each environment.
    pub keys: u64,
    /// Number of portal sessions of an account that are open.
    pub portal_sessions: u32,
    /// Bytes of an account's log rows.
    pub log_bytes: Rate,
    /// Pings to one webhook.
    pub pings: Rate,
    /// Resends to one webhook.
    pub resends: Rate,
    /// Changes of an account's settings by its own keys and sessions, and portal sessions that are
    /// opened for it.
    pub changes: Rate,
    /// Failed sign-ins of the operator from one address.
    pub sign_in_failures: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            key_requests: Rate::per_minute(1200),
            session_requests: Rate::per_minute(1200),
            account_requests: Rate::per_minute(6000),
            keys: 1000,
            portal_sessions: 50,
            log_bytes: Rate::per_day(256 * 1024 * 1024),
            pings: Rate::per_minute(60),
            resends: Rate::per_minute(600),
            changes: Rate::per_day(10_000),
            sign_in_failures: Rate::per_minute(20),
        }
    }
}
