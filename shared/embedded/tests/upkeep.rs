//! Maintenance of the store: sweeping, rebuilding, backing up.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

use common::{SECOND, open, partition, put, put_until, write};
use contracts::ManualClock;
use domain::id::{AccountId, Ulid};
use latchhook_embedded::{BackupError, Content, Embedded, Indexed, Options};
use ports::{
    Clock as _, Commit, Store as _,
    store::{Collection, Document, IndexEntry, Key, Partition, Range, Scope, Write},
};
use rusqlite::Connection;

const WEBHOOKS: Collection = Collection("webhooks");
const LOGS: Collection = Collection("logs");

fn of(scope: Scope, collection: Collection) -> Partition {
    Partition::new(scope, collection, "live")
}

fn account(number: u128) -> Scope {
    Scope::Account(AccountId(Ulid::from(number)))
}

fn backend(folder: &Path) -> (Embedded, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    (open(folder, &Options::default(), &clock), clock)
}

fn rows(folder: &Path, table: &str) -> i64 {
    let database = Connection::open(folder.join("latchhook.db")).unwrap();
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_sweep_removes_expired_documents_and_their_index_entries() {
    let folder = tempfile::tempdir().unwrap();
    let (backend, clock) = backend(folder.path());
    let soon = Some(clock.now().plus(SECOND));
    let later = Some(clock.now().plus(2 * SECOND));
    for number in 0..25 {
        let entry = IndexEntry { partition: partition("index"), sort: number.to_string() };
        let expires_at = [soon, later, None][number % 3];
        let key = partition("").key(number);
        write(&backend, vec![put_until(key, "{}", expires_at, vec![entry])]).await;
    }
    assert_eq!(backend.sweep(clock.now(), 4).await.unwrap(), 0);
    clock.advance(SECOND);
    assert_eq!(backend.sweep(clock.now(), 4).await.unwrap(), 9);
    assert_eq!(backend.sweep(clock.now(), 4).await.unwrap(), 0);
    assert_eq!((rows(folder.path(), "documents"), rows(folder.path(), "entries")), (16, 16));
}

#[tokio::test]
async fn a_collection_is_scanned_over_all_accounts_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (backend, _clock) = backend(folder.path());
    let mut expected = Vec::new();
    for scope in [Scope::Installation, account(1), account(2), account(3)] {
        for number in 0..3 {
            let entry = IndexEntry { partition: of(scope, LOGS), sort: number.to_string() };
            let key = of(scope, WEBHOOKS).key(number);
            write(&backend, vec![put_until(key.clone(), "{}", None, vec![entry.clone()])]).await;
            write(&backend, vec![put(of(scope, LOGS).key(number), "{}")]).await;
            write(&backend, vec![put(of(scope, Collection("zebras")).key(number), "{}")]).await;
            write(&backend, vec![count(of(scope, WEBHOOKS).key("n"), 2)]).await;
            write(&backend, vec![count(of(scope, LOGS).key("n"), 2)]).await;
            expected.push((key, entry));
        }
    }
    expected.sort();
    let mut scanned = Vec::new();
    loop {
        let after = scanned.last().map(|(key, _): &(Key, IndexEntry)| key.clone());
        let page = backend.scan_documents(WEBHOOKS, after, 5).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 5);
        scanned.extend(page.into_iter().map(|found| (found.document.key, found.index[0].clone())));
    }
    assert_eq!(scanned, expected);
    let counters = backend.scan_counters(WEBHOOKS, None, 100).await.unwrap();
    assert_eq!(counters.len(), 4);
    assert!(counters.iter().all(|(_, value)| *value == 6));
}

#[tokio::test]
async fn collections_are_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (backend, _clock) = backend(folder.path());
    let (old, new) = (of(account(1), WEBHOOKS), of(account(2), WEBHOOKS));
    let entries = Partition::new(account(1), Collection("webhooks_by_name"), "");
    let entry = |sort: &str| IndexEntry { partition: entries.clone(), sort: sort.to_owned() };
    write(
        &backend,
        vec![
            put_until(old.key("a"), "old", None, vec![entry("old")]),
            put(of(account(1), LOGS).key("log"), "kept"),
            count(old.key("n"), 5),
            count(of(account(1), LOGS).key("n"), 7),
        ],
    )
    .await;
    let document =
        Document { key: new.key("b"), revision: 4, expires_at: None, body: "new".into() };
    let fresh = Indexed { document, index: vec![entry("new")] };
    let content = Content { documents: vec![fresh.clone()], counters: vec![(new.key("n"), 2)] };

    let twice = Content { documents: vec![fresh.clone(), fresh.clone()], ..content.clone() };
    assert!(backend.replace_collections(&[WEBHOOKS], twice).await.is_err());
    assert_eq!(backend.scan_documents(WEBHOOKS, None, 9).await.unwrap()[0].document.body, "old");

    backend.replace_collections(&[WEBHOOKS], content).await.unwrap();
    let mut replaced = backend.scan_documents(WEBHOOKS, None, 9).await.unwrap();
    replaced[0].document.revision = fresh.document.revision;
    assert_eq!(replaced, [fresh]);
    assert_eq!(backend.scan_counters(WEBHOOKS, None, 9).await.unwrap(), [(new.key("n"), 2)]);
    assert_eq!(backend.count(&entries, &Range::default()).await.unwrap(), 1);
    assert_eq!(backend.counter(&of(account(1), LOGS).key("n")).await.unwrap(), 7);
    assert_eq!(backend.scan_documents(LOGS, None, 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_while_writing_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (backend, clock) = backend(&folder.path().join("data"));
    let writing = tokio::spawn({
        let backend = backend.clone();
        async move {
            for number in 0_u32.. {
                let document = put(partition("").key(number), vec![b'x'; 2_000]);
                let writes = vec![document, count(partition("").key("n"), 1)];
                if backend.commit(Commit { writes, ..Commit::default() }).await.is_err() {
                    return number;
                }
            }
            0
        }
    });
    let mut found = Vec::new();
    for number in 0..4 {
        let copy = folder.path().join(number.to_string());
        DirBuilder::new().mode(0o700).create(&copy).unwrap();
        let (data, target) = (folder.path().join("data"), copy.join("latchhook.db"));
        tokio::task::spawn_blocking(move || Embedded::backup(&data, &target))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(fs::read_dir(&copy).unwrap().count(), 1);
        let mode = fs::metadata(copy.join("latchhook.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let copy = open(&copy, &Options::default(), &clock);
        let counted = copy.counter(&partition("").key("n")).await.unwrap();
        assert_eq!(copy.count(&partition(""), &Range::default()).await.unwrap(), counted);
        found.push(counted);
    }
    backend.close().await;
    assert!(writing.await.unwrap() > 0);
    assert!(found.is_sorted() && found[0] < found[3], "{found:?}");
}

#[test]
fn a_backup_without_a_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("copy");
    let refused = Embedded::backup(folder.path(), &target).unwrap_err();
    assert!(matches!(refused, BackupError::NoDatabase { .. }), "{refused:?}");
    fs::write(folder.path().join("latchhook.db"), "not a database".repeat(100)).unwrap();
    let refused = Embedded::backup(folder.path(), &target).unwrap_err();
    assert!(matches!(refused, BackupError::NoDatabase { .. }), "{refused:?}");
    assert!(!target.exists());
}

#[tokio::test]
async fn a_failed_backup_leaves_the_previous_one() {
    let folder = tempfile::tempdir().unwrap();
    let (_backend, _clock) = backend(folder.path());
    let target = folder.path().join("missing/copy");
    let refused = Embedded::backup(folder.path(), &target).unwrap_err();
    assert!(matches!(refused, BackupError::Target { .. }), "{refused:?}");
}

fn count(key: Key, by: i64) -> Write {
    Write::Count { key, by, at_most: None }
}
