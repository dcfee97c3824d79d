//! Collections of webhooks, and of what is known of each.

use domain::{
    Environment, Timestamp,
    id::{AccountId, WebhookId},
};
use ports::store::{Collection, IndexEntry, Key, Partition, Scope};

use crate::views::spread::random_digit;

pub(super) const WEBHOOKS: Collection = Collection("webhooks");
/// Webhooks by URL: a second webhook with one is refused.
pub const WEBHOOK_URLS: Collection = Collection("webhook_urls");
/// Numbers of webhooks: no more than the quota.
pub const WEBHOOK_COUNT: Collection = Collection("webhook_count");
pub(super) const WEBHOOK_PUBLIC_KEYS: Collection = Collection("webhook_public_keys");
pub(super) const STATEMENT_WEBHOOKS: Collection = Collection("statement_webhooks");
const STATEMENT_PROGRESS: Collection = Collection("statement_progress");
const WEBHOOK_HEALTH: Collection = Collection("webhook_health");
const WEBHOOK_RECOVERY: Collection = Collection("webhook_recovery");
const FAILING_WEBHOOKS: Collection = Collection("failing_webhooks");

/// Partition of an account's webhooks, deleted ones excluded.
#[must_use]
pub fn webhooks(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), WEBHOOKS, environment.as_str())
}

/// Key for the webhook that has the URL of that fingerprint.
#[must_use]
pub fn webhook_url(account: AccountId, environment: Environment, fingerprint: &str) -> Key {
    Partition::new(Scope::Account(account), WEBHOOK_URLS, environment.as_str()).key(fingerprint)
}

/// Counter of an account's webhooks, deleted ones excluded.
#[must_use]
pub fn webhook_count(account: AccountId, environment: Environment) -> Key {
    Partition::new(Scope::Account(account), WEBHOOK_COUNT, "").key(environment)
}

/// Key for the public keys of a webhook, which everybody may read: it does not say whose that is.
#[must_use]
pub fn webhook_public_keys(webhook: WebhookId) -> Key {
    Partition::new(Scope::Installation, WEBHOOK_PUBLIC_KEYS, &webhook.to_string()).key(webhook)
}

/// Partition of the webhooks of all accounts that are sent their statement every hour.
#[must_use]
pub fn statement_webhooks() -> Partition {
    Partition::new(Scope::Installation, STATEMENT_WEBHOOKS, "")
}

/// Key for the last hour of which statements were sent.
#[must_use]
pub fn statement_progress() -> Key {
    Partition::new(Scope::Installation, STATEMENT_PROGRESS, "").key("last")
}

/// Key for the time since when every delivery of a webhook has failed.
#[must_use]
pub fn webhook_health(account: AccountId, webhook: WebhookId) -> Key {
    Partition::new(Scope::Account(account), WEBHOOK_HEALTH, "").key(webhook)
}

/// Key for the progress of a webhook's recovery that went on after its answer.
#[must_use]
pub fn webhook_recovery(account: AccountId, webhook: WebhookId) -> Key {
    Partition::new(Scope::Account(account), WEBHOOK_RECOVERY, "").key(webhook)
}

/// Number of partitions that the list of failing webhooks is spread over: when the largest host of
/// receivers fails, many webhooks begin to.
const FAILING_PARTS: u8 = 8;

/// Partitions of the webhooks of all accounts whose every delivery fails, longest first; to be read
/// together.
#[must_use]
pub fn failing_webhooks() -> Vec<Partition> {
    let list = Partition::new(Scope::Installation, FAILING_WEBHOOKS, "");
    (0..FAILING_PARTS).map(|number| list.part(number)).collect()
}

/// Index entry of a webhook in [`failing_webhooks`].
#[must_use]
pub fn failing_webhook(since: Timestamp, webhook: WebhookId) -> IndexEntry {
    let list = Partition::new(Scope::Installation, FAILING_WEBHOOKS, "");
    let sort = format!("{since}/{webhook}");
    let number = random_digit(&sort) % FAILING_PARTS;
    IndexEntry { partition: list.part(number), sort }
}
