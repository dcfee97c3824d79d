//! Tests of the writer: on a full disk, and what it leaves in memory.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    Environment, Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
};
use ports::{
    Clock, Commit, Queue as _, Store as _,
    queue::{Lane, Message},
    store::{Collection, CommitError, Condition, Partition, Range, Scope, Write},
};

use crate::{Embedded, Options, hot::Look};

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

fn message() -> Message {
    let task = Task {
        event: EventId(Ulid::from(1_u128)),
        environment: Environment::Test,
        run: 0,
        slot: 0,
        trigger: Trigger::Schedule,
    };
    Message {
        id: MessageId(Ulid::from(1_u128)),
        account: AccountId(Ulid::from(1_u128)),
        webhook: WebhookId(Ulid::from(1_u128)),
        lane: Lane::First,
        due: Timestamp::from_millis(1),
        task,
        chore: None,
        trace: None,
    }
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
    backend.send(&[message()]).await.unwrap();
    let leased = backend.receive(Lane::First, 1).await.unwrap().remove(0);
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

    // What ends goes on, also together with what does not fit.
    let ends = Commit { acknowledge: vec![leased.receipt], ..Commit::default() };
    let (new, ends) = tokio::join!(backend.commit(commit(110)), backend.commit(ends));
    assert!(new.is_err() && ends.is_ok(), "{new:?} {ends:?}");
    let messages = |connection: &rusqlite::Connection| {
        connection.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0))
    };
    assert_eq!(backend.inner.writer.transact("counting", messages).await.unwrap(), 0);

    set_most_pages(&backend, 10_000).await;
    backend.commit(commit(fitted)).await.unwrap();
    assert_eq!(counted(&backend).await, u64::from(fitted) + 1);
}

#[tokio::test]
async fn a_row_that_is_put_ahead_takes_no_room_in_memory_from_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Embedded::open(folder.path(), &Options::default(), Arc::new(FixedClock)).unwrap();
    let put = |sort: &str| Write::Put {
        key: things().key(sort),
        body: "{}".into(),
        expires_at: None,
        index: Vec::new(),
        condition: Condition::None,
    };
    let commit = Commit { writes: vec![put("read")], ahead: vec![put("row")], ..Commit::default() };
    backend.commit(commit).await.unwrap();
    let looks = backend.inner.hot.look(&[things().key("read"), things().key("row")]);
    assert!(matches!(looks[..], [Look::Known { .. }, Look::Unknown { .. }]), "{looks:?}");
}

#[tokio::test]
async fn a_row_that_is_put_ahead_replaces_what_was_known_under_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Embedded::open(folder.path(), &Options::default(), Arc::new(FixedClock)).unwrap();
    let put = |body: &'static str| Write::Put {
        key: things().key("row"),
        body: body.into(),
        expires_at: None,
        index: Vec::new(),
        condition: Condition::None,
    };
    let first = Commit { writes: vec![put("1")], ..Commit::default() };
    backend.commit(first).await.unwrap();
    for body in ["2", "3"] {
        let ahead = vec![put(body)];
        backend.commit(Commit { ahead, ..Commit::default() }).await.unwrap();
        let found = backend.get(&[things().key("row")]).await.unwrap();
        assert_eq!(&found[0].as_ref().unwrap().body[..], body.as_bytes());
    }
}
