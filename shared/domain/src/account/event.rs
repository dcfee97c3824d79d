//! Events of an account.

use serde::{Deserialize, Serialize};

use crate::{
    decider::events,
    id::{AccountId, EventId, PortalSessionId},
    time::Timestamp,
};

events! {
    /// Event of an account.
    AccountEvent {
        /// The operator opened the account.
        Opened = "account.opened", 1;
        /// The account's name changed.
        Renamed = "account.renamed", 1;
        /// The operator vouches for the account: live mode is open.
        Credentialed = "account.credentialed", 1;
        /// The operator no longer vouches for the account: live mode is closed.
        CredentialWithdrawn = "account.credential_withdrawn", 1;
        /// The account's webhook quota changed.
        WebhookQuotaChanged = "account.webhook_quota_changed", 1;
        /// A person was let into the account's dashboard.
        PortalSessionOpened = "account.portal_session_opened", 1 => access;
        /// The token of a portal session was shown again.
        PortalSessionShown = "account.portal_session_shown", 1 => access;
        /// A portal session was ended before it expired.
        PortalSessionEnded = "account.portal_session_ended", 1 => access;
        /// The data of one of the account's events was erased.
        EventErased = "account.event_erased", 1 => access;
        /// The account was closed for good.
        Closed = "account.closed", 1;
    }
}

/// The operator opened the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Identifier of the account.
    pub id: AccountId,
    /// Display name.
    pub name: String,
    /// Identifier in the operator's own system.
    pub external_id: Option<String>,
    /// Limit of webhooks in each environment.
    pub webhook_quota: u32,
}

/// The account's name changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renamed {
    /// The new name.
    pub name: String,
}

/// The operator vouches for the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentialed {}

/// The operator no longer vouches for the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialWithdrawn {}

/// The account's webhook quota changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookQuotaChanged {
    /// Limit of webhooks in each environment.
    pub webhook_quota: u32,
}

/// A person was let into the account's dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSessionOpened {
    /// The session.
    pub session: PortalSessionId,
    /// Time at which the session ends.
    pub expires_at: Timestamp,
}

/// The token of a portal session was shown again, to a repeat of the request that opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSessionShown {
    /// The session.
    pub session: PortalSessionId,
}

/// A portal session was ended before it expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSessionEnded {
    /// The session.
    pub session: PortalSessionId,
}

/// The data of one of the account's events was erased, everywhere it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventErased {
    /// The event.
    pub event: EventId,
}

/// The account was closed for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {}
