//! Clock of the scenarios, and waiting for a condition.

use std::{
    future::Future,
    time::{Duration, Instant},
};

pub use jiff::Timestamp;

use crate::Backend;

/// Limit for every wait, generous because the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Time for which a function of a deployment may remember a webhook and its secrets (`docs/api.md`).
const REMEMBERED_FOR: Duration = Duration::from_secs(5);

/// Pause between two checks of a condition.
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// Wall clock, in milliseconds like the API's; the product on the same machine reads the same.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
pub fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).expect("within the calendar")
}

/// Monotonic clock, for measuring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "scenarios run in real time")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Formats `at` as the API does.
#[must_use]
pub fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Parses a timestamp of the API: RFC 3339, UTC, milliseconds.
///
/// # Panics
/// Fails if it has any other form.
#[track_caller]
pub fn parse(text: &str) -> Timestamp {
    let at: Timestamp = text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert_eq!(self::text(at), text, "must be UTC with milliseconds");
    at
}

/// Returns the time `duration` after `at`.
#[must_use]
pub fn later(at: Timestamp, duration: Duration) -> Timestamp {
    at.checked_add(duration).expect("within the calendar")
}

/// Waits for `duration`. Only for cases about time itself: a slow receiver, a due time that must
/// have passed.
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

/// Waits until the functions of a deployment have forgotten what they knew before now. One process
/// knows of a change at once.
pub async fn remembered() {
    if Backend::is_deployed() {
        pass(REMEMBERED_FOR).await;
    }
}

/// Calls `look` until it finds something, and returns that.
///
/// # Panics
/// Fails if it finds nothing within [`PATIENCE`].
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

/// Calls `look` until it finds something, on a thread that may block.
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
