//! Collections of documents, and the keys in them.

mod logs;

use domain::{
    Environment, Redacted, Timestamp,
    id::{AccountId, EventId, KeyId, OperatorSessionId, WebhookId},
};
use ports::{
    store::{Collection, IndexEntry, Key, Partition, Scope, StreamId},
    vault::Fingerprints,
};

pub use self::logs::{
    LoggedAttempt, LoggedWebhook, delivery_log_index, delivery_logs, delivery_logs_by_webhook,
    delivery_logs_failed, delivery_logs_late, failed_first_attempts, request_logs,
    request_logs_by_id, request_logs_by_key, request_logs_late, slow_attempts,
};

/// Collections that are derived from events alone; `rebuild` replaces exactly these.
pub const DERIVED: &[Collection] = &[
    ACCOUNTS,
    ACCOUNT_EXTERNAL_IDS,
    ACCOUNT_COUNT,
    API_KEYS,
    API_KEYS_BY_EXPIRY,
    API_KEY_COUNT,
    API_KEY_LOOKUPS,
    WEBHOOKS,
    WEBHOOK_URLS,
    WEBHOOK_COUNT,
    EVENT_TYPES,
    EVENT_TYPE_NAMES,
];

/// Collections of log rows, which are dropped before anything else when the disk becomes full.
pub const LOG_ROWS: &[Collection] = &[DELIVERY_LOGS, REQUEST_LOGS];

const ACCOUNTS: Collection = Collection("accounts");
/// Accounts by external id: a second account with one is refused.
pub const ACCOUNT_EXTERNAL_IDS: Collection = Collection("account_external_ids");
const ACCOUNT_COUNT: Collection = Collection("account_count");
const API_KEYS: Collection = Collection("api_keys");
const API_KEYS_BY_EXPIRY: Collection = Collection("api_keys_by_expiry");
/// Numbers of API keys.
pub const API_KEY_COUNT: Collection = Collection("api_key_count");
/// API keys by fingerprint.
pub const API_KEY_LOOKUPS: Collection = Collection("api_key_lookups");
const API_KEY_USAGE: Collection = Collection("api_key_usage");
const WEBHOOKS: Collection = Collection("webhooks");
/// Webhooks by URL: a second webhook with one is refused.
pub const WEBHOOK_URLS: Collection = Collection("webhook_urls");
/// Numbers of webhooks: no more than the quota.
pub const WEBHOOK_COUNT: Collection = Collection("webhook_count");
const WEBHOOK_HEALTH: Collection = Collection("webhook_health");
const FAILING_WEBHOOKS: Collection = Collection("failing_webhooks");
const EVENT_TYPES: Collection = Collection("event_types");
const EVENT_TYPE_NAMES: Collection = Collection("event_type_names");
const EVENTS: Collection = Collection("events");
const EVENTS_BY_OBJECT: Collection = Collection("events_by_object");
const DELIVERIES: Collection = Collection("deliveries");
const UNDELIVERED: Collection = Collection("undelivered");
const ATTEMPT_COUNTS: Collection = Collection("attempt_counts");
const COUNT_OF_PAST: Collection = Collection("count_of_past");
const DELIVERY_LOGS: Collection = Collection("delivery_logs");
const DELIVERY_LOGS_BY_WEBHOOK: Collection = Collection("delivery_logs_by_webhook");
const DELIVERY_LOGS_FAILED: Collection = Collection("delivery_logs_failed");
const DELIVERY_LOGS_LATE: Collection = Collection("delivery_logs_late");
const FAILED_FIRST_ATTEMPTS: Collection = Collection("failed_first_attempts");
const SLOW_ATTEMPTS: Collection = Collection("slow_attempts");
const REQUEST_LOGS: Collection = Collection("request_logs");
const REQUEST_LOGS_BY_KEY: Collection = Collection("request_logs_by_key");
const REQUEST_LOGS_BY_ID: Collection = Collection("request_logs_by_id");
const REQUEST_LOGS_LATE: Collection = Collection("request_logs_late");
/// Portal tokens and sign-in codes, by their fingerprints.
pub const PORTAL_TOKENS: Collection = Collection("portal_tokens");
const PORTAL_SESSIONS: Collection = Collection("portal_sessions");
/// Places of an account's open portal sessions: no more than the quota.
pub const PORTAL_SESSION_PLACES: Collection = Collection("portal_session_places");
const OPERATOR_SESSIONS: Collection = Collection("operator_sessions");
const OPERATOR_TOKEN_ROTATION: Collection = Collection("operator_token_rotation");
const LOOSE_SECRETS: Collection = Collection("loose_secrets");
const LOOSE_SECRETS_BY_DUE: Collection = Collection("loose_secrets_by_due");
/// Answers kept for repeats with the same idempotency key.
pub const IDEMPOTENCY: Collection = Collection("idempotency");

const SNAPSHOTS: Collection = Collection("snapshots");

/// Partition of the snapshots of a stream's state, by time; none for the installation's own streams.
#[must_use]
pub fn snapshots(stream: StreamId) -> Option<Partition> {
    let scope = Scope::Account(stream.account()?);
    Some(Partition::new(scope, SNAPSHOTS, &stream.subject()))
}

/// Key for the snapshot of a stream's state at `version`, which it reached at `at`.
#[must_use]
pub fn snapshot(stream: StreamId, at: Timestamp, version: u64) -> Option<Key> {
    Some(snapshots(stream)?.key(format!("{at}/{version:020}")))
}

/// Returns the stream that the document under `key` is derived from, if the key says so.
#[must_use]
pub fn stream_of(key: &Key) -> Option<StreamId> {
    let id = &key.sort;
    let account = match key.partition.scope() {
        Scope::Account(account) => Some(account),
        Scope::Installation => None,
    };
    let is = |collection: Collection| key.partition.collection() == collection.0;
    if is(EVENT_TYPES) || is(EVENT_TYPE_NAMES) {
        Some(StreamId::EventTypes)
    } else if is(ACCOUNTS) {
        Some(StreamId::Account(id.parse().ok()?))
    } else if is(API_KEYS) {
        Some(StreamId::Key(account?, id.parse().ok()?))
    } else if is(WEBHOOKS) {
        Some(StreamId::Webhook(account?, id.parse().ok()?))
    } else {
        None
    }
}

/// Partition of all accounts.
#[must_use]
pub fn accounts() -> Partition {
    Partition::new(Scope::Installation, ACCOUNTS, "")
}

/// Key for the account that has an external id.
#[must_use]
pub fn account_external_id(external_id: &str) -> Key {
    Partition::new(Scope::Installation, ACCOUNT_EXTERNAL_IDS, "").key(external_id)
}

/// Counter of accounts.
#[must_use]
pub fn account_count() -> Key {
    Partition::new(Scope::Installation, ACCOUNT_COUNT, "").key("all")
}

/// Partition of an account's API keys.
#[must_use]
pub fn api_keys(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), API_KEYS, environment.as_str())
}

/// Partition of an account's API keys in the order of their expiry.
#[must_use]
pub fn api_keys_by_expiry(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), API_KEYS_BY_EXPIRY, environment.as_str())
}

/// Sort key of an API key in [`api_keys_by_expiry`].
#[must_use]
pub fn api_key_expiry_sort(expires_at: Option<Timestamp>, key: KeyId) -> String {
    format!("{}/{key}", expires_at.unwrap_or(Timestamp::MAX))
}

/// Counter of the API keys that an account has ever had: none is deleted. Of them, no more than the
/// quota work.
#[must_use]
pub fn api_key_count(account: AccountId, environment: Environment) -> Key {
    Partition::new(Scope::Account(account), API_KEY_COUNT, "").key(environment)
}

/// Key for an API key by the fingerprint of the key itself.
#[must_use]
pub fn api_key_lookup(fingerprint: &str) -> Key {
    Partition::new(Scope::Installation, API_KEY_LOOKUPS, "").key(fingerprint)
}

/// Key for the time of an API key's last use.
#[must_use]
pub fn api_key_usage(account: AccountId, key: KeyId) -> Key {
    Partition::new(Scope::Account(account), API_KEY_USAGE, "").key(key)
}

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

/// Key for the time since when every delivery of a webhook has failed.
#[must_use]
pub fn webhook_health(account: AccountId, webhook: WebhookId) -> Key {
    Partition::new(Scope::Account(account), WEBHOOK_HEALTH, "").key(webhook)
}

/// Partition of the webhooks of all accounts whose every delivery fails, longest first.
#[must_use]
pub fn failing_webhooks() -> Partition {
    Partition::new(Scope::Installation, FAILING_WEBHOOKS, "")
}

/// Index entry of a webhook in [`failing_webhooks`].
#[must_use]
pub fn failing_webhook(since: Timestamp, webhook: WebhookId) -> IndexEntry {
    IndexEntry { partition: failing_webhooks(), sort: format!("{since}/{webhook}") }
}

/// Partition of the registered event types.
#[must_use]
pub fn event_types() -> Partition {
    Partition::new(Scope::Installation, EVENT_TYPES, "")
}

/// Key for the names of all registered event types, in one document.
#[must_use]
pub fn event_type_names() -> Key {
    Partition::new(Scope::Installation, EVENT_TYPE_NAMES, "").key("all")
}

/// Partition of an account's events.
#[must_use]
pub fn events(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), EVENTS, environment.as_str())
}

/// Partition of the events about an object, by that object's identifier.
#[must_use]
pub fn events_by_object(
    account: AccountId,
    environment: Environment,
    object: &Redacted,
) -> Partition {
    Partition::new(Scope::Account(account), EVENTS_BY_OBJECT, &format!("{environment}/{object}"))
}

/// Partition of the deliveries of an event that were attempted or cancelled, by webhook.
#[must_use]
pub fn deliveries(account: AccountId, event: EventId) -> Partition {
    Partition::new(Scope::Account(account), DELIVERIES, &event.to_string())
}

/// Partition of a webhook's deliveries that were attempted or cancelled and not delivered, by
/// event.
#[must_use]
pub fn undelivered(account: AccountId, webhook: WebhookId) -> Partition {
    Partition::new(Scope::Account(account), UNDELIVERED, &webhook.to_string())
}

/// Partition of counts of an account's attempts, by hour; `part` says of which attempts.
#[must_use]
pub fn attempt_counts(account: AccountId, part: &str) -> Partition {
    Partition::new(Scope::Account(account), ATTEMPT_COUNTS, part)
}

/// Key for the place of the count of attempts from before they were counted.
#[must_use]
pub fn count_of_past() -> Key {
    Partition::new(Scope::Installation, COUNT_OF_PAST, "").key("all")
}

/// Key for a portal token or sign-in code, by its fingerprint.
#[must_use]
pub fn portal_token(fingerprint: &str) -> Key {
    Partition::new(Scope::Installation, PORTAL_TOKENS, "").key(fingerprint)
}

/// Keys under any of which the document of a portal token or sign-in code can be.
#[must_use]
pub fn portal_tokens(fingerprints: &Fingerprints) -> Vec<Key> {
    fingerprints.iter().map(|one| portal_token(&one.to_string())).collect()
}

/// Partition of an account's portal sessions, until they expire.
#[must_use]
pub fn portal_sessions(account: AccountId) -> Partition {
    Partition::new(Scope::Account(account), PORTAL_SESSIONS, "")
}

/// Partition of the places that an account's open portal sessions take, by number.
#[must_use]
pub fn portal_session_places(account: AccountId) -> Partition {
    Partition::new(Scope::Account(account), PORTAL_SESSION_PLACES, "")
}

/// Key for a session of the operator at the pages.
#[must_use]
pub fn operator_session(session: OperatorSessionId) -> Key {
    Partition::new(Scope::Installation, OPERATOR_SESSIONS, "").key(session)
}

/// Key for the document that every rotation of the operator token puts anew, where processes share
/// the token.
#[must_use]
pub fn operator_token_rotation() -> Key {
    Partition::new(Scope::Installation, OPERATOR_TOKEN_ROTATION, "").key("last")
}

/// Key for the answer kept for a caller's idempotency key.
#[must_use]
pub fn idempotency(scope: Scope, caller: &str, idempotency_key: &str) -> Key {
    Partition::new(scope, IDEMPOTENCY, caller).key(idempotency_key)
}

/// Partition of the secrets that no document names, for a reason: `made` or `let_go`.
#[must_use]
pub fn loose_secrets(why: &str) -> Partition {
    Partition::new(Scope::Installation, LOOSE_SECRETS, why)
}

/// Partition of the secrets that no document names, in the order in which they are due to be
/// destroyed.
#[must_use]
pub fn loose_secrets_by_due() -> Partition {
    Partition::new(Scope::Installation, LOOSE_SECRETS_BY_DUE, "")
}

/// Index entry of a secret in [`loose_secrets_by_due`].
#[must_use]
pub fn loose_secret_due(due: Timestamp, why: &str, which: impl std::fmt::Display) -> IndexEntry {
    IndexEntry { partition: loose_secrets_by_due(), sort: format!("{due}/{why}/{which}") }
}
