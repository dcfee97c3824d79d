//! Time, and waiting for something to become true.

use std::{
    future::Future,
    time::{Duration, Instant},
};

pub use jiff::Timestamp;

/// How long anything that must come true may take, on a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at something that is not true yet.
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// The wall clock, which the product on the same machine reads too, to the millisecond like the
/// API.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
pub fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).expect("within the calendar")
}

/// A clock that never goes back, for measuring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
pub fn instant() -> Instant {
    Instant::now()
}

/// `at`, written as the API writes timestamps.
#[must_use]
pub fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// A timestamp of the API: RFC 3339, UTC, milliseconds.
///
/// # Panics
/// When it is written in any other way.
#[track_caller]
pub fn parse(text: &str) -> Timestamp {
    let at: Timestamp = text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert_eq!(self::text(at), text, "must be UTC with milliseconds");
    at
}

/// `duration` after `at`.
#[must_use]
pub fn later(at: Timestamp, duration: Duration) -> Timestamp {
    at.checked_add(duration).expect("within the calendar")
}

/// Lets `duration` pass. Only for what is about time itself: a receiver that is slow, a due time
/// that must have gone by.
#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
pub async fn pass(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits until the wall clock has gone past `at`.
pub async fn past(at: Timestamp) {
    loop {
        let left = now().duration_until(at);
        if left.is_negative() {
            return;
        }
        pass(left.unsigned_abs() + Duration::from_millis(1)).await;
    }
}

/// Looks again and again until `look` finds something, and returns that.
///
/// # Panics
/// When it finds nothing within [`PATIENCE`].
pub async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let began = instant();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        pass(BETWEEN_LOOKS).await;
    }
}

/// The same for code that may block its thread.
pub(crate) fn wait_for<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let began = instant();
    loop {
        let found = look();
        if found.is_some() || began.elapsed() > patience {
            return found;
        }
        block(BETWEEN_LOOKS);
    }
}

#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
fn block(duration: Duration) {
    std::thread::sleep(duration);
}
