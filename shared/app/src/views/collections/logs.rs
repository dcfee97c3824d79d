//! Partitions of the rows of logs.

use domain::{
    Environment, Redacted,
    id::{AccountId, KeyId, LogId, WebhookId},
};
use ports::store::{Collection, IndexEntry, Key, Partition, Scope};

use super::{
    DELIVERY_LOGS, DELIVERY_LOGS_BY_WEBHOOK, DELIVERY_LOGS_FAILED, DELIVERY_LOGS_LATE,
    FAILED_ATTEMPTS, FAILED_FIRST_ATTEMPTS, REQUEST_LOGS, REQUEST_LOGS_BY_ID, REQUEST_LOGS_BY_KEY,
    REQUEST_LOGS_LATE, SLOW_ATTEMPTS,
};
use crate::views::{Spread, SpreadList, spread::random_digit};

/// List of the rows of an account's delivery log: of the attempts that succeeded, and of those that
/// failed before these had [one of their own](failed_attempts).
#[must_use]
pub fn delivery_logs(account: AccountId, environment: Environment) -> SpreadList {
    SpreadList::new(Partition::new(Scope::Account(account), DELIVERY_LOGS, environment.as_str()))
}

/// List of the rows of attempts that failed.
#[must_use]
pub fn failed_attempts(account: AccountId, environment: Environment) -> SpreadList {
    SpreadList::new(Partition::new(Scope::Account(account), FAILED_ATTEMPTS, environment.as_str()))
}

/// Lists of all rows of an account's delivery log; to be read together.
#[must_use]
pub fn attempts(account: AccountId, environment: Environment) -> [SpreadList; 2] {
    [delivery_logs(account, environment), failed_attempts(account, environment)]
}

/// Keys under one of which a row of an account's delivery log is.
#[must_use]
pub fn attempt_keys(
    spread: Spread,
    account: AccountId,
    environment: Environment,
    log: LogId,
) -> Vec<Key> {
    attempts(account, environment).iter().flat_map(|list| spread.keys(list, log)).collect()
}

/// List of the delivery log of a webhook.
#[must_use]
pub fn delivery_logs_by_webhook(account: AccountId, webhook: WebhookId) -> SpreadList {
    SpreadList::new(Partition::new(
        Scope::Account(account),
        DELIVERY_LOGS_BY_WEBHOOK,
        &webhook.to_string(),
    ))
}

/// List of entries of the rows of failed attempts, from before these had [one of their
/// own](failed_attempts).
#[must_use]
pub fn delivery_logs_failed(account: AccountId, environment: Environment) -> SpreadList {
    SpreadList::new(Partition::new(
        Scope::Account(account),
        DELIVERY_LOGS_FAILED,
        environment.as_str(),
    ))
}

/// List of the late rows of the delivery log, in the order of writing.
#[must_use]
pub fn delivery_logs_late(account: AccountId, environment: Environment) -> SpreadList {
    SpreadList::new(Partition::new(
        Scope::Account(account),
        DELIVERY_LOGS_LATE,
        environment.as_str(),
    ))
}

/// Partitions of the failed first attempts of deliveries, of all accounts; to be read together.
#[must_use]
pub fn failed_first_attempts() -> Vec<Partition> {
    shards(FAILED_FIRST_ATTEMPTS)
}

/// Partitions of the slow attempts of all accounts; to be read together.
#[must_use]
pub fn slow_attempts() -> Vec<Partition> {
    shards(SLOW_ATTEMPTS)
}

/// Number of partitions that a list of the attempts of all accounts is spread over: a power of two, as
/// identifiers end in one of 32 characters.
const SHARDS: u8 = 16;

fn shards(collection: Collection) -> Vec<Partition> {
    (0..SHARDS).map(|shard| shard_of(collection, shard)).collect()
}

fn shard_of(collection: Collection, shard: u8) -> Partition {
    Partition::new(Scope::Installation, collection, &shard.to_string())
}

/// Properties of an attempt for which its row is listed in additional partitions.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoggedAttempt {
    /// True if the receiver did not acknowledge.
    pub failed: bool,
    /// True for the first attempt of an event's delivery. Only there do being slow and failing cost an
    /// entry among those of all accounts, so that the many retries of an outage cost no more than before.
    pub first: bool,
    /// True if the attempt was slow.
    pub slow: bool,
}

/// Returns every index entry of a row of the delivery log, of an attempt at that webhook.
#[must_use]
pub fn delivery_log_index(
    (account, webhook): (AccountId, WebhookId),
    log: LogId,
    attempt: LoggedAttempt,
    spread: Spread,
) -> Vec<IndexEntry> {
    let LoggedAttempt { failed, first, slow } = attempt;
    let sort = log.to_string();
    let shard = random_digit(&sort) % SHARDS;
    let by_webhook = delivery_logs_by_webhook(account, webhook);
    let mut entries = vec![spread.entry(&by_webhook, &sort)];
    let of_all =
        |collection| IndexEntry { partition: shard_of(collection, shard), sort: sort.clone() };
    entries.extend((failed && first).then(|| of_all(FAILED_FIRST_ATTEMPTS)));
    entries.extend((slow && first).then(|| of_all(SLOW_ATTEMPTS)));
    entries
}

/// Partition of the rows of an account's API log.
#[must_use]
pub fn request_logs(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), REQUEST_LOGS, environment.as_str())
}

/// Returns whether `key` is that of a row of an API log.
#[must_use]
pub fn is_of_requests(key: &Key) -> bool {
    key.partition.collection() == REQUEST_LOGS.0
}

/// Partition of the API log of a key.
#[must_use]
pub fn request_logs_by_key(account: AccountId, key: KeyId) -> Partition {
    Partition::new(Scope::Account(account), REQUEST_LOGS_BY_KEY, &key.to_string())
}

/// Partition of the rows of the API log that have this request identifier, if that was not given out
/// by us.
#[must_use]
pub fn request_logs_by_id(
    account: AccountId,
    environment: Environment,
    request: &Redacted,
) -> Partition {
    let part = format!("{environment}/{request}");
    Partition::new(Scope::Account(account), REQUEST_LOGS_BY_ID, &part)
}

/// Partition of the late rows of the API log, in the order of writing.
#[must_use]
pub fn request_logs_late(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), REQUEST_LOGS_LATE, environment.as_str())
}
