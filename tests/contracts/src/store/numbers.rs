//! Documents of numbers of a store.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::time::Duration;

use domain::Timestamp;
use futures_util::future::join_all;
use ports::{
    Clock as _, Commit,
    store::{Addition, Condition, Numbers, Order, Query, Range, Write},
};

use super::{
    Fixture,
    make::{key, partition, put, writes},
};

/// Numbers add up by their names; one that is new begins at zero.
pub async fn numbers_add_up_by_their_names(backend: &Fixture) {
    for more in [&[("a", 1), ("b", 20)][..], &[("a", 2)], &[("c:4xx", 5), ("b", 1)]] {
        backend.store.commit(adding("n", more, None)).await.unwrap();
    }
    assert_eq!(numbers(backend, "n").await, of(&[("a", 3), ("b", 21), ("c:4xx", 5)]));
    backend.store.settle().await.unwrap();
    assert_eq!(numbers(backend, "n").await, of(&[("a", 3), ("b", 21), ("c:4xx", 5)]));
}

/// A commit whose condition does not hold adds nothing.
pub async fn a_commit_that_does_not_happen_adds_nothing(backend: &Fixture) {
    let check = Write::Check { key: key("missing"), condition: Condition::Present };
    let commit = Commit { writes: vec![check], ..adding("n", &[("a", 1)], None) };
    backend.store.commit(commit).await.unwrap_err();
    assert_eq!(numbers(backend, "n").await, Numbers::new());
    let commit = Commit { writes: vec![put(key("there"), "{}")], ..adding("n", &[("a", 1)], None) };
    backend.store.commit(commit).await.unwrap();
    assert_eq!(numbers(backend, "n").await, of(&[("a", 1)]));
}

/// Forty concurrent writers add to one document, and none is lost or in another's way.
pub async fn forty_writers_add_to_one_document(backend: &Fixture) {
    let all = (0..40).map(|number| async move {
        let document = put(key(&format!("{number:02}")), "{}");
        let commit =
            Commit { writes: vec![document], ..adding("n", &[("a", 1), ("b", number)], None) };
        backend.store.commit(commit).await
    });
    for outcome in join_all(all).await {
        outcome.unwrap();
    }
    assert_eq!(numbers(backend, "n").await, of(&[("a", 40), ("b", (0..40).sum())]));
}

/// A document of numbers is listed among the documents of its partition.
pub async fn numbers_are_listed_like_any_document(backend: &Fixture) {
    backend.store.commit(writes([put(key("1"), "{}"), put(key("3"), "{}")])).await.unwrap();
    backend.store.commit(adding("2", &[("a", 7)], None)).await.unwrap();
    backend.store.settle().await.unwrap();
    let query = Query {
        partition: partition(""),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: 10,
    };
    let rows = backend.store.query(&query).await.unwrap();
    let listed: Vec<_> = rows.iter().map(|row| (&*row.sort, &row.document.body[..])).collect();
    assert_eq!(listed, [("1", &b"{}"[..]), ("2", br#"{"a":7}"#), ("3", b"{}")]);
}

/// A document of numbers exists until it expires.
pub async fn numbers_exist_until_they_expire(backend: &Fixture) {
    let at = backend.clock.now().plus(Duration::from_secs(10));
    backend.store.commit(adding("n", &[("a", 1)], Some(at))).await.unwrap();
    assert_eq!(numbers(backend, "n").await, of(&[("a", 1)]));
    backend.clock.advance(Duration::from_secs(10));
    assert_eq!(numbers(backend, "n").await, Numbers::new());
}

fn of(numbers: &[(&str, u64)]) -> Numbers {
    numbers.iter().map(|(name, amount)| ((*name).to_owned(), *amount)).collect()
}

fn adding(sort: &str, numbers: &[(&str, u64)], expires_at: Option<Timestamp>) -> Commit {
    let additions = vec![Addition { key: key(sort), numbers: of(numbers), expires_at }];
    Commit { additions, ..Commit::default() }
}

async fn numbers(backend: &Fixture, sort: &str) -> Numbers {
    backend.store.settle().await.unwrap();
    let found = backend.store.get(&[key(sort)]).await.unwrap().pop().flatten();
    found.map_or_else(Numbers::new, |found| serde_json::from_slice(&found.body).unwrap())
}
