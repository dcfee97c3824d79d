//! Lists of documents, by key and by index.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::time::Duration;

use ports::{
    Clock as _,
    store::{Order, Query, Range},
};

use super::{
    Fixture,
    make::{all, delete, entry, key, partition, put, put_with, writes},
};

/// A list is one partition, in ascending or descending order, up to the limit.
pub async fn a_list_is_one_partition_in_order(backend: &Fixture) {
    for sort in ["b", "c", "a"] {
        backend.write(put(key(sort), sort)).await;
    }
    backend.write(put(partition("x").key("d"), "d")).await;
    backend.write(put_with(partition("y").key("e"), None, [entry("", "e")])).await;
    assert_eq!(backend.listed(&all(partition(""), Order::Ascending)).await, ["a", "b", "c"]);
    assert_eq!(backend.listed(&all(partition(""), Order::Descending)).await, ["c", "b", "a"]);
    for (order, first_two) in [(Order::Ascending, ["a", "b"]), (Order::Descending, ["c", "b"])] {
        let query = Query { limit: 2, ..all(partition(""), order) };
        assert_eq!(backend.listed(&query).await, first_two);
    }
    assert!(backend.listed(&all(partition("none"), Order::Ascending)).await.is_empty());
    let rows = backend.store.query(&all(partition(""), Order::Ascending)).await.unwrap();
    for row in rows {
        assert_eq!(Some(row.document), backend.document(&row.sort).await);
    }
}

/// A range includes its start and excludes its end, in both orders, with one bound or both.
pub async fn a_range_begins_inclusive_and_ends_exclusive(backend: &Fixture) {
    for sort in ["a", "b", "c", "d"] {
        backend.write(put_with(key(sort), None, [entry("", sort)])).await;
    }
    for (from, to, expected) in [
        (Some("b"), None, vec!["b", "c", "d"]),
        (None, Some("c"), vec!["a", "b"]),
        (Some("b"), Some("d"), vec!["b", "c"]),
        (Some("b"), Some("b"), vec![]),
        (Some("bb"), Some("cc"), vec!["c"]),
    ] {
        let range = Range { from: from.map(str::to_owned), to: to.map(str::to_owned) };
        for (listed, index) in [(partition(""), false), (entry("", "").partition, true)] {
            let mut query = Query { range: range.clone(), index, ..all(listed, Order::Ascending) };
            assert_eq!(backend.listed(&query).await, expected);
            query.order = Order::Descending;
            let descending = backend.listed(&query).await;
            assert_eq!(descending.iter().rev().collect::<Vec<_>>(), expected);
        }
    }
}

/// Sort keys are compared byte by byte, not by a language's collation.
pub async fn sort_keys_compare_as_bytes(backend: &Fixture) {
    let in_order =
        ["", " ", "-", "0", "01", "1", "A", "Z", "_", "a", "a/", "a0", "ab", "z", "é", "日"];
    for sort in in_order.iter().rev().filter(|sort| !sort.is_empty()) {
        backend.write(put(key(sort), "{}")).await;
    }
    assert_eq!(backend.listed(&all(partition(""), Order::Ascending)).await, in_order[1..]);
}

/// A list is complete up to its limit, however many pages the backend has to read.
pub async fn a_long_list_is_complete(backend: &Fixture) {
    let body = format!("\"{}\"", "x".repeat(6_000));
    let sorts: Vec<String> = (0..300).map(|number| format!("{number:03}")).collect();
    for some in sorts.chunks(25) {
        backend.commit(writes(some.iter().map(|sort| put(key(sort), &body)))).await;
    }
    assert_eq!(backend.listed(&all(partition(""), Order::Ascending)).await, sorts);
    let query = Query { limit: 250, ..all(partition(""), Order::Ascending) };
    let rows = backend.store.query(&query).await.unwrap();
    assert_eq!(rows.len(), 250);
    assert!(rows.iter().all(|row| row.document.body == body));
}

/// An index lists documents with their own keys, in the order of the entries' sort keys.
pub async fn an_index_lists_its_documents_in_order(backend: &Fixture) {
    backend.write(put_with(key("a"), None, [entry("", "2"), entry("other", "1")])).await;
    backend.write(put_with(partition("x").key("b"), None, [entry("", "1")])).await;
    backend.write(put(key("c"), "{}")).await;
    let query = Query { index: true, ..all(entry("", "").partition, Order::Descending) };
    let rows = backend.store.query(&query).await.unwrap();
    let listed: Vec<_> = rows.iter().map(|row| (row.sort.as_str(), &row.document.key)).collect();
    assert_eq!(listed, [("2", &key("a")), ("1", &partition("x").key("b"))]);
    assert_eq!(backend.entered("other").await, ["1"]);
}

/// A put replaces the document's index entries by those that it names.
pub async fn index_entries_are_replaced_by_each_put(backend: &Fixture) {
    backend.write(put_with(key("a"), None, [entry("", "1"), entry("", "2")])).await;
    backend.write(put_with(key("a"), None, [entry("", "2"), entry("x", "3")])).await;
    assert_eq!(backend.entered("").await, ["2"]);
    assert_eq!(backend.entered("x").await, ["3"]);
    backend.write(put(key("a"), "{}")).await;
    assert!(backend.entered("").await.is_empty() && backend.entered("x").await.is_empty());
}

/// A document that expires is listed where its last put says, also where it was listed before.
pub async fn entries_of_a_document_that_expires_come_and_go(backend: &Fixture) {
    let expires_at = Some(backend.clock.now().plus(Duration::from_hours(1)));
    for listed in [&["1", "2"][..], &["2"], &[], &["1"], &["1", "2"]] {
        let entries = listed.iter().map(|sort| entry("", sort));
        backend.write(put_with(key("a"), expires_at, entries)).await;
        assert_eq!(backend.entered("").await, listed);
    }
    backend.write(delete(key("a"))).await;
    assert!(backend.entered("").await.is_empty());
}

/// A deleted document loses its own index entries, and no others.
pub async fn deleting_a_document_removes_its_index_entries(backend: &Fixture) {
    backend.write(put_with(key("a"), None, [entry("", "1")])).await;
    backend.write(put_with(key("b"), None, [entry("", "2")])).await;
    backend.write(delete(key("a"))).await;
    assert_eq!(backend.entered("").await, ["2"]);
}

/// A count equals the length of the list, for documents and index entries, within a range.
pub async fn a_count_equals_the_length_of_the_list(backend: &Fixture) {
    for sort in ["a", "b", "c"] {
        backend.write(put_with(key(sort), None, [entry("", sort)])).await;
    }
    backend.write(put(partition("x").key("d"), "{}")).await;
    let range = Range { from: Some("b".to_owned()), to: None };
    for listed in [partition(""), entry("", "").partition] {
        assert_eq!(backend.store.count(&listed, &Range::default()).await.unwrap(), 3);
        assert_eq!(backend.store.count(&listed, &range).await.unwrap(), 2);
    }
    assert_eq!(backend.store.count(&partition("none"), &Range::default()).await.unwrap(), 0);
}
