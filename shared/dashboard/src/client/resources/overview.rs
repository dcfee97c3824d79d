//! Accounts as the operator sees them: what each has, and where something was found.

use domain::Timestamp;
use serde::Deserialize;

/// Overview of an account: its numbers, and its last activity.
#[derive(Debug, Deserialize)]
pub(crate) struct Overview {
    pub(crate) account_id: String,
    pub(crate) keys: u64,
    pub(crate) webhooks: u64,
    pub(crate) attempts: u64,
    pub(crate) failures: u64,
    pub(crate) last_active_at: Option<Timestamp>,
}

/// Result of a search over all accounts.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Searched {
    pub(crate) found: Vec<Found>,
    /// True if there are accounts that were not looked at.
    pub(crate) more: bool,
}

/// Account that has what was searched.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    pub(crate) account_id: String,
    pub(crate) account_name: String,
    pub(crate) kind: FoundKind,
    pub(crate) id: String,
}

/// Kind of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FoundKind {
    ApiKey,
    Webhook,
    Event,
    Log,
    PortalSession,
    Request,
    Object,
}

impl Found {
    /// Address in the account's own pages; none for what they do not show.
    pub(crate) fn place(&self) -> Option<String> {
        let id = crate::client::encoded(&self.id);
        Some(match self.kind {
            FoundKind::ApiKey => format!("/dashboard/keys/{id}"),
            FoundKind::Webhook => format!("/dashboard/webhooks/{id}"),
            FoundKind::Event => format!("/dashboard/events/{id}"),
            FoundKind::Log => format!("/dashboard/logs/{id}"),
            FoundKind::Request => format!("/dashboard/logs?kind=api_request&request_id={id}"),
            FoundKind::Object => format!("/dashboard/logs?kind=webhook_delivery&object_id={id}"),
            FoundKind::PortalSession => return None,
        })
    }
}
