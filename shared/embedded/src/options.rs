//! The operator's choices for the embedded backend.

use std::time::Duration;

/// Limits of the embedded backend's memory and concurrency. The defaults suit a machine with two
/// cores.
#[derive(Debug, Clone)]
pub struct Options {
    /// Limits of first attempts under way.
    pub first: Concurrency,
    /// Limits of retries under way.
    pub retry: Concurrency,
    /// Time after which a lease that nobody ended ends by itself.
    pub visibility_timeout: Duration,
    /// Time after which a lease that is still held marks its endpoint as slow; slow endpoints
    /// together hold at most half of a lane.
    pub slow_after: Duration,
    /// Page cache of the writing connection, in bytes.
    pub writer_cache: usize,
    /// Page cache of each of the few reading connections, in bytes.
    pub reader_cache: usize,
}

/// Largest numbers of leased messages of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// Limit for one endpoint.
    pub per_endpoint: usize,
    /// Limit for all endpoints together.
    pub total: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            first: Concurrency { per_endpoint: 64, total: 1024 },
            retry: Concurrency { per_endpoint: 16, total: 256 },
            visibility_timeout: Duration::from_mins(1),
            slow_after: Duration::from_secs(1),
            writer_cache: 12 << 20,
            reader_cache: 1 << 20,
        }
    }
}
