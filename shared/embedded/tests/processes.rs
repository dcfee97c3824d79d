//! Guarantees across processes: acknowledged commits outlive `kill -9`, a directory has one process
//! at a time, and a backup is taken by another.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    env,
    fs::DirBuilder,
    io::{BufRead as _, BufReader},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use common::{message, partition, put};
use domain::id::MessageId;
use latchhook_embedded::{Concurrency, Embedded, OpenError, Options, SystemClock, SystemIds};
use ports::{
    Clock as _, Commit, Ids as _, Queue as _, Store as _,
    queue::Lane,
    store::{Range, Write},
};

/// Number of concurrent commits.
const TASKS: u32 = 8;
/// Number of commits to wait for before the process is killed.
const ENOUGH: usize = 300;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().collect();
    match &arguments[1..] {
        [child, folder, round] if child == "child" => commit_for_ever(folder, round).await,
        _ => {
            what_was_acknowledged_outlives_a_kill().await;
            println!("what_was_acknowledged_outlives_a_kill ... ok");
        }
    }
}

async fn what_was_acknowledged_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let mut child = start(&data, round);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        acknowledged.extend(lines.by_ref().take(ENOUGH).map(Result::unwrap));

        let refused = try_open(&data);
        assert!(matches!(refused, Err(OpenError::InUse { .. })), "{refused:?}");
        back_up(&data, &folder.path().join(round.to_string())).await;

        child.kill().unwrap();
        child.wait().unwrap();
        // The last line may be incomplete.
        acknowledged.extend(lines.map_while(Result::ok).filter(|line| line.ends_with('.')));
        assert!(acknowledged.len() >= ENOUGH * (round as usize + 1));

        expect_whole(&try_open(&data).unwrap(), &acknowledged).await;
    }
}

fn start(data: &Path, round: u32) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["child".as_ref(), data.as_os_str(), round.to_string().as_ref()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Asserts that every acknowledged commit is there, and every other one whole or not at all.
async fn expect_whole(backend: &Embedded, acknowledged: &[String]) {
    let keys: Vec<_> = acknowledged.iter().map(|name| partition("").key(name)).collect();
    let lost = backend.get(&keys).await.unwrap().iter().filter(|found| found.is_none()).count();
    assert_eq!(lost, 0, "of {} acknowledged commits", keys.len());
    let documents = counted_documents(backend).await;
    let messages = backend.receive(Lane::First, usize::MAX).await.unwrap();
    assert_eq!(messages.len() as u64, documents);
}

/// Returns the number of documents, by two ways of counting that agree after every whole commit.
async fn counted_documents(backend: &Embedded) -> u64 {
    let documents = backend.count(&partition(""), &Range::default()).await.unwrap();
    assert_eq!(backend.counter(&partition("").key("n")).await.unwrap(), documents);
    documents
}

async fn back_up(data: &Path, copy: &Path) {
    DirBuilder::new().mode(0o700).create(copy).unwrap();
    Embedded::backup(data, &copy.join("latchhook.db")).unwrap();
    let documents = counted_documents(&try_open(copy).unwrap()).await;
    assert!(documents >= ENOUGH as u64);
}

fn try_open(path: &Path) -> Result<Embedded, OpenError> {
    let all_at_once = Concurrency { per_endpoint: 1 << 30, total: 1 << 32 };
    let options = Options { first: all_at_once, ..Options::default() };
    Embedded::open(path, &options, Arc::new(SystemClock::new()))
}

/// Runs the child process: commits, and prints each commit once it is acknowledged.
async fn commit_for_ever(folder: &str, round: &str) {
    let backend = try_open(Path::new(folder)).unwrap();
    let ids = Arc::new(SystemIds::new());
    let tasks = (0..TASKS).map(|task| {
        let (backend, ids, round) = (backend.clone(), Arc::clone(&ids), round.to_owned());
        tokio::spawn(async move {
            for number in 0.. {
                let name = format!("{round}-{task}-{number}.");
                backend.commit(one(&name, number, &ids)).await.unwrap();
                println!("{name}");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// Returns a commit with a document, a counter increment, and a message.
fn one(name: &str, number: u128, ids: &SystemIds) -> Commit {
    let now = SystemClock::new().now();
    let count = Write::Count { key: partition("").key("n"), by: 1, at_most: None };
    let mut message = message(number, number % 3, Lane::First, now);
    message.id = MessageId(ids.ulid(now));
    Commit {
        writes: vec![put(partition("").key(name), name.to_owned()), count],
        messages: vec![message],
        ..Commit::default()
    }
}
