//! Lists.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use ports::store::{Order, Query, Range};

use super::{
    Fixture,
    make::{all, delete, entry, key, partition, put, put_with, writes},
};

/// Either way, up to the limit.
pub async fn a_list_is_one_partition_in_order(home: &Fixture) {
    for sort in ["b", "c", "a"] {
        home.write(put(key(sort), sort)).await;
    }
    home.write(put(partition("x").key("d"), "d")).await;
    home.write(put_with(partition("y").key("e"), None, [entry("", "e")])).await;
    assert_eq!(home.listed(&all(partition(""), Order::Ascending)).await, ["a", "b", "c"]);
    assert_eq!(home.listed(&all(partition(""), Order::Descending)).await, ["c", "b", "a"]);
    for (order, first_two) in [(Order::Ascending, ["a", "b"]), (Order::Descending, ["c", "b"])] {
        let query = Query { limit: 2, ..all(partition(""), order) };
        assert_eq!(home.listed(&query).await, first_two);
    }
    assert!(home.listed(&all(partition("none"), Order::Ascending)).await.is_empty());
    let rows = home.store.query(&all(partition(""), Order::Ascending)).await.unwrap();
    for row in rows {
        assert_eq!(Some(row.document), home.document(&row.sort).await);
    }
}

/// In both orders, with either bound or both.
pub async fn a_range_begins_inclusive_and_ends_exclusive(home: &Fixture) {
    for sort in ["a", "b", "c", "d"] {
        home.write(put_with(key(sort), None, [entry("", sort)])).await;
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
            assert_eq!(home.listed(&query).await, expected);
            query.order = Order::Descending;
            let descending = home.listed(&query).await;
            assert_eq!(descending.iter().rev().collect::<Vec<_>>(), expected);
        }
    }
}

/// Not by letters of any language, and every byte counts.
pub async fn sort_keys_compare_as_bytes(home: &Fixture) {
    let in_order =
        ["", " ", "-", "0", "01", "1", "A", "Z", "_", "a", "a/", "a0", "ab", "z", "é", "日"];
    for sort in in_order.iter().rev().filter(|sort| !sort.is_empty()) {
        home.write(put(key(sort), "{}")).await;
    }
    assert_eq!(home.listed(&all(partition(""), Order::Ascending)).await, in_order[1..]);
}

/// A home that reads pages reads as many as the limit asks for, each document whole.
pub async fn a_long_list_is_whole(home: &Fixture) {
    let body = format!("\"{}\"", "x".repeat(6_000));
    let sorts: Vec<String> = (0..300).map(|number| format!("{number:03}")).collect();
    for some in sorts.chunks(25) {
        home.commit(writes(some.iter().map(|sort| put(key(sort), &body)))).await;
    }
    assert_eq!(home.listed(&all(partition(""), Order::Ascending)).await, sorts);
    let query = Query { limit: 250, ..all(partition(""), Order::Ascending) };
    let rows = home.store.query(&query).await.unwrap();
    assert_eq!(rows.len(), 250);
    assert!(rows.iter().all(|row| row.document.body == body));
}

/// With their own keys, under the entries' sort keys.
pub async fn an_index_lists_the_documents_entered_there(home: &Fixture) {
    home.write(put_with(key("a"), None, [entry("", "2"), entry("other", "1")])).await;
    home.write(put_with(partition("x").key("b"), None, [entry("", "1")])).await;
    home.write(put(key("c"), "{}")).await;
    let query = Query { index: true, ..all(entry("", "").partition, Order::Descending) };
    let rows = home.store.query(&query).await.unwrap();
    let listed: Vec<_> = rows.iter().map(|row| (row.sort.as_str(), &row.document.key)).collect();
    assert_eq!(listed, [("2", &key("a")), ("1", &partition("x").key("b"))]);
    assert_eq!(home.entered("other").await, ["1"]);
}

/// Entries that it no longer names are gone, those it still names stay.
pub async fn a_document_is_entered_where_its_last_put_says(home: &Fixture) {
    home.write(put_with(key("a"), None, [entry("", "1"), entry("", "2")])).await;
    home.write(put_with(key("a"), None, [entry("", "2"), entry("x", "3")])).await;
    assert_eq!(home.entered("").await, ["2"]);
    assert_eq!(home.entered("x").await, ["3"]);
    home.write(put(key("a"), "{}")).await;
    assert!(home.entered("").await.is_empty() && home.entered("x").await.is_empty());
}

/// Only its own entries go.
pub async fn a_deleted_document_is_no_longer_entered(home: &Fixture) {
    home.write(put_with(key("a"), None, [entry("", "1")])).await;
    home.write(put_with(key("b"), None, [entry("", "2")])).await;
    home.write(delete(key("a"))).await;
    assert_eq!(home.entered("").await, ["2"]);
}

/// Documents and entries, within a range.
pub async fn what_is_listed_is_counted(home: &Fixture) {
    for sort in ["a", "b", "c"] {
        home.write(put_with(key(sort), None, [entry("", sort)])).await;
    }
    home.write(put(partition("x").key("d"), "{}")).await;
    let range = Range { from: Some("b".to_owned()), to: None };
    for listed in [partition(""), entry("", "").partition] {
        assert_eq!(home.store.count(&listed, &Range::default()).await.unwrap(), 3);
        assert_eq!(home.store.count(&listed, &range).await.unwrap(), 2);
    }
    assert_eq!(home.store.count(&partition("none"), &Range::default()).await.unwrap(), 0);
}
