//! Partitions of the rows of logs.

use domain::{
    Environment, Redacted,
    id::{AccountId, KeyId, LogId, WebhookId},
};
use ports::store::{Collection, IndexEntry, Key, Partition, Scope};

use super::{
    DELIVERY_LOGS, DELIVERY_LOGS_BY_WEBHOOK, DELIVERY_LOGS_FAILED, DELIVERY_LOGS_LATE,
    FAILED_FIRST_ATTEMPTS, REQUEST_LOGS, REQUEST_LOGS_BY_ID, REQUEST_LOGS_BY_KEY,
    REQUEST_LOGS_LATE, SLOW_ATTEMPTS,
};
use crate::views::{Spread, spread::random_digit};

/// Partition of the rows of an account's delivery log.
#[must_use]
pub fn delivery_logs(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), DELIVERY_LOGS, environment.as_str())
}

/// Partition of the delivery log of a webhook.
#[must_use]
pub fn delivery_logs_by_webhook(account: AccountId, webhook: WebhookId) -> Partition {
    Partition::new(Scope::Account(account), DELIVERY_LOGS_BY_WEBHOOK, &webhook.to_string())
}

/// Partition of the failed attempts in the delivery log.
#[must_use]
pub fn delivery_logs_failed(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), DELIVERY_LOGS_FAILED, environment.as_str())
}

/// Partition of the late rows of the delivery log, in the order of writing.
#[must_use]
pub fn delivery_logs_late(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), DELIVERY_LOGS_LATE, environment.as_str())
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

/// Webhook of an account in one of its environments.
#[derive(Debug, Clone, Copy)]
pub struct LoggedWebhook {
    /// Account that owns the webhook.
    pub account: AccountId,
    /// Environment of the webhook.
    pub environment: Environment,
    /// Identifier of the webhook.
    pub webhook: WebhookId,
}

/// Properties of an attempt for which its row is listed in additional partitions.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoggedAttempt {
    /// True if the receiver did not acknowledge.
    pub failed: bool,
    /// True for the first attempt of an event's delivery. Only there does a failure cost an
    /// additional entry, so that the many retries of an outage cost no more than before.
    pub first: bool,
    /// True if the attempt was slow.
    pub slow: bool,
}

/// Returns every index entry of a row of the delivery log.
#[must_use]
pub fn delivery_log_index(
    to: LoggedWebhook,
    log: LogId,
    attempt: LoggedAttempt,
    spread: Spread,
) -> Vec<IndexEntry> {
    let LoggedAttempt { failed, first, slow } = attempt;
    let sort = log.to_string();
    let shard = random_digit(&sort) % SHARDS;
    let mut lists = vec![delivery_logs_by_webhook(to.account, to.webhook)];
    lists.extend(failed.then(|| delivery_logs_failed(to.account, to.environment)));
    let mut entries: Vec<_> = lists.iter().map(|list| spread.entry(list, &sort)).collect();
    let of_all =
        |collection| IndexEntry { partition: shard_of(collection, shard), sort: sort.clone() };
    entries.extend((failed && first).then(|| of_all(FAILED_FIRST_ATTEMPTS)));
    entries.extend(slow.then(|| of_all(SLOW_ATTEMPTS)));
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
