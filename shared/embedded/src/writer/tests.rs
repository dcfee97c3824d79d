//! A full disk.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::Timestamp;
use ports::{
    Clock, Commit, Store as _,
    store::{Collection, CommitError, Condition, Partition, Range, Scope, Write},
};

use crate::{Embedded, Options};

/// A clock that stands.
struct Standing;

#[async_trait]
impl Clock for Standing {
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

/// A document of 20 kB, and one more counted.
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

async fn set_most_pages(home: &Embedded, pages: u32) {
    let set = move |connection: &rusqlite::Connection| {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
    };
    home.inner.writer.transact("setting a limit", set).await.unwrap();
}

async fn counted(home: &Embedded) -> u64 {
    let counted = home.counter(&things().key("n")).await.unwrap();
    assert_eq!(home.count(&things(), &Range::default()).await.unwrap(), counted);
    counted
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_works_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let home = Embedded::open(folder.path(), &Options::default(), Arc::new(Standing)).unwrap();
    set_most_pages(&home, 100).await;
    let mut fitted = 0;
    let refused = loop {
        match home.commit(commit(fitted)).await {
            Ok(()) => fitted += 1,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, CommitError::Unavailable(_)), "{refused:?}");
    assert!(fitted > 5);
    assert_eq!(counted(&home).await, u64::from(fitted));

    // A whole batch fails as one.
    let home = Arc::new(home);
    let batch: Vec<_> = (100..110)
        .map(|number| {
            let home = Arc::clone(&home);
            tokio::spawn(async move { home.commit(commit(number)).await })
        })
        .collect();
    for one in batch {
        assert!(one.await.unwrap().is_err());
    }
    assert_eq!(counted(&home).await, u64::from(fitted));

    set_most_pages(&home, 10_000).await;
    home.commit(commit(fitted)).await.unwrap();
    assert_eq!(counted(&home).await, u64::from(fitted) + 1);
}
