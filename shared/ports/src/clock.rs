//! Time.

use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;

/// The only source of time, and the only way to wait.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock, UTC.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment of this process; never goes back. For measuring durations.
    fn monotonic(&self) -> Duration;

    /// Returns once `duration` has passed.
    async fn sleep(&self, duration: Duration);
}
