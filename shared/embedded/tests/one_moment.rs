//! Documents read together are of one moment, whichever of them were in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use latchhook_embedded::{Embedded, Options, SystemClock};
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Document, Key, Partition, Scope, Write},
};

/// Commits that change both documents.
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
                    // A key that was never asked for makes each read part memory, part file.
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
