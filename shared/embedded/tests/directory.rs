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

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
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
fn a_directory_that_others_can_look_into_is_refused_unless_it_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o755);
    drop(try_open(folder.path()).unwrap());
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    for mode in [0o755, 0o710, 0o701] {
        set_mode(folder.path(), mode);
        let refused = try_open(folder.path()).unwrap_err();
        assert!(matches!(refused, OpenError::Exposed { .. }), "{refused:?}");
        assert!(refused.to_string().ends_with("chmod 700 it"), "{refused}");
    }
    set_mode(folder.path(), 0o700);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn a_missing_or_empty_database_beside_what_was_written_with_it_is_refused() {
    for beside in ["key-ring", "latchhook.mark", "latchhook.db-wal"] {
        for leave in [|file: &Path| fs::remove_file(file), |file: &Path| fs::write(file, [])] {
            let folder = tempfile::tempdir().unwrap();
            drop(try_open(folder.path()).unwrap());
            fs::remove_file(folder.path().join("latchhook.mark")).unwrap();
            fs::write(folder.path().join(beside), "something").unwrap();
            leave(&database(folder.path())).unwrap();
            let refused = try_open(folder.path()).unwrap_err();
            assert!(matches!(refused, OpenError::DatabaseMissing { .. }), "{refused:?}");
            assert!(refused.to_string().contains("from a backup"), "{refused}");
        }
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
    assert!(matches!(refused, OpenError::Newer { found: 99, known: 4, .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("version 99") && text.contains("none above 4"), "{text}");
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
        set_mode(folder.path(), 0o700);
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
    set_mode(folder.path(), 0o700);
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
