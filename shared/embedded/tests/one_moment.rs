//! Consistency of documents that are read together: they are of one moment, whichever of them were
//! in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use latchhook_embedded::{Embedded, Options, SystemClock};
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Document, Key, Order, Partition, Query, Range, Scope, Write},
};

/// Number of commits that change both documents.
const CHANGES: u64 = 500;

fn key(sort: impl std::fmt::Display) -> Key {
    Partition::new(Scope::Installation, Collection("things"), "").key(sort)
}

fn put(sort: &str, number: u64) -> Write {
    Write::Put {
        key: key(sort),
        body: number.to_string().into(),
        expires_at: None,
        index: vec![],
        condition: Condition::None,
    }
}

fn number(document: Option<&Document>) -> u64 {
    document.map_or(0, |document| std::str::from_utf8(&document.body).unwrap().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_documents_that_change_together_are_never_seen_apart() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path(), &Options::default(), Arc::new(SystemClock::new()))
        .unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|reader| {
            let (store, done) = (store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let (mut last, mut reads) = (0, 0_u64);
                while !done.load(Ordering::Acquire) {
                    // A key that was never read before makes each read part memory, part file.
                    let keys = [key("a"), key(format_args!("{reader}-{reads}")), key("b")];
                    let found = store.get(&keys).await.unwrap();
                    let (a, b) = (number(found[0].as_ref()), number(found[2].as_ref()));
                    assert_eq!(a, b);
                    assert!(a >= last, "{a} after {last}");
                    (last, reads) = (a, reads + 1);
                    tokio::task::yield_now().await;
                }
                reads
            })
        })
        .collect();
    for number in 1..=CHANGES {
        let writes = vec![put("a", number), put("b", number)];
        store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
        let found = store.get(&[key("a")]).await.unwrap();
        assert_eq!(self::number(found[0].as_ref()), number, "a commit that returned is seen");
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
    store.close().await;
}

/// Returns the number in each document of a short list, which is kept in memory.
async fn listed(store: &Embedded) -> Vec<u64> {
    let query = Query {
        partition: key("a").partition,
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: 10,
    };
    let rows = store.query(&query).await.unwrap();
    rows.iter().map(|row| number(Some(&row.document))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_list_is_of_one_moment_and_never_older_than_a_commit_that_returned() {
    let directory = tempfile::tempdir().unwrap();
    let store = Embedded::open(directory.path(), &Options::default(), Arc::new(SystemClock::new()))
        .unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, done) = (store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut last = 0;
                while !done.load(Ordering::Acquire) {
                    let found = listed(&store).await;
                    let now = found.first().copied().unwrap_or_default();
                    assert!(found.iter().all(|&number| number == now), "{found:?}");
                    assert!(now >= last, "{now} after {last}");
                    last = now;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for number in 1..=CHANGES {
        // A third document comes and goes, so that the list's length changes as well.
        let third = if number % 2 == 0 {
            put("c", number)
        } else {
            Write::Delete { key: key("c"), condition: Condition::None }
        };
        let writes = vec![put("a", number), put("b", number), third];
        store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
        let expected = if number % 2 == 0 { 3 } else { 2 };
        assert_eq!(listed(&store).await, vec![number; expected], "a commit that returned is seen");
        assert_eq!(listed(&store).await.len(), expected);
    }
    done.store(true, Ordering::Release);
    for reader in readers {
        reader.await.unwrap();
    }
    store.close().await;
}
