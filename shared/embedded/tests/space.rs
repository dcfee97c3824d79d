//! Little free space: what is given up, and what goes on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{path::Path, sync::Arc};

use common::{SECOND, message, open, put, put_until, take_all, write};
use contracts::ManualClock;
use latchhook_embedded::{Embedded, Erased, Figures, Options};
use ports::{
    Chain, Clock as _, Commit, Queue as _, Store as _,
    queue::Lane,
    store::{Collection, CommitError, Condition, Key, Partition, Scope, Write},
};

const LOGS: Collection = Collection("logs");
const SECRETS: Collection = Collection("secrets");
const TOKENS: Collection = Collection("tokens");
const THINGS: Collection = Collection("things");

fn key(collection: Collection, sort: &str) -> Key {
    Partition::new(Scope::Installation, collection, "").key(sort)
}

fn on(path: &Path, clock: &Arc<ManualClock>, free_space_mark: u64) -> (Embedded, Arc<Figures>) {
    let figures = Arc::<Figures>::default();
    let options = Options {
        free_space_mark,
        expendable: &[LOGS],
        erased: Erased { at_once: &[SECRETS], soon: &[TOKENS] },
        figures: Arc::clone(&figures),
        ..Options::default()
    };
    (open(path, &options, clock), figures)
}

async fn is_there(backend: &Embedded, key: Key) -> bool {
    backend.get(&[key]).await.unwrap()[0].is_some()
}

async fn commit(backend: &Embedded, writes: Vec<Write>) -> Result<(), CommitError> {
    backend.commit(Commit { writes, ..Commit::default() }).await
}

#[tokio::test]
async fn with_little_space_only_expendable_documents_are_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::<ManualClock>::default();
    let (backend, figures) = on(folder.path(), &clock, 1);
    write(&backend, vec![put(key(LOGS, "kept"), "{}")]).await;
    drop(backend);
    // Twice what is free is too little, a quarter of that is not.
    let (backend, figures) = on(folder.path(), &clock, figures.free() * 2);
    write(&backend, vec![put(key(LOGS, "dropped"), "{}"), put(key(THINGS, "a"), "{}")]).await;
    // One that is relied upon is no mere row of a log.
    let relied = Write::Put {
        key: key(LOGS, "kept"),
        body: "{}".into(),
        expires_at: None,
        index: vec![],
        condition: Condition::Present,
    };
    commit(&backend, vec![relied]).await.unwrap();
    assert!(is_there(&backend, key(LOGS, "kept")).await);
    assert!(!is_there(&backend, key(LOGS, "dropped")).await);
    assert!(is_there(&backend, key(THINGS, "a")).await);
    assert_eq!(figures.dropped(), 1);
}

#[tokio::test]
async fn with_hardly_any_space_what_is_under_way_ends_and_nothing_new_begins() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::<ManualClock>::default();
    let (backend, _) = on(folder.path(), &clock, 0);
    let until = Some(clock.now().plus(SECOND));
    write(&backend, vec![put_until(key(THINGS, "expires"), "{}", until, vec![])]).await;
    write(&backend, vec![put(key(SECRETS, "account"), "{}")]).await;
    backend.send(&[message(1, 1, Lane::First, clock.now())]).await.unwrap();
    drop(backend);

    let (backend, figures) = on(folder.path(), &clock, u64::MAX);
    let refused = commit(&backend, vec![put(key(THINGS, "new"), "{}")]).await.unwrap_err();
    assert!(matches!(refused, CommitError::Unavailable(_)), "{refused:?}");
    let why = Chain(&refused).to_string();
    assert!(why.contains("disk space"), "{why}");
    assert!(backend.send(&[message(2, 1, Lane::First, clock.now())]).await.is_err());
    // A row of a log alone is dropped, and whoever writes it is not told.
    commit(&backend, vec![put(key(LOGS, "row"), "{}")]).await.unwrap();
    assert_eq!(figures.dropped(), 1);

    let leased = take_all(&backend, Lane::First).remove(0);
    let retry = message(3, 1, Lane::Retry, clock.now());
    let attempt = Commit {
        writes: vec![put(key(THINGS, "delivery"), "{}"), put(key(LOGS, "attempt"), "{}")],
        messages: vec![retry],
        acknowledge: vec![leased.receipt],
        ..Commit::default()
    };
    backend.commit(attempt).await.unwrap();
    assert!(is_there(&backend, key(THINGS, "delivery")).await);
    assert!(!is_there(&backend, key(LOGS, "attempt")).await);
    let close = Write::Delete { key: key(SECRETS, "account"), condition: Condition::Present };
    commit(&backend, vec![close]).await.unwrap();
    // A secret that is replaced by another takes nothing away.
    let replace = Write::Delete { key: key(TOKENS, "old"), condition: Condition::None };
    assert!(commit(&backend, vec![replace, put(key(THINGS, "new"), "{}")]).await.is_err());
    let writes = vec![put(key(THINGS, "key"), r#"{"expired":true}"#)];
    backend.commit(Commit { writes, revokes: true, ..Commit::default() }).await.unwrap();
    assert!(is_there(&backend, key(THINGS, "key")).await);
    clock.advance(SECOND);
    assert_eq!(backend.sweep(clock.now(), 10).await.unwrap(), 1);
}
