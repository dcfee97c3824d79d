//! Tests of moving to another backend, with real processes and a file between them.

#[cfg(feature = "emulator")]
mod on_aws;
pub(crate) mod receiver;

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use receiver::Endpoint;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::Server;

const PASSPHRASE: &str = "correct horse battery staple";
/// Schedule that retries two seconds after the first attempt, and then once a minute.
const SCHEDULE: [&str; 2] = ["--retry-schedule", "1x2s,9x1m"];

/// Returns `latchhook`, with the passphrase in its environment and nothing else.
fn latchhook(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchhook"));
    command.env_clear().args(arguments).env("LATCHHOOK_PASSPHRASE", PASSPHRASE);
    command
}

/// Returns the output of a successful command.
#[track_caller]
fn says(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the error message of a command that fails with that exit code.
#[track_caller]
fn refuses(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", complaint(&output));
    complaint(&output)
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Account with a key, and a webhook whose receiver failed the first attempt.
struct Old {
    directory: TempDir,
    endpoint: Endpoint,
    account: String,
    key: String,
    webhook: Value,
    event: Value,
    first_attempt: u64,
}

impl Old {
    fn new() -> Self {
        let (server, endpoint) = (Server::start(&SCHEDULE), Endpoint::new());
        let account = server.json(&["accounts", "create", "Acme", "--external-id", "c1"]);
        let account = account["id"].as_str().unwrap().to_owned();
        let on = |arguments: &[&str]| server.json(&[arguments, &["--account", &*account]].concat());
        let key = on(&["keys", "create"])["key"].as_str().unwrap().to_owned();
        let webhook = on(&["webhooks", "create", &endpoint.url()]);
        let file = server.data_path().join("event.json");
        let object = json!({ "id": "1", "object": "report" });
        let event = json!({ "type": "report.completed", "data": { "object": object } });
        std::fs::write(&file, event.to_string()).unwrap();
        let event = on(&["events", "send", text(&file), "--environment", "test"]);
        let attempt = endpoint.answer(503);
        assert_eq!(json!(attempt.id), event["id"]);
        let directory = server.stop();
        let first_attempt = attempt.at;
        Self { directory, endpoint, account, key, webhook, event, first_attempt }
    }

    fn export(&self, file: &Path) -> String {
        says(&mut latchhook(&["export", "--from", text(self.directory.path()), text(file)]))
    }
}

#[test]
fn customers_notice_nothing_of_a_move() {
    let old = Old::new();
    let new = tempfile::tempdir().unwrap();
    let file = new.path().with_extension("export");
    let told = old.export(&file);
    assert!(told.contains("1 undelivered events with 1 attempts"), "{told}");
    let import = ["import", "--to", text(new.path()), text(&file)];
    let told = says(&mut latchhook(&import));
    assert!(told.contains("3 streams and 1 undelivered events are imported"), "{told}");
    let told = says(&mut latchhook(&import));
    assert!(told.contains("0 streams and 0 undelivered"), "a repeat changes nothing: {told}");
    std::fs::remove_file(&file).unwrap();

    let server = Server::on(new, &SCHEDULE);
    let retried = old.endpoint.answer(200);
    assert_eq!(json!(retried.id), old.event["id"]);
    assert!(retried.at >= old.first_attempt + 2, "not before its slot");
    let on = |arguments: &[&str]| server.json(&[arguments, &["--account", &*old.account]].concat());
    assert_eq!(server.json(&["keys", "verify", &old.key])["account_id"], json!(old.account));
    let id = old.webhook["id"].as_str().unwrap();
    let secret = on(&["webhooks", "reveal-secret", id]);
    assert_eq!(secret["signing_secret"], old.webhook["signing_secret"]);
    assert_eq!(on(&["webhooks", "get", id])["created_at"], old.webhook["created_at"]);

    let directory = server.stop();
    let rebuilt = says(&mut latchhook(&["rebuild", "--data-dir", text(directory.path())]));
    assert!(rebuilt.contains("each equals the one it replaces"), "{rebuilt}");
}

#[test]
fn a_running_backend_is_exported_through_a_pipe_and_nothing_is_left_behind() {
    let server = Server::start(&[]);
    server.json(&["accounts", "create", "Acme"]);
    let exported = latchhook(&["export", "--from", server.data(), "-"]).output().unwrap();
    assert!(exported.status.success(), "{}", complaint(&exported));
    let left = std::fs::read_dir(server.data_path()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.starts_with(".export-")).count(), 0);

    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new");
    let mut import = latchhook(&["import", "--to", text(&new), "-"]);
    let mut import = import.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(&exported.stdout).unwrap();
    let told = String::from_utf8(import.wait_with_output().unwrap().stdout).unwrap();
    assert!(told.contains("1 streams"), "{told}");
}

#[test]
fn unsuitable_files_are_refused_before_anything_is_written() {
    let old = Old::new();
    let folder = tempfile::tempdir().unwrap();
    let (file, new) = (folder.path().join("export"), folder.path().join("new"));
    old.export(&file);
    let import = ["import", "--to", text(&new), text(&file)];
    let whole = std::fs::read(&file).unwrap();

    let wrong = refuses(latchhook(&import).env("LATCHHOOK_PASSPHRASE", "something else"), 1);
    assert!(wrong.contains("the passphrase does not open it"), "{wrong}");
    let none = refuses(latchhook(&import).env_clear(), 2);
    assert!(none.contains("LATCHHOOK_PASSPHRASE or --passphrase-file"), "{none}");
    std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
    let cut = refuses(&mut latchhook(&import), 1);
    assert!(cut.contains("written or copied only in part"), "{cut}");
    std::fs::write(&file, whole).unwrap();
    assert!(!new.exists(), "nothing was written");

    let export = ["export", "--from", text(old.directory.path()), text(&file)];
    refuses(&mut latchhook(&export), 2);
    std::fs::remove_file(&file).unwrap();
    let short = refuses(latchhook(&export).env("LATCHHOOK_PASSPHRASE", "short"), 2);
    assert!(short.contains("at least 12 characters") && !file.exists(), "{short}");
}

#[test]
fn import_into_a_backend_of_another_installation_is_refused() {
    let old = Old::new();
    let file = old.directory.path().join("export");
    old.export(&file);
    let server = Server::start(&[]);
    server.json(&["accounts", "create", "Somebody"]);
    let import = ["import", "--to", server.data(), text(&file)];
    let running = refuses(&mut latchhook(&import), 1);
    assert!(running.contains("in use"), "{running}");
    let directory = server.stop();
    let import = ["import", "--to", text(directory.path()), text(&file)];
    let lived_in = refuses(&mut latchhook(&import), 1);
    assert!(lived_in.contains("events of another installation"), "{lived_in}");

    // A data directory that was created and never used counts as empty.
    let unused = Server::start(&[]).stop();
    let told = says(&mut latchhook(&["import", "--to", text(unused.path()), text(&file)]));
    assert!(told.contains("3 streams"), "{told}");
}
