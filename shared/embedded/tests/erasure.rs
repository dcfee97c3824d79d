//! Erasure: of what was deleted nothing stays, not in the database's free pages, not in its log, not in
//! a backup.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::{SECOND, open, put, put_until, write};
use contracts::ManualClock;
use latchhook_embedded::{Embedded, Erased, Options};
use ports::{
    Clock as _,
    store::{Collection, Condition, Key, Partition, Scope, Write},
};
use rusqlite::Connection;

const AT_ONCE: Collection = Collection("data_keys");
const SOON: Collection = Collection("sessions");

fn options() -> Options {
    Options { erased: Erased { at_once: &[AT_ONCE], soon: &[SOON] }, ..Options::default() }
}

fn key(collection: Collection, number: usize) -> Key {
    Partition::new(Scope::Installation, collection, &format!("{number:05}")).key("one")
}

/// Bytes that stand nowhere else.
fn secret(number: usize) -> String {
    format!("secret-{number:05}-{}", "s".repeat(number % 97))
}

fn delete(key: Key) -> Write {
    Write::Delete { key, condition: Condition::Present }
}

/// Names of the files of `folder` that contain `bytes`.
fn files_with(folder: &Path, bytes: &str) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let has = |file: &PathBuf| String::from_utf8_lossy(&fs::read(file).unwrap()).contains(bytes);
    files.filter(has).map(|file| file.display().to_string()).collect()
}

#[tokio::test]
async fn nothing_of_what_was_deleted_stays_anywhere() {
    // Sizes and orders in which SQLite leaves copies of rows that it moves.
    for (size, order) in [(37, 149), (91, 61), (113, 1), (113, 37)] {
        const COUNT: usize = 120;
        let folder = tempfile::tempdir().unwrap();
        let (data, clock) = (folder.path().join("data"), Arc::new(ManualClock::default()));
        let backend = open(&data, &options(), &clock);
        let noise = |number: usize| {
            Partition::new(Scope::Installation, Collection("noise"), "").key(number)
        };
        for number in 0..COUNT {
            // Among rows of many sizes, so that cells move between pages when others go.
            let secret = put(key(AT_ONCE, number), secret(number));
            let noise = put(noise(number), vec![b'n'; number * size % 3_000]);
            write(&backend, vec![secret, noise]).await;
        }
        let gone = |number: &usize| number % 7 != 3;
        for number in (0..COUNT).map(|number| number * order % COUNT).filter(gone) {
            write(&backend, vec![delete(key(AT_ONCE, number)), delete(noise(number))]).await;
        }
        Embedded::backup(&data, &folder.path().join("backup")).unwrap();
        let files = ["latchhook.db", "latchhook.db-wal", "../backup"];
        let left: BTreeSet<usize> =
            files.into_iter().flat_map(|name| numbers_in(&data.join(name))).collect();
        let kept: BTreeSet<usize> = (0..COUNT).filter(|number| !gone(number)).collect();
        assert_eq!(left, kept, "sizes {size}, order {order}");
    }
}

/// Numbers of the secrets that stand somewhere in `file`.
fn numbers_in(file: &Path) -> Vec<usize> {
    const BEGINS: &str = "secret-";
    let bytes = fs::read(file).unwrap_or_default();
    // Every byte becomes one character.
    let text: String = bytes.iter().map(|byte| char::from(byte & 0x7f)).collect();
    let numbers = text
        .match_indices(BEGINS)
        .filter_map(|(at, _)| text.get(at + BEGINS.len()..at + BEGINS.len() + 5)?.parse().ok());
    numbers.collect()
}

#[tokio::test]
async fn what_was_deleted_leaves_the_log_at_once_or_with_the_next_sweep() {
    let folder = tempfile::tempdir().unwrap();
    let (data, clock) = (folder.path().join("data"), Arc::new(ManualClock::default()));
    let backend = open(&data, &options(), &clock);
    let until = Some(clock.now().plus(SECOND));
    write(&backend, vec![put(key(AT_ONCE, 1), "closed-account")]).await;
    write(&backend, vec![put(key(SOON, 2), "ended-session")]).await;
    write(&backend, vec![put_until(key(SOON, 3), "expired-session", until, vec![])]).await;
    write(&backend, vec![put(key(SOON, 4), "rotated-secret")]).await;
    for there in ["closed-account", "ended-session", "expired-session", "rotated-secret"] {
        assert!(!files_with(&data, there).is_empty(), "{there}");
    }
    write(&backend, vec![delete(key(AT_ONCE, 1))]).await;
    assert_eq!(files_with(&data, "closed-account"), Vec::<String>::new());
    write(&backend, vec![delete(key(SOON, 2)), put(key(SOON, 4), "another")]).await;
    clock.advance(SECOND);
    assert_eq!(backend.sweep(clock.now(), 10).await.unwrap(), 1);
    for gone in ["ended-session", "expired-session", "rotated-secret"] {
        assert_eq!(files_with(&data, gone), Vec::<String>::new(), "{gone}");
    }
}

/// A data key of a version that left copies of rows in its pages.
#[tokio::test]
async fn what_an_earlier_version_wrote_is_put_apart_by_the_upgrade() {
    for (account, partition) in [("", "data_keys/"), ("an account's", "acct_1/data_keys/")] {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let file = folder.path().join("latchhook.db");
        let database = Connection::open(&file).unwrap();
        database.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
        let insert = "INSERT INTO documents (partition, sort, revision, body)
                      VALUES (?1, 'one', 1, ?2)";
        for (partition, body) in [(partition, r#"{"key":1}"#), ("things/data_keys_", "{}")] {
            database.execute(insert, (partition, body.as_bytes())).unwrap();
        }
        database.pragma_update(None, "application_id", i32::from_be_bytes(*b"LtHk")).unwrap();
        database.pragma_update(None, "user_version", 1).unwrap();
        drop(database);
        drop(open(folder.path(), &options(), &Arc::default()));
        let database = Connection::open(&file).unwrap();
        let body = |partition: &str| -> Vec<u8> {
            let sql = "SELECT body FROM documents WHERE partition = ?1";
            database.query_row(sql, [partition], |row| row.get(0)).unwrap()
        };
        let apart = String::from_utf8(body(partition)).unwrap();
        assert_eq!((apart.len(), apart.trim_start()), (4096 + 9, r#"{"key":1}"#), "{account}");
        assert_eq!(body("things/data_keys_"), b"{}");
    }
}
