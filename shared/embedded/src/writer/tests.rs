//! Test of the writer on a full disk.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::Timestamp;
use ports::{
    Clock, Commit, Store as _,
    store::{Collection, CommitError, Condition, Partition, Range, Scope, Write},
};

use crate::{Embedded, Options};

/// Clock that stands still.
struct FixedClock;

#[async_trait]
impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

fn things() -> Partition {
    Partition::new(Scope::Installation, Collection("things"), "")
}

/// Returns a commit with a document of 20 kB and a counter increment.
fn commit(number: u32) -> Commit {
    let put = Write::Put {
        key: things().key(number),
        body: vec![b'x'; 20_000].into(),
        expires_at: None,
        index: Vec::new(),
        condition: Condition::Absent,
    };
    let count = Write::Count { key: things().key("n"), by: 1, at_most: None };
    Commit { writes: vec![put, count], ..Commit::default() }
}

async fn set_most_pages(backend: &Embedded, pages: u32) {
    let set = move |connection: &rusqlite::Connection| {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
    };
    backend.inner.writer.transact("setting a limit", set).await.unwrap();
}

async fn counted(backend: &Embedded) -> u64 {
    let counted = backend.counter(&things().key("n")).await.unwrap();
    assert_eq!(backend.count(&things(), &Range::default()).await.unwrap(), counted);
    counted
}

#[tokio::test]
async fn a_full_disk_is_unavailable_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Embedded::open(folder.path(), &Options::default(), Arc::new(FixedClock)).unwrap();
    set_most_pages(&backend, 100).await;
    let mut fitted = 0;
    let refused = loop {
        match backend.commit(commit(fitted)).await {
            Ok(()) => fitted += 1,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, CommitError::Unavailable(_)), "{refused:?}");
    assert!(fitted > 5);
    assert_eq!(counted(&backend).await, u64::from(fitted));

    // A whole batch fails as one.
    let backend = Arc::new(backend);
    let batch: Vec<_> = (100..110)
        .map(|number| {
            let backend = Arc::clone(&backend);
            tokio::spawn(async move { backend.commit(commit(number)).await })
        })
        .collect();
    for one in batch {
        assert!(one.await.unwrap().is_err());
    }
    assert_eq!(counted(&backend).await, u64::from(fitted));

    set_most_pages(&backend, 10_000).await;
    backend.commit(commit(fitted)).await.unwrap();
    assert_eq!(counted(&backend).await, u64::from(fitted) + 1);
}
