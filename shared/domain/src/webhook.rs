//! A webhook: an endpoint, and what it is sent.

mod decide;
mod event;
mod subscription;
mod url;

use serde::{Deserialize, Serialize};

pub use decide::{Change, Command, MOST_SIGNING_SECRETS, Rejection};
pub use event::{
    Created, Deleted, Disabled, Enabled, Endpoint, SecretRevealed, SecretRotated, Updated,
    UrlChanged, WebhookEvent,
};
pub use subscription::{EventType, NotAnEventType, Subscription};
pub use url::{Credentials, HttpUrl, SnsTopic, UrlRejection, WebhookUrl};

use crate::{
    id::{AccountId, WebhookId},
    kinds::{Environment, Jurisdiction, vocabulary},
    time::Timestamp,
};

vocabulary! {
    /// Why a webhook takes no deliveries.
    DisabledReason {
        /// Somebody disabled it.
        Manual = "manual",
        /// Its receiver answered 410.
        Gone = "gone",
        /// It failed everything it was sent for 60 days.
        Failing = "failing",
    }
}

/// The state of a webhook. Its signing secrets, and the URL if that has credentials, are in the
/// vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its identifier.
    pub id: WebhookId,
    /// Whose it is.
    pub account: AccountId,
    /// Whose events it hears; fixed at creation.
    pub environment: Environment,
    /// Where the subjects of those events live; fixed at creation.
    pub jurisdiction: Jurisdiction,
    /// Where deliveries go.
    pub endpoint: Endpoint,
    /// Whether the whole related object stands in the payload.
    pub include_object: bool,
    /// What it subscribes to.
    pub event_types: Vec<Subscription>,
    /// What people say of it.
    pub description: Option<String>,
    /// Why it takes no deliveries; none while it does.
    pub disabled: Option<DisabledReason>,
    /// When it was last disabled, enabled again since or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_disabled_at: Option<Timestamp>,
    /// Counts its being disabled: what was accepted for an older generation and is still open then
    /// is cancelled.
    pub generation: u32,
    /// The number of its signing secret in the vault.
    pub secret: u32,
    /// The secrets before that, the newest first, as long as they also sign.
    pub previous_secrets: Vec<PreviousSecret>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its settings last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// A signing secret that was rotated out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// Its number in the vault.
    pub number: u32,
    /// From when on it no longer signs.
    pub expires_at: Timestamp,
}

impl Webhook {
    /// Whether it takes deliveries.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled.is_none() && self.deleted_at.is_none()
    }

    /// Whether an event of that type and jurisdiction is meant for it.
    #[must_use]
    pub fn hears(&self, event_type: &EventType, jurisdiction: Jurisdiction) -> bool {
        self.jurisdiction == jurisdiction
            && self.event_types.iter().any(|entry| entry.matches(event_type))
    }

    /// The numbers of the secrets that sign at `now`, the newest first.
    pub fn signing_secrets(&self, now: Timestamp) -> impl Iterator<Item = u32> {
        let previous =
            self.previous_secrets.iter().filter(move |previous| previous.expires_at > now);
        std::iter::once(self.secret).chain(previous.map(|previous| previous.number))
    }

    /// The numbers of all secrets that the vault may still have, the newest first.
    pub fn kept_secrets(&self) -> impl Iterator<Item = u32> {
        let previous = self.previous_secrets.iter().map(|previous| previous.number);
        std::iter::once(self.secret).chain(previous)
    }
}
