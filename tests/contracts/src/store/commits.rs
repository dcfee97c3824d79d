//! Commits: all or nothing.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::time::Duration;

use futures_util::future::join_all;
use ports::{
    Clock as _, Commit,
    queue::Lane,
    store::{CommitError, Condition, Write},
};

use super::{
    Fixture,
    make::{ACCOUNT, append, count, entry, key, message, put, put_if, put_with, stream, writes},
};

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// A commit happens if all of its conditions hold, of every kind and on every kind of write.
pub async fn a_commit_succeeds_if_its_conditions_hold(backend: &Fixture) {
    backend.write(put_if(key("a"), "1", Condition::Absent)).await;
    backend.write(put_if(key("a"), "2", Condition::Present)).await;
    let revision = backend.revision("a").await;
    backend.write(put_if(key("a"), "3", Condition::Revision(revision))).await;
    let revision = backend.revision("a").await;
    backend.write(Write::Check { key: key("a"), condition: Condition::Revision(revision) }).await;
    backend.write(Write::Check { key: key("b"), condition: Condition::Absent }).await;
    assert_eq!(backend.body("a").await.as_deref(), Some("3"));
    backend.write(Write::Delete { key: key("a"), condition: Condition::Revision(revision) }).await;
    assert_eq!(backend.document("a").await, None);
}

/// A commit that fails names the first broken condition, by the index of its write.
pub async fn a_failed_commit_names_the_first_broken_condition(backend: &Fixture) {
    backend.write(put(key("a"), "0")).await;
    let passed = backend.revision("a").await;
    backend.write(put(key("a"), "1")).await;
    for (key, condition) in [
        (key("a"), Condition::Absent),
        (key("a"), Condition::Revision(passed)),
        (key("b"), Condition::Present),
        (key("b"), Condition::Revision(passed)),
    ] {
        for fails in [
            put_if(key.clone(), "2", condition),
            Write::Delete { key: key.clone(), condition },
            Write::Check { key: key.clone(), condition },
        ] {
            let also_fails =
                Write::Check { key: super::make::key("z"), condition: Condition::Present };
            let commit = writes([put(super::make::key("c"), "1"), fails, also_fails]);
            let lost = backend.store.commit(commit).await.unwrap_err();
            assert!(matches!(lost, CommitError::ConditionFailed { index: 1 }), "{lost:?}");
        }
    }
    assert_eq!(backend.body("a").await.as_deref(), Some("1"));
    assert_eq!(backend.document("c").await, None);
}

/// A commit happens before its time is over, and not from that instant on.
pub async fn a_commit_does_not_happen_when_its_time_is_over(backend: &Fixture) {
    let until = Some(backend.clock.now().plus(SECOND));
    let commit = |body| Commit { until, ..writes([put(key("a"), body)]) };
    backend.clock.advance(SECOND.checked_sub(MILLISECOND).unwrap());
    backend.commit(commit("in time")).await;
    backend.clock.advance(MILLISECOND);
    let late = backend.store.commit(commit("late")).await.unwrap_err();
    assert!(matches!(late, CommitError::Late), "{late:?}");
    assert_eq!(backend.body("a").await.as_deref(), Some("in time"));
}

/// A commit that fails leaves no event, document, index entry, count, message or acknowledgement.
pub async fn a_failed_commit_changes_nothing(backend: &Fixture) {
    let now = backend.clock.now();
    backend.queue.send(&[message(1, now)]).await.unwrap();
    let leased = backend.queue.receive(Lane::First, 10).await.unwrap().remove(0);
    let mut commit = append(stream(ACCOUNT, 1), 0, [1]);
    commit.writes = vec![
        put_with(key("a"), None, [entry("", "a")]),
        count(key("counter"), 1, None),
        Write::Check { key: key("b"), condition: Condition::Present },
    ];
    commit.messages = vec![message(2, now)];
    commit.acknowledge = vec![leased.receipt.clone()];
    let lost = backend.store.commit(commit.clone()).await.unwrap_err();
    assert!(matches!(lost, CommitError::ConditionFailed { index: 2 }), "{lost:?}");

    assert!(backend.versions(stream(ACCOUNT, 1)).await.is_empty());
    assert_eq!(backend.document("a").await, None);
    assert!(backend.entered("").await.is_empty());
    assert_eq!(backend.store.counter(&key("counter")).await.unwrap(), 0);
    assert!(backend.queue.receive(Lane::First, 10).await.unwrap().is_empty());
    backend.queue.release(&leased.receipt).await.unwrap();
    let again = backend.queue.receive(Lane::First, 10).await.unwrap();
    assert_eq!(
        again.iter().map(|leased| leased.message.id).collect::<Vec<_>>(),
        [message(1, now).id]
    );

    // The same commit succeeds without the obstacle, so nothing else made it fail.
    backend.write(put(key("b"), "1")).await;
    commit.acknowledge = vec![again[0].receipt.clone()];
    backend.commit(commit).await;
    assert_eq!(backend.versions(stream(ACCOUNT, 1)).await, [1]);
    assert_eq!(backend.entered("").await, ["a"]);
    assert_eq!(backend.store.counter(&key("counter")).await.unwrap(), 1);
    let sent = backend.queue.receive(Lane::First, 10).await.unwrap();
    assert_eq!(
        sent.iter().map(|leased| leased.message.id).collect::<Vec<_>>(),
        [message(2, now).id]
    );
}

/// A condition sees every earlier commit, also when both are in flight at once.
pub async fn a_condition_sees_every_earlier_commit(backend: &Fixture) {
    let race = (0..20).map(|number| {
        backend.store.commit(writes([put_if(key("taken"), &number.to_string(), Condition::Absent)]))
    });
    let won: Vec<_> =
        join_all(race).await.into_iter().enumerate().filter(|(_, won)| won.is_ok()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(backend.body("taken").await, Some(won[0].0.to_string()));
}

/// Concurrent writers with a precondition lose no update: in each round one wins.
pub async fn one_of_many_writers_wins_a_revision(backend: &Fixture) {
    backend.write(put(key("a"), "0")).await;
    for _ in 0..5 {
        let revision = backend.revision("a").await;
        let race = (0..8).map(|_| {
            backend.store.commit(writes([put_if(key("a"), "x", Condition::Revision(revision))]))
        });
        assert_eq!(join_all(race).await.into_iter().flatten().count(), 1);
    }
}

/// A precondition on a document fails after the document was deleted and put again, even if the new
/// one is equal byte by byte.
pub async fn a_condition_taken_before_a_deletion_fails_after_it(backend: &Fixture) {
    for puts in 1..=3 {
        backend.write(put(key("a"), "same")).await;
        let condition = Condition::Revision(backend.revision("a").await);
        backend.write(Write::Delete { key: key("a"), condition: Condition::None }).await;
        for _ in 0..puts {
            backend.write(put(key("a"), "same")).await;
        }
        for relies in [
            put_if(key("a"), "other", condition),
            Write::Delete { key: key("a"), condition },
            Write::Check { key: key("a"), condition },
        ] {
            let lost = backend.store.commit(writes([relies])).await.unwrap_err();
            assert!(matches!(lost, CommitError::ConditionFailed { index: 0 }), "{lost:?}");
        }
        assert_eq!(backend.body("a").await.as_deref(), Some("same"));
    }
}

/// An empty commit succeeds and changes nothing.
pub async fn an_empty_commit_changes_nothing(backend: &Fixture) {
    backend.commit(Commit::default()).await;
    let (events, next) = backend.store.replay(None, 10).await.unwrap();
    assert!(events.is_empty() && next.is_none());
}

/// A document that is put ahead of a commit is there once that has happened, listed, and replaces one
/// that was put ahead of a commit that failed.
pub async fn what_is_put_ahead_of_a_commit_is_there_after_it(backend: &Fixture) {
    let expires_at = Some(backend.clock.now().plus(SECOND));
    let row = || vec![put_with(key("row"), expires_at, [entry("", "r")])];
    let failing = writes([put_if(key("a"), "1", Condition::Present)]);
    let lost = backend.store.commit(Commit { ahead: row(), ..failing }).await.unwrap_err();
    assert!(matches!(lost, CommitError::ConditionFailed { index: 0 }), "{lost:?}");
    assert_eq!(backend.body("a").await, None);
    let commit = writes([put_if(key("a"), "1", Condition::Absent)]);
    backend.commit(Commit { ahead: row(), ..commit }).await;
    assert_eq!(backend.body("a").await.as_deref(), Some("1"));
    assert_eq!(backend.body("row").await.as_deref(), Some("{}"));
    assert_eq!(backend.entered("").await, ["r"]);
}
