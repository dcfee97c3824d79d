//! Requirements on the data directory, and refusals of unsuitable ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::{open, partition, put, write};
use contracts::ManualClock;
use latchhook_embedded::{Embedded, OpenError, Options};
use ports::{Commit, Store as _, store::CommitError};
use rusqlite::Connection;

/// Makes a file.
type Make = fn(&Path);

fn try_open(path: &Path) -> Result<Embedded, OpenError> {
    Embedded::open(path, &Options::default(), Arc::new(ManualClock::default()))
}

fn database(path: &Path) -> PathBuf {
    path.join("latchhook.db")
}

#[tokio::test]
async fn the_directory_is_accessible_to_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    let backend = try_open(&path).unwrap();
    write(&backend, vec![put(partition("").key("a"), "1")]).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let files: Vec<_> = fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_directory_is_opened_once_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = try_open(folder.path()).unwrap();
    let clone = first.clone();
    drop(first);
    let refused = try_open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");
    assert!(refused.to_string().ends_with("is in use by another process"), "{refused}");
    drop(clone);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn a_newer_schema_is_refused_by_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    drop(try_open(folder.path()).unwrap());
    let newer = Connection::open(database(folder.path())).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let refused = try_open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 99, known: 2, .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("version 99") && text.contains("none above 2"), "{text}");
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let foreign: [(&str, Make); 4] = [
        ("text", |file| {
            fs::write(file, "not a database, but long enough to have a header".repeat(9)).unwrap();
        }),
        ("another program's", |file| {
            Connection::open(file).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
        }),
        ("another program's id", |file| {
            Connection::open(file).unwrap().pragma_update(None, "application_id", 7).unwrap();
        }),
        ("the first page only", |file| {
            drop(try_open(file.parent().unwrap()).unwrap());
            let written = fs::read(file).unwrap();
            fs::write(file, &written[..4096]).unwrap();
        }),
    ];
    for (what, make) in foreign {
        let folder = tempfile::tempdir().unwrap();
        let file = database(folder.path());
        make(&file);
        let before = fs::read(&file).unwrap();
        let refused = try_open(folder.path()).unwrap_err();
        assert!(matches!(refused, OpenError::NotOurs { .. }), "{what}: {refused:?}");
        assert_eq!(fs::read(&file).unwrap(), before, "{what}");
    }
}

#[test]
fn a_directory_that_cannot_be_created_is_an_error_with_its_cause() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = try_open(file.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Directory { .. }), "{refused:?}");
}

#[test]
fn an_incompletely_created_file_is_created_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(database(folder.path()), []).unwrap();
    assert!(try_open(folder.path()).is_ok());
}

#[tokio::test]
async fn a_closed_store_is_unavailable_and_leaves_one_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let backend = open(folder.path(), &Options::default(), &clock);
    let key = partition("").key("a");
    write(&backend, vec![put(key.clone(), "1")]).await;
    backend.close().await;
    let writes = vec![put(key.clone(), "2")];
    let refused = backend.commit(Commit { writes, ..Commit::default() }).await.unwrap_err();
    assert!(matches!(refused, CommitError::Unavailable(_)), "{refused:?}");
    assert!(backend.get(std::slice::from_ref(&key)).await.is_err());
    drop(backend);
    assert!(!folder.path().join("latchhook.db-wal").exists());
    let again = open(folder.path(), &Options::default(), &clock);
    assert_eq!(again.get(&[key]).await.unwrap()[0].as_ref().unwrap().body, "1");
}
