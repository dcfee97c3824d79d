//! Clock of the process: the only place that reads it.

use std::{
    sync::OnceLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use domain::Timestamp;

/// Returns the wall clock, UTC.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Returns the time since the first call; never goes back.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the steady clock")]
pub(crate) fn monotonic() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Returns the time since [`monotonic`] returned `began`.
pub(crate) fn elapsed(began: Duration) -> Duration {
    monotonic().saturating_sub(began)
}

/// Returns once `duration` has passed.
#[expect(clippy::disallowed_methods, reason = "the one place that waits")]
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}
