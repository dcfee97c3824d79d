//! A webhook: an endpoint, and a subscription to events.

mod decide;
mod event;
mod filter;
mod headers;
mod subscription;
mod url;

pub use decide::{Change, Command, MOST_SIGNING_SECRETS, Rejection};
pub use event::{
    Created, Deleted, Disabled, Enabled, Endpoint, FingerprintRenewed, OverlapEnded,
    SecretRestored, SecretRevealed, SecretRotated, Updated, UrlChanged, WebhookEvent,
};
pub use filter::{Filter, LARGEST_FILTER, NotAFilter};
pub use headers::{
    HeaderName, HeaderValue, Headers, MOST_HEADERS, NotAHeaderName, NotAHeaderValue,
};
pub use subscription::{EventType, NotAnEventType, Subscription};
pub use url::{Credentials, HttpUrl, SnsTopic, UrlRejection, WebhookUrl};

use crate::{
    id::{AccountId, WebhookId},
    jurisdiction::{Jurisdiction, Jurisdictions},
    kinds::{Environment, vocabulary},
    limits::OwnRate,
    signing::{PublicKey, Signing},
    time::Timestamp,
};

vocabulary! {
    /// Reason for which a webhook is disabled.
    DisabledReason {
        /// Somebody disabled it.
        Manual = "manual",
        /// The receiver answered 410.
        Gone = "gone",
        /// Every delivery failed for 60 days.
        Failing = "failing",
    }
}

/// State of a webhook. Its signing secrets, its headers' values, and a URL that has credentials, are in
/// the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Identifier of the webhook.
    pub id: WebhookId,
    /// Account that owns the webhook.
    pub account: AccountId,
    /// Environment of the events it receives; fixed at creation.
    pub environment: Environment,
    /// Jurisdiction of the subjects of those events; fixed at creation.
    pub jurisdiction: Jurisdiction,
    /// Endpoint that receives the deliveries.
    pub endpoint: Endpoint,
    /// True if the payload contains the whole related object.
    pub include_object: bool,
    /// Subscribed event types.
    pub event_types: Vec<Subscription>,
    /// Description for people.
    pub description: Option<String>,
    /// Pattern of the events that it receives; none for all that it subscribes to.
    pub filter: Option<Filter>,
    /// Headers of its own, sent with every attempt.
    pub headers: Option<Headers>,
    /// Rate of attempts; none for any.
    pub rate_limit: Option<OwnRate>,
    /// Reason for being disabled; none while the webhook is enabled.
    pub disabled: Option<DisabledReason>,
    /// Time of the last disabling, even if the webhook is enabled again.
    pub last_disabled_at: Option<Timestamp>,
    /// Number of times it was disabled. A delivery accepted for an older generation and still open
    /// is cancelled.
    pub generation: u32,
    /// Number of the signing secret in the vault.
    pub secret: u32,
    /// Public key of the signing secret; none of one that both sides know.
    pub public_key: Option<PublicKey>,
    /// Earlier secrets that still sign, the newest first.
    pub previous_secrets: Vec<PreviousSecret>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change of its settings.
    pub updated_at: Timestamp,
    /// Time of deletion.
    pub deleted_at: Option<Timestamp>,
}

/// Previous signing secret, replaced by a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviousSecret {
    /// Number of the secret in the vault.
    pub number: u32,
    /// Public key of the secret; none of one that both sides know.
    pub public_key: Option<PublicKey>,
    /// Time from which the secret no longer signs.
    pub expires_at: Timestamp,
}

impl Webhook {
    /// Returns whether the webhook takes deliveries.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled.is_none() && self.deleted_at.is_none()
    }

    /// Returns whether the webhook receives events of that type and jurisdiction, of those that are
    /// distinguished.
    #[must_use]
    pub fn hears(
        &self,
        event_type: &EventType,
        jurisdiction: Jurisdiction,
        among: &Jurisdictions,
    ) -> bool {
        among.meant(self.jurisdiction) == among.meant(jurisdiction)
            && self.event_types.iter().any(|entry| entry.matches(event_type))
    }

    /// Returns whether it is sent its statement every hour: it has to name that type.
    #[must_use]
    pub fn hears_statements(&self) -> bool {
        self.is_enabled()
            && self.event_types.contains(&Subscription::Exactly(EventType::statement()))
    }

    /// Returns the kind of its signatures, which never changes.
    #[must_use]
    pub const fn signing(&self) -> Signing {
        if self.public_key.is_some() { Signing::Ed25519 } else { Signing::Hmac }
    }

    /// Returns the public keys by which deliveries made at `now` are verified, with the numbers of their
    /// secrets, the newest first.
    pub fn public_keys(&self, now: Timestamp) -> impl Iterator<Item = (u32, PublicKey)> {
        let previous =
            self.signing_before(now).map(|previous| (previous.number, previous.public_key));
        let keys = std::iter::once((self.secret, self.public_key)).chain(previous);
        keys.filter_map(|(number, key)| Some((number, key?)))
    }

    /// Returns the numbers of the secrets that sign at `now`, the newest first.
    pub fn signing_secrets(&self, now: Timestamp) -> impl Iterator<Item = u32> {
        let previous = self.signing_before(now).map(|previous| previous.number);
        std::iter::once(self.secret).chain(previous)
    }

    /// Returns the earlier secrets that sign at `now`, the newest first.
    pub fn signing_before(&self, now: Timestamp) -> impl Iterator<Item = &PreviousSecret> {
        self.previous_secrets.iter().filter(move |previous| previous.expires_at > now)
    }

    /// Returns the numbers of all secrets that may still be in the vault, the newest first.
    pub fn kept_secrets(&self) -> impl Iterator<Item = u32> {
        let previous = self.previous_secrets.iter().map(|previous| previous.number);
        std::iter::once(self.secret).chain(previous)
    }
}
