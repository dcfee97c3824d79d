//! An account: one customer of the operator.

mod decide;
mod event;

use serde::{Deserialize, Serialize};

pub use decide::{Command, Rejection};
pub use event::{
    AccountEvent, Closed, CredentialWithdrawn, Credentialed, Opened, PortalSessionOpened, Renamed,
    WebhookQuotaChanged,
};

use crate::{id::AccountId, time::Timestamp};

/// Webhooks that an account may have in each environment, unless the operator changes it.
///
/// "Webhook endpoints have a limit of 2. If you try to create more than 2 endpoints in either
/// environment, a "Quota limit exceeded" error appears."
pub const DEFAULT_WEBHOOK_QUOTA: u32 = 2;

/// The state of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// What the operator's own system calls it; unique among accounts.
    pub external_id: Option<String>,
    /// Since when the operator vouches for it, which opens live mode.
    pub credentialed_at: Option<Timestamp>,
    /// Not-deleted webhooks it may have in each environment.
    pub webhook_quota: u32,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

impl Account {
    /// Whether live mode is open to it.
    #[must_use]
    pub const fn is_credentialed(&self) -> bool {
        self.credentialed_at.is_some()
    }

    /// Whether it was closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }
}
