//! Small fixtures: things to store, and a backend to store them in.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use contracts::ManualClock;
use domain::{
    Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
    kinds::Environment,
};
use futures_util::FutureExt as _;
use latchhook_embedded::{Concurrency, Embedded, Options};
use ports::{
    Commit, Queue as _, Store as _,
    queue::{Lane, Leased, Message},
    store::{Collection, Condition, IndexEntry, Key, Partition, Scope, Write},
};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Returns options with small limits, which are reached with few messages.
pub(crate) fn small() -> Options {
    Options {
        first: Concurrency { per_endpoint: 4, total: 32 },
        retry: Concurrency { per_endpoint: 2, total: 8 },
        ..Options::default()
    }
}

/// Creates a folder that only its owner may look into, as a data directory has to be.
pub(crate) fn private_folder() -> tempfile::TempDir {
    let private = std::fs::Permissions::from_mode(0o700);
    tempfile::Builder::new().permissions(private).tempdir().unwrap()
}

pub(crate) fn open(path: &Path, options: &Options, clock: &Arc<ManualClock>) -> Embedded {
    Embedded::open(path, options, clock.clone()).unwrap()
}

pub(crate) fn partition(part: &str) -> Partition {
    Partition::new(Scope::Installation, Collection("things"), part)
}

pub(crate) fn put(key: Key, body: impl Into<Bytes>) -> Write {
    put_until(key, body, None, Vec::new())
}

pub(crate) fn put_until(
    key: Key,
    body: impl Into<Bytes>,
    expires_at: Option<Timestamp>,
    index: Vec<IndexEntry>,
) -> Write {
    Write::Put { key, body: body.into(), expires_at, index, condition: Condition::None }
}

pub(crate) async fn write(backend: &Embedded, writes: Vec<Write>) {
    backend.commit(Commit { writes, ..Commit::default() }).await.unwrap();
}

pub(crate) fn message(number: u128, webhook: u128, lane: Lane, due: Timestamp) -> Message {
    Message {
        id: MessageId(Ulid::from(number)),
        account: AccountId(Ulid::from(1)),
        webhook: WebhookId(Ulid::from(webhook)),
        lane,
        due,
        chore: None,
        trace: None,
        task: Task {
            event: EventId(Ulid::from(number)),
            environment: Environment::Test,
            run: 0,
            slot: 0,
            trigger: Trigger::Schedule,
        },
    }
}

/// Sends first attempts, due now, to `webhook`.
pub(crate) async fn send(
    backend: &Embedded,
    clock: &ManualClock,
    webhook: u128,
    numbers: impl IntoIterator<Item = u128>,
) {
    let now = ports::Clock::now(clock);
    let messages: Vec<_> =
        numbers.into_iter().map(|number| message(number, webhook, Lane::First, now)).collect();
    backend.send(&messages).await.unwrap();
}

/// Returns all messages that may be worked on at once.
pub(crate) fn take_all(backend: &Embedded, lane: Lane) -> Vec<Leased> {
    std::iter::from_fn(|| backend.next(lane).now_or_never()).collect()
}

pub(crate) fn number(leased: &Leased) -> u128 {
    u128::from(leased.message.id.0)
}

pub(crate) fn webhook(leased: &Leased) -> u128 {
    u128::from(leased.message.webhook.0)
}
