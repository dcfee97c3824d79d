//! The operator's choices for the embedded backend.

use std::{sync::Arc, time::Duration};

use ports::store::Collection;

use crate::Figures;

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
    /// Size of the database up to which it is checked whole before it is opened, in bytes.
    pub check_up_to: u64,
    /// Number of free bytes on the disk below which expendable documents are dropped; below a quarter
    /// of it, nothing new is accepted. Zero to watch nothing.
    pub free_space_mark: u64,
    /// Collections whose documents are dropped while there is little free space.
    pub expendable: &'static [Collection],
    /// Collections of which nothing that is gone stays in the write-ahead log.
    pub erased: Erased,
    /// Figures for metrics.
    pub figures: Arc<Figures>,
}

/// Collections of which nothing that is gone stays in the write-ahead log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Erased {
    /// Collections for which a deletion is answered after that, and of which nothing stays in the
    /// database either. Their bodies, which are JSON, come back behind a page of spaces.
    pub at_once: &'static [Collection],
    /// Collections for which it happens at the sweep after a deletion, expiry or replacement.
    pub soon: &'static [Collection],
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
            check_up_to: 16 << 20,
            free_space_mark: 0,
            expendable: &[],
            erased: Erased::default(),
            figures: Arc::default(),
        }
    }
}
