//! Disks that lie, that are open to others, or that are nearly full.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::PathBuf,
};

use latchhook_scenarios::{Account, Backend, Key, Need, Receiver, Settings, clock, json};

const KEYS: usize = 40;

/// Starts a backend, makes keys, and kills it before its log is moved.
async fn killed() -> Option<(Backend, Vec<Key>, Account)> {
    let backend = Backend::alone(Need::Process, &Settings::default())?;
    let account = Account::open(&backend).await;
    let mut keys = Vec::new();
    for _ in 0..KEYS {
        keys.push(account.secret_key("test").await);
    }
    backend.kill();
    Some((backend, keys, account))
}

fn file(backend: &Backend, name: &str) -> PathBuf {
    backend.data().join(name)
}

/// Asserts that the server refuses to start, and that `check` finds something as well.
async fn is_refused(backend: &Backend, why: &str) {
    let refused = backend.second().await;
    assert_eq!(refused.status.code(), Some(1), "{}", refused.output);
    assert!(refused.output.contains(why), "{}", refused.output);
    let checked = backend.command(&["check"]).await;
    assert_eq!(checked.status.code(), Some(1), "{}", checked.output);
}

#[tokio::test]
async fn a_flipped_bit_in_the_log_after_a_kill_is_refused_and_hides_no_key() {
    let Some((backend, keys, account)) = killed().await else { return };
    let log = file(&backend, "latchhook.db-wal");
    let whole = fs::read(&log).expect("a log");
    for part in 1..8 {
        let mut damaged = whole.clone();
        damaged[whole.len() * part / 8] ^= 1;
        fs::write(&log, &damaged).expect("written");
        is_refused(&backend, "backup").await;
        assert_eq!(fs::read(&log).expect("a log"), damaged, "nothing is changed");
    }
    for rest in [&whole[..0], &whole[..whole.len() / 2]] {
        fs::write(&log, rest).expect("written");
        is_refused(&backend, "backup").await;
    }
    fs::write(&log, &whole).expect("written");
    let checked = backend.command(&["check"]).await;
    assert!(checked.status.success(), "{}", checked.output);
    backend.restart().await;
    for key in keys {
        let verified = account.operator.post("/v1/api_keys/verify", json!({"key": key.key})).await;
        assert_eq!(verified.is(200)["code"], "valid");
    }
}

#[tokio::test]
async fn a_database_or_key_ring_that_is_missing_beside_the_other_is_refused() {
    let Some((backend, ..)) = killed().await else { return };
    for name in ["latchhook.db", "key-ring"] {
        let (path, aside) = (file(&backend, name), file(&backend, "aside"));
        fs::rename(&path, &aside).expect("moved");
        is_refused(&backend, "back").await;
        if name == "latchhook.db" {
            fs::write(&path, []).expect("written");
            is_refused(&backend, "backup").await;
        }
        fs::rename(&aside, &path).expect("moved");
    }
    backend.restart().await;
}

#[tokio::test]
async fn a_directory_that_others_can_look_into_is_refused() {
    let Some((backend, ..)) = killed().await else { return };
    fs::set_permissions(backend.data(), Permissions::from_mode(0o750)).expect("changed");
    is_refused(&backend, "chmod 700").await;
    fs::set_permissions(backend.data(), Permissions::from_mode(0o700)).expect("changed");
    backend.restart().await;
}

#[tokio::test]
async fn a_backup_is_a_new_private_file_and_never_goes_through_a_link() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, victim) = (folder.path().join("backup"), folder.path().join("victim"));
    fs::write(&victim, "precious").expect("written");
    symlink(&victim, folder.path().join("backup.unfinished")).expect("linked");
    let run = async || backend.command(&["backup", backup.to_str().unwrap_or_default()]).await;
    let ended = run().await;
    assert!(ended.status.success(), "{}", ended.output);
    let mode = fs::symlink_metadata(&backup).expect("a backup").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(run().await.status.code(), Some(2), "it is there already");
    fs::remove_file(&backup).expect("removed");
    symlink(folder.path().join("nothing"), &backup).expect("linked");
    assert!(!run().await.status.success());
    assert_eq!(fs::read_to_string(&victim).expect("a file"), "precious");
    assert!(!folder.path().join("nothing").exists());
}

/// Returns the value of a metric.
async fn metric(backend: &Backend, name: &str) -> u64 {
    let page = backend.nobody().get("/metrics").await.text();
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {page}"))
}

/// Settings whose mark is twice the free space of this machine, and a quarter of it less.
async fn little_space() -> Option<Settings> {
    let backend = Backend::alone(Need::Process, &Settings::default())?;
    Account::open(&backend).await;
    let free = metric(&backend, "latchhook_disk_free_bytes").await;
    let mark = format!("{}MiB", (free >> 20) * 2);
    Some(Settings::default().with("LATCHHOOK_MIN_FREE_SPACE", &mark))
}

#[tokio::test]
async fn with_little_free_space_log_rows_are_dropped_and_everything_else_goes_on() {
    let Some(settings) = little_space().await else { return };
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    let key = account.secret_key("test").await;
    key.caller.get("/v1/account").await.is(200);
    assert!(account.operator.list("/v1/logs?environment=test").await.is_empty());
    clock::eventually("dropped rows are counted", || async {
        (metric(&backend, "latchhook_log_rows_dropped_total").await >= 2).then_some(())
    })
    .await;
}
