//! Collections of documents, and the keys in them.

mod logs;
mod operators;
mod webhooks;

use domain::{
    Environment, ExpiryNotice, Redacted, Timestamp,
    id::{AccountId, EventId, KeyId, WebhookId},
};
use ports::{
    store::{Collection, IndexEntry, Key, Partition, Range, Scope, StreamId},
    vault::Fingerprints,
};

pub use self::logs::{
    LoggedAttempt, attempt_keys, attempts, delivery_log_index, delivery_logs,
    delivery_logs_by_webhook, delivery_logs_failed, delivery_logs_late, failed_attempts,
    failed_first_attempts, is_of_requests, request_logs, request_logs_by_id, request_logs_by_key,
    request_logs_late, slow_attempts,
};
use self::operators::{OPERATOR_TOKEN_COUNT, OPERATOR_TOKENS};
pub use self::operators::{
    OPERATOR_TOKEN_LOOKUPS, operator_session, operator_token_count, operator_token_lookup,
    operator_token_rotation, operator_token_usage, operator_tokens,
};
use self::webhooks::{STATEMENT_WEBHOOKS, WEBHOOK_PUBLIC_KEYS, WEBHOOKS};
pub use self::webhooks::{
    WEBHOOK_COUNT, WEBHOOK_URLS, failing_webhook, failing_webhooks, statement_progress,
    statement_webhooks, webhook_count, webhook_health, webhook_public_keys, webhook_recovery,
    webhook_url, webhooks,
};
use super::SpreadList;

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
    WEBHOOK_PUBLIC_KEYS,
    STATEMENT_WEBHOOKS,
    EVENT_TYPES,
    EVENT_TYPE_NAMES,
    KEY_SCOPES,
    EXPIRING_API_KEYS,
    OPERATOR_TOKENS,
    OPERATOR_TOKEN_LOOKUPS,
    OPERATOR_TOKEN_COUNT,
];

/// Collections of log rows, which are dropped before anything else when the disk becomes full.
pub const LOG_ROWS: &[Collection] = &[DELIVERY_LOGS, FAILED_ATTEMPTS, REQUEST_LOGS];

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
const EXPIRING_API_KEYS: Collection = Collection("expiring_api_keys");
const EXPIRY_PROGRESS: Collection = Collection("expiry_progress");
const EVENT_TYPES: Collection = Collection("event_types");
const EVENT_TYPE_NAMES: Collection = Collection("event_type_names");
const KEY_SCOPES: Collection = Collection("key_scopes");
const EVENTS: Collection = Collection("events");
const EVENT_BATCHES: Collection = Collection("event_batches");
const EVENTS_BACKDATED: Collection = Collection("events_backdated");
const EVENTS_BY_OBJECT: Collection = Collection("events_by_object");
const DELIVERIES: Collection = Collection("deliveries");
const UNDELIVERED: Collection = Collection("undelivered");
const ATTEMPT_COUNTS: Collection = Collection("attempt_counts");
const COUNT_OF_PAST: Collection = Collection("count_of_past");
const PAST_LISTED: Collection = Collection("past_listed");
const DELIVERY_LOGS: Collection = Collection("delivery_logs");
const DELIVERY_LOGS_BY_WEBHOOK: Collection = Collection("delivery_logs_by_webhook");
const DELIVERY_LOGS_FAILED: Collection = Collection("delivery_logs_failed");
const DELIVERY_LOGS_LATE: Collection = Collection("delivery_logs_late");
const FAILED_ATTEMPTS: Collection = Collection("failed_attempts");
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
const LOOSE_SECRETS: Collection = Collection("loose_secrets");
const LOOSE_SECRETS_BY_DUE: Collection = Collection("loose_secrets_by_due");
const KEY_IMPORTS: Collection = Collection("key_imports");
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
    } else if is(KEY_SCOPES) {
        Some(StreamId::KeyScopes)
    } else if is(OPERATOR_TOKENS) {
        Some(StreamId::OperatorToken(id.parse().ok()?))
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

/// Range of the customers' accounts: all but the operator's own, which is the first of all.
#[must_use]
pub fn customers() -> Range {
    Range { from: Some(format!("{}\0", AccountId::OPERATOR)), to: None }
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

/// Partition of the API keys of all accounts that expire, in the order of their expiry.
#[must_use]
pub fn expiring_api_keys() -> Partition {
    Partition::new(Scope::Installation, EXPIRING_API_KEYS, "")
}

/// Key for the progress of a notice through the keys that expire.
#[must_use]
pub fn expiry_progress(notice: ExpiryNotice) -> Key {
    Partition::new(Scope::Installation, EXPIRY_PROGRESS, "").key(notice)
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

/// Partition of the imports of API keys that are committed in several parts: those that are under way,
/// and those that are to be undone.
#[must_use]
pub fn key_imports() -> Partition {
    Partition::new(Scope::Installation, KEY_IMPORTS, "")
}

/// Key for the time of an API key's last use.
#[must_use]
pub fn api_key_usage(account: AccountId, key: KeyId) -> Key {
    Partition::new(Scope::Account(account), API_KEY_USAGE, "").key(key)
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

/// Key for the catalogue of scopes, in one document.
#[must_use]
pub fn key_scopes() -> Key {
    Partition::new(Scope::Installation, KEY_SCOPES, "").key("all")
}

/// List of an account's events.
#[must_use]
pub fn events(account: AccountId, environment: Environment) -> SpreadList {
    SpreadList::new(Partition::new(Scope::Account(account), EVENTS, environment.as_str()))
}

/// Partition of the batches of events in `scope`, an account's, that are accepted before their events
/// are in place.
#[must_use]
pub fn event_batches(scope: Scope) -> Partition {
    Partition::new(scope, EVENT_BATCHES, "")
}

/// Partition of an account's events that were accepted long after they happened, by the time of acceptance.
#[must_use]
pub fn events_backdated(account: AccountId, environment: Environment) -> Partition {
    Partition::new(Scope::Account(account), EVENTS_BACKDATED, environment.as_str())
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

/// List of a webhook's deliveries that were attempted or cancelled and not delivered, by
/// event.
#[must_use]
pub fn undelivered(account: AccountId, webhook: WebhookId) -> SpreadList {
    SpreadList::new(Partition::new(Scope::Account(account), UNDELIVERED, &webhook.to_string()))
}

/// List of counts of an account's attempts, by hour; `part` says of which attempts.
#[must_use]
pub fn attempt_counts(account: AccountId, part: &str) -> SpreadList {
    SpreadList::new(Partition::new(Scope::Account(account), ATTEMPT_COUNTS, part))
}

/// Key for the place of the count of attempts from before they were counted.
#[must_use]
pub fn count_of_past() -> Key {
    Partition::new(Scope::Installation, COUNT_OF_PAST, "").key("all")
}

/// Counter of the times that what an earlier version stored was added to the lists it did not keep: 0 or 1.
#[must_use]
pub fn past_listed() -> Key {
    Partition::new(Scope::Installation, PAST_LISTED, "").key("all")
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
