//! Erasure: of what was deleted nothing stays, not in the database's free pages, not in its log, not in
//! a backup.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::BTreeSet,
    fs,
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
    const COUNT: usize = 120;
    let folder = tempfile::tempdir().unwrap();
    let (data, clock) = (folder.path().join("data"), Arc::new(ManualClock::default()));
    let backend = open(&data, &options(), &clock);
    for number in 0..COUNT {
        // Among rows of many sizes, so that cells move between pages when others go.
        let noise = Partition::new(Scope::Installation, Collection("noise"), "").key(number);
        let secret = put(key(AT_ONCE, number), secret(number));
        write(&backend, vec![secret, put(noise, vec![b'n'; number * 37 % 3_000])]).await;
    }
    let gone = |number: &usize| number % 7 != 3;
    for number in (0..COUNT).map(|number| number * 149 % COUNT).filter(gone) {
        let noise = Partition::new(Scope::Installation, Collection("noise"), "").key(number);
        write(&backend, vec![delete(key(AT_ONCE, number)), delete(noise)]).await;
    }
    Embedded::backup(&data, &folder.path().join("backup")).unwrap();
    let left =
        ["latchhook.db", "latchhook.db-wal", "../backup"].map(|name| numbers_in(&data.join(name)));
    let left: BTreeSet<usize> = left.into_iter().flatten().collect();
    assert_eq!(left, (0..COUNT).filter(|number| !gone(number)).collect());
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
