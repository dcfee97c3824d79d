//! Documents.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use ports::{
    Clock as _,
    store::{CommitError, Condition, Document, Order, Range, Write},
};

use super::{
    Fixture,
    make::{all, delete, entry, key, partition, put, put_if, put_with, writes},
};

const HOUR: Duration = Duration::from_hours(1);

/// Whole, at a revision that is not zero.
pub async fn what_is_put_reads_back(home: &Fixture) {
    let expires_at = Some(home.clock.now().plus(HOUR));
    let body = Bytes::from_static("{\"name\":\"é\"}".as_bytes());
    let (index, condition) = (Vec::new(), Condition::None);
    home.write(Write::Put { key: key("a"), body: body.clone(), expires_at, index, condition })
        .await;
    let revision = home.revision("a").await;
    assert!(revision > 0);
    let document = Document { key: key("a"), revision, expires_at, body };
    assert_eq!(home.document("a").await, Some(document));
}

/// One answer a key, where there is nothing too.
pub async fn documents_are_got_in_the_order_of_their_keys(home: &Fixture) {
    home.commit(writes([put(key("a"), "1"), put(key("b"), "2")])).await;
    home.write(put(partition("elsewhere").key("a"), "3")).await;
    let keys = [key("b"), key("missing"), partition("elsewhere").key("a"), key("a")];
    let got = home.store.get(&keys).await.unwrap();
    let bodies: Vec<_> = got.iter().map(|found| Some(&found.as_ref()?.body[..])).collect();
    assert_eq!(bodies, [Some(&b"2"[..]), None, Some(b"3"), Some(b"1")]);
    assert!(home.store.get(&[]).await.unwrap().is_empty());
}

/// It says whether two documents are of one put, also where both have the same body.
pub async fn every_put_has_a_revision_of_its_own(home: &Fixture) {
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        home.write(put(key("a"), "same")).await;
        let revision = home.revision("a").await;
        assert_eq!(home.revision("a").await, revision, "a look changes nothing");
        assert!(seen.insert(revision), "{revision} was there before");
    }
}

/// Deleting nothing is no error.
pub async fn a_deleted_document_is_gone(home: &Fixture) {
    home.write(put(key("a"), "1")).await;
    for _ in 0..2 {
        home.write(delete(key("a"))).await;
        assert_eq!(home.document("a").await, None);
    }
}

/// However often it was written before it was deleted, and after it was put again.
pub async fn a_revision_never_comes_back_after_a_deletion(home: &Fixture) {
    let mut seen = BTreeSet::new();
    for puts in [1, 3, 1, 2, 4] {
        for _ in 0..puts {
            home.write(put(key("a"), "same")).await;
            let revision = home.revision("a").await;
            assert!(seen.insert(revision), "{revision} was there before");
        }
        home.write(delete(key("a"))).await;
    }
}

/// To the millisecond, swept or not; put again it is another one.
pub async fn a_revision_never_comes_back_after_an_expiry(home: &Fixture) {
    let mut seen = BTreeSet::new();
    for condition in [Condition::None, Condition::Absent, Condition::None] {
        let soon = Some(home.clock.now().plus(HOUR));
        let index = Vec::new();
        let body = Bytes::from_static(b"{}");
        home.write(Write::Put { key: key("a"), body, expires_at: soon, index, condition }).await;
        let revision = home.revision("a").await;
        assert!(seen.insert(revision), "{revision} was there before");
        home.clock.advance(HOUR);
    }
}

/// At that instant it is no longer there, swept or not.
pub async fn a_document_is_there_until_it_expires(home: &Fixture) {
    let expires_at = Some(home.clock.now().plus(HOUR));
    home.write(put_with(key("a"), expires_at, [])).await;
    home.clock.advance(HOUR.checked_sub(Duration::from_millis(1)).unwrap());
    assert!(home.document("a").await.is_some());
    home.clock.advance(Duration::from_millis(1));
    assert_eq!(home.document("a").await, None);
    home.write(put(key("a"), "again")).await;
    assert_eq!(home.document("a").await.unwrap().expires_at, None);
}

/// To every kind of them.
pub async fn an_expired_document_is_absent_to_conditions(home: &Fixture) {
    home.write(put_with(key("a"), Some(home.clock.now().plus(HOUR)), [])).await;
    let revision = home.revision("a").await;
    home.clock.advance(HOUR);
    for condition in [Condition::Present, Condition::Revision(revision)] {
        let lost =
            home.store.commit(writes([put_if(key("a"), "{}", condition)])).await.unwrap_err();
        assert!(matches!(lost, CommitError::ConditionFailed { index: 0 }), "{lost:?}");
    }
    home.write(Write::Check { key: key("a"), condition: Condition::Absent }).await;
    home.write(put_if(key("a"), "{}", Condition::Absent)).await;
    assert_eq!(home.body("a").await.as_deref(), Some("{}"));
}

/// Neither by its key nor by an index entry, and a limit does not count it.
pub async fn an_expired_document_is_not_listed_or_counted(home: &Fixture) {
    let soon = Some(home.clock.now().plus(HOUR));
    home.write(put_with(key("a"), soon, [entry("", "a")])).await;
    home.write(put_with(key("b"), None, [entry("", "b")])).await;
    home.clock.advance(HOUR);
    let mut query = all(partition(""), Order::Ascending);
    query.limit = 1;
    assert_eq!(home.listed(&query).await, ["b"]);
    assert_eq!(home.entered("").await, ["b"]);
    for listed in [partition(""), entry("", "").partition] {
        assert_eq!(home.store.count(&listed, &Range::default()).await.unwrap(), 1);
    }
}

/// The entries of what expired do not come back with it.
pub async fn an_expired_document_that_is_put_again_has_new_entries_only(home: &Fixture) {
    let soon = Some(home.clock.now().plus(HOUR));
    home.write(put_with(key("a"), soon, [entry("", "old")])).await;
    home.clock.advance(HOUR);
    home.write(put_with(key("a"), None, [entry("", "new")])).await;
    assert_eq!(home.entered("").await, ["new"]);
}
