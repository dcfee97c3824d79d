//! Clocks of the bench.

use std::{
    sync::OnceLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Nanoseconds since the Unix epoch; two processes of one machine read the same clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub(crate) fn unix_nanos() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// Monotonic time since the first call.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the steady clock")]
pub(crate) fn monotonic() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Time since [`monotonic`] returned `began`.
pub(crate) fn elapsed(began: Duration) -> Duration {
    monotonic().saturating_sub(began)
}

/// Returns once `duration` has passed.
#[expect(clippy::disallowed_methods, reason = "the one place that waits")]
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}
