//! Scopes of operator tokens: the parts of the operator's API that a token may use.

use std::collections::BTreeSet;

use crate::kinds::vocabulary;

vocabulary! {
    /// Scope of an operator token.
    OperatorScope {
        /// Verifying API keys.
        KeysVerify = "keys:verify",
        /// Seeing API keys, without secrets.
        KeysRead = "keys:read",
        /// Creating, importing, changing, expiring and rolling API keys.
        KeysWrite = "keys:write",
        /// Being shown API keys and signing secrets again.
        SecretsReveal = "secrets:reveal",
        /// Reporting requests for the API log.
        RequestLogsWrite = "request_logs:write",
        /// Posting and erasing events.
        EventsWrite = "events:write",
        /// Seeing events.
        EventsRead = "events:read",
        /// Seeing accounts.
        AccountsRead = "accounts:read",
        /// Opening, changing and closing accounts.
        AccountsWrite = "accounts:write",
        /// Opening, listing and ending portal sessions.
        PortalSessionsWrite = "portal_sessions:write",
        /// Seeing webhooks, without secrets.
        WebhooksRead = "webhooks:read",
        /// Creating, changing and deleting webhooks, and sending events again.
        WebhooksWrite = "webhooks:write",
        /// Seeing logs, the history and statistics.
        LogsRead = "logs:read",
        /// Registering event types and scopes of keys.
        EventTypesWrite = "event_types:write",
        /// Listing, making and ending operator tokens.
        OperatorTokensWrite = "operator_tokens:write",
    }
}

/// Scopes that somebody has at the operator's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorScopes {
    /// Every scope, those of later releases included.
    All,
    /// These.
    Some(BTreeSet<OperatorScope>),
}

impl OperatorScopes {
    /// Returns whether `scope` is among them.
    #[must_use]
    pub fn have(&self, scope: OperatorScope) -> bool {
        match self {
            Self::All => true,
            Self::Some(scopes) => scopes.contains(&scope),
        }
    }

    /// Returns each of those that there are today.
    #[must_use]
    pub fn list(&self) -> Vec<OperatorScope> {
        match self {
            Self::All => OperatorScope::ALL.to_vec(),
            Self::Some(scopes) => scopes.iter().copied().collect(),
        }
    }

    /// Returns whether all of `scopes` are among them.
    #[must_use]
    pub fn have_all(&self, scopes: &BTreeSet<OperatorScope>) -> bool {
        scopes.iter().all(|scope| self.have(*scope))
    }
}
