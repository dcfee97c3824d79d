//! Documents of a store.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use ports::{
    Clock as _,
    store::{Commit, CommitError, Condition, Document, Order, REMEMBERED_FOR, Range, Sight, Write},
};

use super::{
    Fixture,
    make::{all, delete, entry, key, partition, put, put_if, put_with, writes},
};

const HOUR: Duration = Duration::from_hours(1);

/// A document reads back whole, with a revision that is not zero.
pub async fn a_document_reads_back_as_it_was_put(backend: &Fixture) {
    let expires_at = Some(backend.clock.now().plus(HOUR));
    let body = Bytes::from_static("{\"name\":\"é\"}".as_bytes());
    let (index, condition) = (Vec::new(), Condition::None);
    backend
        .write(Write::Put { key: key("a"), body: body.clone(), expires_at, index, condition })
        .await;
    let revision = backend.revision("a").await;
    assert!(revision > 0);
    let document = Document { key: key("a"), revision, expires_at, body };
    assert_eq!(backend.document("a").await, Some(document));
}

/// A read returns one answer for each key in order, also for keys without a document.
pub async fn documents_are_returned_in_the_order_of_the_keys(backend: &Fixture) {
    backend.commit(writes([put(key("a"), "1"), put(key("b"), "2")])).await;
    backend.write(put(partition("elsewhere").key("a"), "3")).await;
    let keys = [key("b"), key("missing"), partition("elsewhere").key("a"), key("a")];
    let got = backend.store.get(&keys).await.unwrap();
    let bodies: Vec<_> = got.iter().map(|found| Some(&found.as_ref()?.body[..])).collect();
    assert_eq!(bodies, [Some(&b"2"[..]), None, Some(b"3"), Some(b"1")]);
    assert!(backend.store.get(&[]).await.unwrap().is_empty());
}

/// A document that a commit says to be absent is not there, until it is put.
pub async fn what_is_said_to_be_absent_is_there_once_it_is_put(backend: &Fixture) {
    let absent = vec![key("b")];
    backend.commit(Commit { absent, ..writes([put(key("a"), "1")]) }).await;
    assert_eq!(backend.document("b").await, None);
    backend.commit(writes([put_if(key("b"), "2", Condition::Absent)])).await;
    assert_eq!(&backend.document("b").await.unwrap().body[..], b"2");
}

/// A put ahead of the rest replaces the one of an earlier try.
pub async fn what_was_put_ahead_may_be_put_again(backend: &Fixture) {
    for body in ["1", "2"] {
        let ahead = vec![put(key("row"), body)];
        backend.commit(Commit { ahead, ..writes([put(key("a"), body)]) }).await;
        assert_eq!(&backend.document("row").await.unwrap().body[..], body.as_bytes());
    }
}

/// Every put gets a new revision, also if the body is the same.
pub async fn every_put_has_a_revision_of_its_own(backend: &Fixture) {
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        backend.write(put(key("a"), "same")).await;
        let revision = backend.revision("a").await;
        assert_eq!(backend.revision("a").await, revision, "a look changes nothing");
        assert!(seen.insert(revision), "{revision} was there before");
    }
}

/// A deleted document is gone; deleting what does not exist is no error.
pub async fn a_deleted_document_is_gone(backend: &Fixture) {
    backend.write(put(key("a"), "1")).await;
    for _ in 0..2 {
        backend.write(delete(key("a"))).await;
        assert_eq!(backend.document("a").await, None);
    }
}

/// A revision never recurs after a deletion, however often the document was written before and is
/// written after.
pub async fn a_revision_never_comes_back_after_a_deletion(backend: &Fixture) {
    let mut seen = BTreeSet::new();
    for puts in [1, 3, 1, 2, 4] {
        for _ in 0..puts {
            backend.write(put(key("a"), "same")).await;
            let revision = backend.revision("a").await;
            assert!(seen.insert(revision), "{revision} was there before");
        }
        backend.write(delete(key("a"))).await;
    }
}

/// A revision never recurs after an expiry, whether or not the expired document was swept.
pub async fn a_revision_never_comes_back_after_an_expiry(backend: &Fixture) {
    let mut seen = BTreeSet::new();
    for condition in [Condition::None, Condition::Absent, Condition::None] {
        let soon = Some(backend.clock.now().plus(HOUR));
        let index = Vec::new();
        let body = Bytes::from_static(b"{}");
        backend.write(Write::Put { key: key("a"), body, expires_at: soon, index, condition }).await;
        let revision = backend.revision("a").await;
        assert!(seen.insert(revision), "{revision} was there before");
        backend.clock.advance(HOUR);
    }
}

/// A document disappears at the instant of its expiry, swept or not.
pub async fn a_document_exists_until_it_expires(backend: &Fixture) {
    let expires_at = Some(backend.clock.now().plus(HOUR));
    backend.write(put_with(key("a"), expires_at, [])).await;
    backend.clock.advance(HOUR.checked_sub(Duration::from_millis(1)).unwrap());
    assert!(backend.document("a").await.is_some());
    backend.clock.advance(Duration::from_millis(1));
    assert_eq!(backend.document("a").await, None);
    backend.write(put(key("a"), "again")).await;
    assert_eq!(backend.document("a").await.unwrap().expires_at, None);
}

/// Every kind of condition sees an expired document as absent.
pub async fn an_expired_document_is_absent_to_conditions(backend: &Fixture) {
    backend.write(put_with(key("a"), Some(backend.clock.now().plus(HOUR)), [])).await;
    let revision = backend.revision("a").await;
    backend.clock.advance(HOUR);
    for condition in [Condition::Present, Condition::Revision(revision)] {
        let lost =
            backend.store.commit(writes([put_if(key("a"), "{}", condition)])).await.unwrap_err();
        assert!(matches!(lost, CommitError::ConditionFailed { index: 0 }), "{lost:?}");
    }
    backend.write(Write::Check { key: key("a"), condition: Condition::Absent }).await;
    backend.write(put_if(key("a"), "{}", Condition::Absent)).await;
    assert_eq!(backend.body("a").await.as_deref(), Some("{}"));
}

/// An expired document is not listed by key or index, nor counted by key.
pub async fn an_expired_document_is_not_listed_or_counted(backend: &Fixture) {
    let soon = Some(backend.clock.now().plus(HOUR));
    backend.write(put_with(key("a"), soon, [entry("", "a")])).await;
    backend.write(put_with(key("b"), None, [entry("", "b")])).await;
    backend.clock.advance(HOUR);
    let mut query = all(partition(""), Order::Ascending);
    query.limit = 1;
    assert_eq!(backend.listed(&query).await, ["b"]);
    assert_eq!(backend.entered("").await, ["b"]);
    assert_eq!(backend.store.count(&partition(""), &Range::default()).await.unwrap(), 1);
}

/// A document that is put again after its expiry has only its new index entries.
pub async fn an_expired_document_that_is_put_again_has_new_entries_only(backend: &Fixture) {
    let soon = Some(backend.clock.now().plus(HOUR));
    backend.write(put_with(key("a"), soon, [entry("", "old")])).await;
    backend.clock.advance(HOUR);
    backend.write(put_with(key("a"), None, [entry("", "new")])).await;
    assert_eq!(backend.entered("").await, ["new"]);
}

/// A glance sees a present document as it is, and what may be remembered as it is after that time.
pub async fn a_glance_sees_a_document_as_its_sight_says(backend: &Fixture) {
    let seen = async |sight| {
        let found = backend.store.glance(&[key("a"), key("b")], &[sight; 2]).await.unwrap();
        let body = |found: &Option<Document>| Some(found.as_ref()?.body.to_vec());
        found.iter().map(body).collect::<Vec<_>>()
    };
    assert_eq!(seen(Sight::Present).await, [None, None]);
    assert_eq!(seen(Sight::Remembered).await, [None, None]);
    backend.write(put(key("a"), "1")).await;
    assert_eq!(seen(Sight::Present).await, [Some(b"1".to_vec()), None]);
    backend.clock.advance(REMEMBERED_FOR);
    assert_eq!(seen(Sight::Remembered).await, [Some(b"1".to_vec()), None]);
    backend.write(delete(key("a"))).await;
    backend.clock.advance(REMEMBERED_FOR);
    for sight in [Sight::Present, Sight::Remembered] {
        assert_eq!(seen(sight).await, [None, None]);
    }
}
