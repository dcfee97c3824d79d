//! Contract suite of [`Limiter`].

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::{sync::Arc, time::Duration};

use domain::{
    Timestamp,
    id::{KeyId, Ulid},
};
use ports::{Limiter, limiter::Allowance};

/// Fixture of the suite: a limiter that has counted nothing.
pub struct Fixture {
    /// Limiter under test.
    pub limiter: Arc<dyn Limiter>,
    /// Start of a window.
    pub minute: Timestamp,
}

/// Generates the suite's tests.
#[macro_export]
macro_rules! limiter_suite {
    ($fixture:path) => {
        $crate::promises! { $fixture, limiter:
            requests_are_admitted_up_to_the_limit
            the_limit_resets_every_minute
            keys_are_counted_apart
            a_limit_that_changes_counts_at_once
        }
    };
}

const KEY: KeyId = KeyId(Ulid::from_parts(0, 1));
const OTHER_KEY: KeyId = KeyId(Ulid::from_parts(0, 2));
const MINUTE: Duration = Duration::from_mins(1);

/// Requests are admitted up to the limit, each with the remaining number and the time of the reset;
/// a refused request changes nothing.
pub async fn requests_are_admitted_up_to_the_limit(backend: &Fixture) {
    let resets_at = backend.minute.plus(MINUTE);
    for (second, remaining, admitted) in
        [(0, 2, true), (1, 1, true), (58, 0, true), (59, 0, false), (59, 0, false)]
    {
        let now = backend.minute.plus(Duration::from_secs(second));
        let allowance = backend.limiter.admit(KEY, 3, now).await.unwrap();
        assert_eq!(allowance, Allowance { limit: 3, remaining, resets_at, admitted });
    }
}

/// A window ends with its minute.
pub async fn the_limit_resets_every_minute(backend: &Fixture) {
    let last = backend.minute.plus(MINUTE).minus(Duration::from_millis(1));
    assert!(admit(backend, KEY, last).await);
    assert!(!admit(backend, KEY, last).await);
    assert!(admit(backend, KEY, backend.minute.plus(MINUTE)).await);
}

/// Requests of one key do not count against another.
pub async fn keys_are_counted_apart(backend: &Fixture) {
    assert!(admit(backend, KEY, backend.minute).await);
    assert!(!admit(backend, KEY, backend.minute).await);
    assert!(admit(backend, OTHER_KEY, backend.minute).await);
}

/// Requests counted before a change count against the new limit.
pub async fn a_limit_that_changes_counts_at_once(backend: &Fixture) {
    assert!(admit(backend, KEY, backend.minute).await);
    let raised = backend.limiter.admit(KEY, 2, backend.minute).await.unwrap();
    assert_eq!((raised.limit, raised.remaining, raised.admitted), (2, 0, true));
    assert!(!admit(backend, KEY, backend.minute).await);
}

/// Returns whether one request passes a limit of one a minute.
async fn admit(backend: &Fixture, key: KeyId, now: Timestamp) -> bool {
    backend.limiter.admit(key, 1, now).await.unwrap().admitted
}
