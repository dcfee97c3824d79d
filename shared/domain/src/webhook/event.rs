//! Events of a webhook.

use serde::{Deserialize, Serialize};

use super::{DisabledReason, Filter, Headers, Subscription, WebhookUrl};
use crate::{
    decider::events,
    id::{AccountId, WebhookId},
    jurisdiction::Jurisdiction,
    kinds::Environment,
    limits::OwnRate,
    signing::PublicKey,
    time::Timestamp,
};

events! {
    /// Event of a webhook.
    WebhookEvent {
        /// The webhook was created.
        Created = "webhook.created", 2, from { 1 => CreatedV1 };
        /// The webhook's URL changed.
        UrlChanged = "webhook.url_changed", 1;
        /// The webhook's settings changed.
        Updated = "webhook.updated", 2, from { 1 => UpdatedV1 };
        /// The webhook was disabled.
        Disabled = "webhook.disabled", 1;
        /// The webhook was enabled again.
        Enabled = "webhook.enabled", 1;
        /// The signing secret was replaced by a new one.
        SecretRotated = "webhook.secret_rotated", 2, from { 1 => SecretRotatedV1 };
        /// The earlier signing secrets stopped signing before their time.
        OverlapEnded = "webhook.overlap_ended", 1;
        /// The signing secret before the newest took its place again.
        SecretRestored = "webhook.secret_restored", 1;
        /// Somebody was shown the signing secret.
        SecretRevealed = "webhook.secret_revealed", 1 => access;
        /// The webhook was deleted.
        Deleted = "webhook.deleted", 1;
        /// The fingerprint of the webhook's URL was taken anew, under another pepper.
        FingerprintRenewed = "webhook.fingerprint_renewed", 1;
    }
}

/// Endpoint of a webhook, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// URL with its credentials masked.
    pub url: String,
    /// Keyed hash of the whole URL, in hex, by which uniqueness is enforced.
    pub fingerprint: String,
    /// Number of the whole URL in the vault, if it has credentials.
    pub secret: Option<u32>,
}

impl Endpoint {
    /// Returns whether the endpoint is an Amazon SNS topic.
    #[must_use]
    pub fn is_sns(&self) -> bool {
        self.url.starts_with("sns://")
    }

    /// Returns whether the URL has credentials, which become the `Authorization` header.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        WebhookUrl::from_canonical(&self.url).is_ok_and(|url| url.has_credentials())
    }
}

/// The webhook was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// Identifier of the webhook.
    pub id: WebhookId,
    /// Account that owns the webhook.
    pub account: AccountId,
    /// Environment of the events it receives.
    pub environment: Environment,
    /// Jurisdiction of the subjects of those events.
    pub jurisdiction: Jurisdiction,
    /// Endpoint that receives the deliveries.
    pub endpoint: Endpoint,
    /// True if the payload contains the whole related object.
    pub include_object: bool,
    /// Subscribed event types.
    pub event_types: Vec<Subscription>,
    /// Description for people.
    pub description: Option<String>,
    /// Pattern of the events that it receives.
    pub filter: Option<Filter>,
    /// Headers of its own.
    pub headers: Option<Headers>,
    /// Rate of attempts.
    pub rate_limit: Option<OwnRate>,
    /// Number of the signing secret in the vault.
    pub secret: u32,
    /// Public key of the signing secret; none of one that both sides know.
    pub public_key: Option<PublicKey>,
}

/// Version 1, from before a webhook had a filter, headers, a rate and a public key of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatedV1 {
    id: WebhookId,
    account: AccountId,
    environment: Environment,
    jurisdiction: Jurisdiction,
    endpoint: Endpoint,
    include_object: bool,
    event_types: Vec<Subscription>,
    description: Option<String>,
    secret: u32,
}

impl From<CreatedV1> for Created {
    fn from(old: CreatedV1) -> Self {
        Self {
            id: old.id,
            account: old.account,
            environment: old.environment,
            jurisdiction: old.jurisdiction,
            endpoint: old.endpoint,
            include_object: old.include_object,
            event_types: old.event_types,
            description: old.description,
            filter: None,
            headers: None,
            rate_limit: None,
            secret: old.secret,
            public_key: None,
        }
    }
}

/// The webhook's URL changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlChanged {
    /// New endpoint.
    pub endpoint: Endpoint,
}

/// The webhook's settings changed: all of them, as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Updated {
    /// True if the payload contains the whole related object.
    pub include_object: bool,
    /// Subscribed event types.
    pub event_types: Vec<Subscription>,
    /// Description for people.
    pub description: Option<String>,
    /// Pattern of the events that it receives.
    pub filter: Option<Filter>,
    /// Headers of its own.
    pub headers: Option<Headers>,
    /// Rate of attempts.
    pub rate_limit: Option<OwnRate>,
}

/// Version 1, from before a webhook had a filter, headers and a rate of its own. No webhook that has
/// them was changed by it, for its history has none of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdatedV1 {
    include_object: bool,
    event_types: Vec<Subscription>,
    description: Option<String>,
}

impl From<UpdatedV1> for Updated {
    fn from(old: UpdatedV1) -> Self {
        let UpdatedV1 { include_object, event_types, description } = old;
        Self {
            include_object,
            event_types,
            description,
            filter: None,
            headers: None,
            rate_limit: None,
        }
    }
}

/// The webhook was disabled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disabled {
    /// Reason for disabling it.
    pub reason: DisabledReason,
}

/// The webhook was enabled again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enabled {}

/// The webhook's signing secret was replaced by a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRotated {
    /// Number of the new secret in the vault.
    pub secret: u32,
    /// Public key of the new secret; none of one that both sides know.
    pub public_key: Option<PublicKey>,
    /// Time until which the old secret signs as well.
    pub previous_expires_at: Timestamp,
}

/// Version 1, from before there were public keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretRotatedV1 {
    secret: u32,
    previous_expires_at: Timestamp,
}

impl From<SecretRotatedV1> for SecretRotated {
    fn from(old: SecretRotatedV1) -> Self {
        let SecretRotatedV1 { secret, previous_expires_at } = old;
        Self { secret, public_key: None, previous_expires_at }
    }
}

/// The webhook's earlier signing secrets stopped signing before their time; only the newest signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlapEnded {}

/// The signing secret before the newest took its place again, and the newest signs nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRestored {
    /// Number under which the restored secret is kept from now on.
    pub secret: u32,
}

/// Somebody was shown the webhook's signing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRevealed {}

/// The webhook was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deleted {}

/// The fingerprint of the webhook's URL was taken anew, under another pepper; the URL stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FingerprintRenewed {
    /// Keyed hash of the whole URL, in hex.
    pub fingerprint: String,
}
