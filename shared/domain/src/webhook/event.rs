//! Events of a webhook.

use serde::{Deserialize, Serialize};

use super::{DisabledReason, Subscription};
use crate::{
    decider::events,
    id::{AccountId, WebhookId},
    kinds::{Environment, Jurisdiction},
    time::Timestamp,
};

events! {
    /// Event of a webhook.
    WebhookEvent {
        /// The webhook was created.
        Created = "webhook.created", 1;
        /// The webhook's URL changed.
        UrlChanged = "webhook.url_changed", 1;
        /// The webhook's subscription, payload form or description changed.
        Updated = "webhook.updated", 1;
        /// The webhook was disabled.
        Disabled = "webhook.disabled", 1;
        /// The webhook was enabled again.
        Enabled = "webhook.enabled", 1;
        /// The signing secret was replaced by a new one.
        SecretRotated = "webhook.secret_rotated", 1;
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
    /// Number of the signing secret in the vault.
    pub secret: u32,
}

/// The webhook's URL changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlChanged {
    /// New endpoint.
    pub endpoint: Endpoint,
}

/// The webhook's subscription, payload form or description changed; holds all three as they are
/// now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Updated {
    /// True if the payload contains the whole related object.
    pub include_object: bool,
    /// Subscribed event types.
    pub event_types: Vec<Subscription>,
    /// Description for people.
    pub description: Option<String>,
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
    /// Time until which the old secret signs as well.
    pub previous_expires_at: Timestamp,
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
