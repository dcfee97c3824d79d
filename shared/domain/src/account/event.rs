//! What can have happened to an account.

use serde::{Deserialize, Serialize};

use crate::{
    decider::events,
    id::{AccountId, PortalSessionId},
    time::Timestamp,
};

events! {
    /// What can have happened to an account.
    AccountEvent {
        /// The operator opened it.
        Opened = "account.opened", 1;
        /// Its name changed.
        Renamed = "account.renamed", 1;
        /// The operator vouches for it: live mode is open.
        Credentialed = "account.credentialed", 1;
        /// The operator no longer does: live mode is closed.
        CredentialWithdrawn = "account.credential_withdrawn", 1;
        /// Its webhook quota changed.
        WebhookQuotaChanged = "account.webhook_quota_changed", 1;
        /// A person was let into its dashboard.
        PortalSessionOpened = "account.portal_session_opened", 1;
        /// It was closed for good.
        Closed = "account.closed", 1;
    }
}

/// The operator opened the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The account.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// What the operator's own system calls it.
    pub external_id: Option<String>,
    /// Webhooks it may have in each environment.
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
    /// Webhooks it may have in each environment.
    pub webhook_quota: u32,
}

/// A person was let into the account's dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSessionOpened {
    /// The session.
    pub session: PortalSessionId,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The account was closed for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {}
