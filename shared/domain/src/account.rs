//! An account: one customer of the operator.

mod decide;
mod event;

pub use decide::{Command, Rejection};
pub use event::{
    AccountEvent, Closed, CredentialWithdrawn, Credentialed, EventErased, Opened,
    PortalSessionEnded, PortalSessionOpened, PortalSessionShown, Renamed, WebhookQuotaChanged,
};

use crate::{id::AccountId, kinds::Environment, time::Timestamp};

/// Webhooks that an account may have in each environment, unless the operator changes it.
///
/// "Webhook endpoints have a limit of 2. If you try to create more than 2 endpoints in either
/// environment, a "Quota limit exceeded" error appears."
pub const DEFAULT_WEBHOOK_QUOTA: u32 = 2;

/// State of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// Display name.
    pub name: String,
    /// Identifier in the operator's own system; unique among accounts.
    pub external_id: Option<String>,
    /// Time at which the operator began to vouch for the account, which opens live mode.
    pub credentialed_at: Option<Timestamp>,
    /// Limit of webhooks, deleted ones not counted, in each environment.
    pub webhook_quota: u32,
    /// Time of opening.
    pub created_at: Timestamp,
    /// Time of closing.
    pub closed_at: Option<Timestamp>,
}

impl Account {
    /// Returns whether the account has live mode.
    #[must_use]
    pub const fn is_credentialed(&self) -> bool {
        self.credentialed_at.is_some()
    }

    /// Returns whether `environment` is open to the account.
    #[must_use]
    pub const fn has(&self, environment: Environment) -> bool {
        environment.is_open(self.is_credentialed())
    }

    /// Returns whether the account is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }
}
