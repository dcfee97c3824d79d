//! Counters of a store.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use futures_util::future::join_all;
use ports::store::{CommitError, Range};

use super::{
    Fixture,
    make::{count, key, partition, put, writes},
};

/// A counter begins at zero and adds up, in both directions.
pub async fn a_counter_begins_at_zero_and_adds_up(backend: &Fixture) {
    assert_eq!(value(backend).await, 0);
    for (by, value_then) in [(5, 5), (-2, 3), (4, 7)] {
        backend.write(count(key("n"), by, None)).await;
        assert_eq!(value(backend).await, value_then);
    }
}

/// A counter never reads below zero, whether or not the backend accepts the commit that would take
/// it there.
pub async fn a_counter_never_goes_below_zero(backend: &Fixture) {
    backend.write(count(key("n"), 1, None)).await;
    let outcome = backend.store.commit(writes([count(key("n"), -2, None)])).await;
    let expected = u64::from(outcome.is_err());
    assert_eq!(value(backend).await, expected);
}

/// A limit is held against the counter's value after the commit.
pub async fn a_counter_is_held_to_its_limit(backend: &Fixture) {
    backend.write(count(key("n"), 2, Some(2))).await;
    let lost = backend.store.commit(writes([count(key("n"), 1, Some(2))])).await.unwrap_err();
    assert!(matches!(lost, CommitError::ConditionFailed { index: 0 }), "{lost:?}");
    assert_eq!(value(backend).await, 2);
    backend.write(count(key("n"), -1, Some(2))).await;
    backend.write(count(key("n"), 1, Some(2))).await;
    assert_eq!(value(backend).await, 2);
}

/// Forty concurrent writers get exactly as many commits through as the limit allows.
pub async fn a_limit_holds_under_forty_writers(backend: &Fixture) {
    let race = (0..40).map(|number| {
        let document = put(key(&format!("{number:02}")), "{}");
        backend.store.commit(writes([document, count(key("n"), 1, Some(2))]))
    });
    let (won, lost): (Vec<_>, Vec<_>) = join_all(race).await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 2);
    for outcome in lost {
        let lost = outcome.unwrap_err();
        // A backend may refuse in an undecided race; it never lets a third through.
        assert!(
            matches!(lost, CommitError::ConditionFailed { index: 1 } | CommitError::Contended),
            "{lost:?}"
        );
    }
    assert_eq!(value(backend).await, 2);
    assert_eq!(backend.store.count(&partition(""), &Range::default()).await.unwrap(), 2);
}

/// A counter and a document can have the same key.
pub async fn counters_and_documents_can_share_a_key(backend: &Fixture) {
    backend.write(count(key("n"), 3, None)).await;
    assert_eq!(backend.document("n").await, None);
    assert_eq!(backend.store.count(&partition(""), &Range::default()).await.unwrap(), 0);
}

async fn value(backend: &Fixture) -> u64 {
    backend.store.counter(&key("n")).await.unwrap()
}
