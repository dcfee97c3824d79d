//! Rate limits.

use async_trait::async_trait;
use domain::{Timestamp, id::KeyId};

use crate::Unavailable;

/// Rest of a key's allowance after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests allowed in each window.
    pub limit: u32,
    /// Requests left in this window; zero when this request was refused.
    pub remaining: u32,
    /// End of the window, when the allowance is whole again.
    pub resets_at: Timestamp,
    /// True if this request may pass.
    pub admitted: bool,
}

/// Rate limiter: counts requests per key in fixed windows of one minute.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Counts one request of `key` at `now` against `limit` a minute.
    ///
    /// # Errors
    /// When a backend that counts elsewhere can't reach its counters.
    async fn admit(&self, key: KeyId, limit: u32, now: Timestamp)
    -> Result<Allowance, Unavailable>;
}
