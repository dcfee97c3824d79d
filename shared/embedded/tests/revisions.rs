//! Uniqueness of revisions: they never repeat, neither after a deletion and a sweep, nor in the
//! next process, nor in a database of the version that counted them for each document.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use common::{SECOND, open, partition, private_folder, put, put_until, write};
use contracts::ManualClock;
use latchhook_embedded::{Content, Embedded, Indexed, Options};
use ports::{
    Clock as _, Store as _,
    store::{Collection, Condition, Document, Key, Write},
};
use rusqlite::Connection;

fn key() -> Key {
    partition("").key("a")
}

async fn revision(backend: &Embedded) -> u64 {
    backend.get(&[key()]).await.unwrap().remove(0).unwrap().revision
}

async fn delete(backend: &Embedded) {
    write(backend, vec![Write::Delete { key: key(), condition: Condition::None }]).await;
}

#[tokio::test]
async fn a_swept_documents_revision_never_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let backend = open(folder.path(), &Options::default(), &clock);
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        write(&backend, vec![put_until(key(), "{}", Some(clock.now().plus(SECOND)), vec![])]).await;
        assert!(seen.insert(revision(&backend).await));
        clock.advance(SECOND);
        assert_eq!(backend.sweep(clock.now(), 10).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_next_process_begins_with_other_revisions() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let backend = open(folder.path(), &Options::default(), &clock);
        for _ in 0..2 {
            write(&backend, vec![put(key(), "{}")]).await;
            assert!(seen.insert(revision(&backend).await));
            delete(&backend).await;
        }
    }
}

#[tokio::test]
async fn replaced_collections_have_other_revisions() {
    let folder = tempfile::tempdir().unwrap();
    let backend = open(folder.path(), &Options::default(), &Arc::default());
    write(&backend, vec![put(key(), "{}")]).await;
    let mut seen = BTreeSet::from([revision(&backend).await]);
    for _ in 0..2 {
        let document = backend.get(&[key()]).await.unwrap().remove(0).unwrap();
        let documents = vec![Indexed { document, index: vec![] }];
        let content = Content { documents, counters: vec![] };
        backend.replace_collections(&[Collection("things")], content).await.unwrap();
        assert!(seen.insert(revision(&backend).await));
    }
}

/// Creates a database as version 0.1.0 left it, with the document at `revision`.
fn of_the_first_version(folder: &Path, revision: u64) {
    let database = Connection::open(folder.join("latchhook.db")).unwrap();
    database.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
    let insert = "INSERT INTO documents (partition, sort, revision, body) VALUES (?1, 'a', ?2, ?3)";
    let row = (key().partition.as_str().to_owned(), revision.cast_signed(), b"old");
    database.execute(insert, row).unwrap();
    database.pragma_update(None, "application_id", i32::from_be_bytes(*b"LtHk")).unwrap();
    database.pragma_update(None, "user_version", 1).unwrap();
}

#[tokio::test]
async fn a_database_of_the_first_version_continues_with_unused_revisions() {
    for counted in [1, 7, 1_000_000_000] {
        let folder = private_folder();
        of_the_first_version(folder.path(), counted);
        let backend = open(folder.path(), &Options::default(), &Arc::default());
        let kept = backend.get(&[key()]).await.unwrap().remove(0).unwrap();
        let body = "old".into();
        assert_eq!(kept, Document { key: key(), revision: counted, expires_at: None, body });

        let changed = Write::Put {
            key: key(),
            body: "new".into(),
            expires_at: None,
            index: vec![],
            condition: Condition::Revision(counted),
        };
        write(&backend, vec![changed]).await;
        for _ in 0..2 {
            assert!(revision(&backend).await > 1_000_000_000);
            delete(&backend).await;
            write(&backend, vec![put(key(), "again")]).await;
        }
    }
}
