//! What is said to be destroyed is searched for: in the database, in its log, and in a backup.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use latchhook_scenarios::{Account, Backend, Need, Settings, json};

/// Values that the files contain behind `name`, which sealed documents have nowhere else.
fn values(files: &[PathBuf], name: &str) -> BTreeSet<String> {
    let begins = format!("\"{name}\":\"");
    let contents = files.iter().filter_map(|file| fs::read(file).ok());
    contents.flat_map(|content| values_in(&String::from_utf8_lossy(&content), &begins)).collect()
}

fn values_in(text: &str, begins: &str) -> Vec<String> {
    let rest = text.match_indices(begins).map(|(at, _)| &text[at + begins.len()..]);
    let values = rest.filter_map(|rest| Some(rest.split_once('"')?.0));
    // What SQLite left of a row that it moved may end anywhere.
    let whole = values.filter(|value| value.bytes().all(|b| b.is_ascii_graphic()));
    whole.map(str::to_owned).collect()
}

/// Files of the backend, and a backup that is made of it now.
async fn with_backup(backend: &Backend, folder: &Path) -> Vec<PathBuf> {
    let backup = folder.join("backup");
    let _ = fs::remove_file(&backup);
    let ended = backend.command(&["backup", backup.to_str().unwrap_or_default()]).await;
    assert!(ended.status.success(), "{}", ended.output);
    let mut files = backend.files();
    // Zeros that keep space free, and nothing else.
    files.retain(|file| !file.ends_with("latchhook.reserve"));
    files.push(backup);
    files
}

fn gone(before: &BTreeSet<String>, after: &BTreeSet<String>) -> usize {
    before.iter().filter(|value| !after.contains(*value)).count()
}

#[tokio::test]
async fn a_closed_accounts_data_key_is_nowhere_any_more() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut accounts = Vec::new();
    let installation = values(&with_backup(&backend, folder.path()).await, "wrapped");
    for _ in 0..12 {
        let account = Account::open(&backend).await;
        account.secret_key("test").await;
        account.webhook("https://127.0.0.1:9/").await;
        accounts.push(account);
    }
    let keys = values(&with_backup(&backend, folder.path()).await, "wrapped");
    let made: Vec<_> = keys.difference(&installation).collect();
    assert_eq!(made.len(), accounts.len(), "one for each account: {made:?}");
    for (closed, account) in (1..=10).zip(&accounts) {
        account.operator.delete(&format!("/v1/accounts/{}", account.id)).await.is(200);
        let left = values(&backend.files(), "wrapped");
        assert_eq!(gone(&keys, &left), closed, "with the answer, in the files");
    }
    let left = values(&with_backup(&backend, folder.path()).await, "wrapped");
    assert_eq!(gone(&keys, &left), 10, "in a backup too");
    backend.kill();
    assert_eq!(gone(&keys, &values(&backend.files(), "wrapped")), 10, "after a kill");
    backend.restart().await;
    let left = values(&with_backup(&backend, folder.path()).await, "wrapped");
    assert_eq!((gone(&keys, &left), left.len()), (10, 2 + installation.len()));
}

#[tokio::test]
async fn secrets_of_what_was_deleted_or_rotated_are_in_no_backup_and_not_in_the_files_at_the_end() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let account = Account::open(&backend).await;
    let none = values(&with_backup(&backend, folder.path()).await, "sealed");
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let sealed = values(&with_backup(&backend, folder.path()).await, "sealed");
    let of_hook: BTreeSet<String> = sealed.difference(&none).cloned().collect();
    assert!(!of_hook.is_empty());
    account.operator.delete(&hook.path).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    assert!(session["token"].is_string());
    let backup = [folder.path().join("backup")];
    with_backup(&backend, folder.path()).await;
    assert_eq!(gone(&of_hook, &values(&backup, "sealed")), of_hook.len(), "in a backup");
    backend.terminate();
    assert!(backend.ended().await.status.success());
    assert_eq!(gone(&of_hook, &values(&backend.files(), "sealed")), of_hook.len(), "at the end");
    backend.restart().await;
}
