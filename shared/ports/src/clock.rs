//! Clock port.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::Timestamp;

/// Clock: the only source of time, and the only way to wait.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns the wall clock, UTC.
    fn now(&self) -> Timestamp;

    /// Returns the time since some fixed moment of this process, which never goes back. For
    /// measuring durations.
    fn monotonic(&self) -> Duration;

    /// Returns once `duration` has passed.
    async fn sleep(&self, duration: Duration);
}

/// Future that ends with a wait.
type Slept = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Sleeper for retries: a function that waits on `clock`.
pub fn sleeper(clock: &Arc<dyn Clock>) -> impl Fn(Duration) -> Slept + Send + Sync + 'static {
    let clock = Arc::clone(clock);
    move |duration| {
        let clock = Arc::clone(&clock);
        Box::pin(async move { clock.sleep(duration).await })
    }
}
