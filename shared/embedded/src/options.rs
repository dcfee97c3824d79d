//! The operator's choices for the embedded backend.

use std::time::Duration;

/// How the embedded backend uses memory and workers. The defaults suit a machine with two cores.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many first attempts may be under way.
    pub first: Concurrency,
    /// How many retries may be under way.
    pub retry: Concurrency,
    /// When a lease that nobody ended ends by itself.
    pub visibility_timeout: Duration,
    /// A lease held longer than this marks its endpoint as slow: slow endpoints together hold at
    /// most half of a lane.
    pub slow_after: Duration,
    /// Page cache of the writing connection, in bytes.
    pub writer_cache: usize,
    /// Page cache of each of the few reading connections, in bytes.
    pub reader_cache: usize,
}

/// How many messages of a lane may be leased at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// To one endpoint.
    pub per_endpoint: usize,
    /// To all of them.
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
