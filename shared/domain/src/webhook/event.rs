//! What can have happened to a webhook.

use serde::{Deserialize, Serialize};

use super::{DisabledReason, Subscription};
use crate::{
    decider::events,
    id::{AccountId, WebhookId},
    kinds::{Environment, Jurisdiction},
    time::Timestamp,
};

events! {
    /// What can have happened to a webhook.
    WebhookEvent {
        /// It was created.
        Created = "webhook.created", 1;
        /// Its deliveries go somewhere else.
        UrlChanged = "webhook.url_changed", 1;
        /// What it hears, or how, changed.
        Updated = "webhook.updated", 1;
        /// It takes no deliveries any more.
        Disabled = "webhook.disabled", 1;
        /// It takes deliveries again.
        Enabled = "webhook.enabled", 1;
        /// A new secret signs its deliveries.
        SecretRotated = "webhook.secret_rotated", 1;
        /// Somebody was shown its signing secret.
        SecretRevealed = "webhook.secret_revealed", 1;
        /// It was deleted.
        Deleted = "webhook.deleted", 1;
    }
}

/// Where deliveries go, with nothing secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The URL, its credentials masked.
    pub url: String,
    /// Keyed hash of the whole URL, hex: what uniqueness is held by.
    pub fingerprint: String,
    /// The number of the whole URL in the vault, where it has credentials.
    pub secret: Option<u32>,
}

impl Endpoint {
    /// Whether it is a topic of Amazon SNS.
    #[must_use]
    pub fn is_sns(&self) -> bool {
        self.url.starts_with("sns://")
    }
}

/// The webhook was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// Its identifier.
    pub id: WebhookId,
    /// Whose it is.
    pub account: AccountId,
    /// Whose events it hears.
    pub environment: Environment,
    /// Where the subjects of those events live.
    pub jurisdiction: Jurisdiction,
    /// Where deliveries go.
    pub endpoint: Endpoint,
    /// Whether the whole related object stands in the payload.
    pub include_object: bool,
    /// What it subscribes to.
    pub event_types: Vec<Subscription>,
    /// What people say of it.
    pub description: Option<String>,
    /// The number of its signing secret in the vault.
    pub secret: u32,
}

/// The webhook's deliveries go somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlChanged {
    /// Where deliveries go.
    pub endpoint: Endpoint,
}

/// What the webhook hears, or how, changed: everything as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Updated {
    /// Whether the whole related object stands in the payload.
    pub include_object: bool,
    /// What it subscribes to.
    pub event_types: Vec<Subscription>,
    /// What people say of it.
    pub description: Option<String>,
}

/// The webhook takes no deliveries any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disabled {
    /// Why.
    pub reason: DisabledReason,
}

/// The webhook takes deliveries again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enabled {}

/// A new secret signs the webhook's deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRotated {
    /// The new secret's number in the vault.
    pub secret: u32,
    /// Until when the old one signs as well.
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
