//! Sessions as the API answers with them.

use domain::{Capability, OperatorScope, Secret, Timestamp};
use serde::Deserialize;

use super::{Account, FailingOwn};
use crate::PageParts;

/// Answer to opening a portal session.
#[derive(Deserialize)]
pub(crate) struct OpenedSession {
    pub(crate) url: Secret,
}

/// Account that a sign-in code signs in to.
#[derive(Deserialize)]
pub(crate) struct Invitation {
    pub(crate) account_name: String,
}

/// Answer to redeeming a sign-in code.
#[derive(Deserialize)]
pub(crate) struct BegunSession {
    pub(crate) token: Secret,
    pub(crate) expires_at: Timestamp,
}

/// Answer to the operator's sign-in.
#[derive(Deserialize)]
pub(crate) struct BegunOperatorSession {
    pub(crate) id: String,
    pub(crate) expires_at: Timestamp,
    /// Credential of a person's session; none if it was begun with an operator token.
    pub(crate) token: Option<Secret>,
    #[serde(flatten)]
    pub(crate) may: OperatorMay,
}

/// Answer to beginning a sign-in at the identity provider.
#[derive(Deserialize)]
pub(crate) struct AskedProvider {
    pub(crate) authorization_url: String,
    pub(crate) state: Secret,
    pub(crate) nonce: Secret,
    pub(crate) verifier: Secret,
}

/// Scopes of the operator in a session, and their name or that of their token.
#[derive(Debug, Deserialize)]
pub(crate) struct OperatorMay {
    /// Name of the person or the operator token; none of the root token.
    #[serde(default)]
    pub(crate) name: Option<String>,
    scopes: Vec<OperatorScope>,
}

impl OperatorMay {
    /// Returns whether the operator has `scope`.
    pub(crate) fn have(&self, scope: OperatorScope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Scopes that the operator can give to a token.
    pub(crate) fn scopes(&self) -> &[OperatorScope] {
        &self.scopes
    }

    /// Returns whether the operator may see accounts.
    pub(crate) fn reads_accounts(&self) -> bool {
        self.have(OperatorScope::AccountsRead)
    }

    /// Returns whether the operator may open, change and close accounts.
    pub(crate) fn writes_accounts(&self) -> bool {
        self.have(OperatorScope::AccountsWrite)
    }

    /// Returns whether the operator may open and end portal sessions.
    pub(crate) fn opens_sessions(&self) -> bool {
        self.have(OperatorScope::PortalSessionsWrite)
    }

    /// Returns whether the operator may post and erase events.
    pub(crate) fn writes_events(&self) -> bool {
        self.have(OperatorScope::EventsWrite)
    }

    /// Returns whether the operator may see webhooks.
    pub(crate) fn reads_webhooks(&self) -> bool {
        self.have(OperatorScope::WebhooksRead)
    }

    /// Returns whether the operator may change webhooks, and rotate their secrets.
    pub(crate) fn writes_webhooks(&self) -> bool {
        self.have(OperatorScope::WebhooksWrite)
    }

    /// Returns whether the operator may be shown secrets again.
    pub(crate) fn reveals_secrets(&self) -> bool {
        self.have(OperatorScope::SecretsReveal)
    }

    /// Returns whether the operator may register event types; only such have a page of them.
    pub(crate) fn writes_event_types(&self) -> bool {
        self.have(OperatorScope::EventTypesWrite)
    }

    /// Returns whether the operator may see logs and statistics.
    pub(crate) fn reads_logs(&self) -> bool {
        self.have(OperatorScope::LogsRead)
    }

    /// Returns whether the operator may make and end operator tokens, and operational webhooks.
    pub(crate) fn writes_tokens(&self) -> bool {
        self.have(OperatorScope::OperatorTokensWrite)
    }

    /// Page that the session begins with; none if it may see nothing.
    pub(crate) fn home(&self) -> Option<&'static str> {
        let pages = [
            (self.reads_accounts(), "/operator/accounts"),
            (self.writes_event_types(), "/operator/event-types"),
            (self.reads_logs(), "/operator/health"),
            (self.writes_tokens(), "/operator/tokens"),
        ];
        pages.into_iter().find_map(|(may, page)| may.then_some(page))
    }
}

/// Operator token, as it is listed; with the token itself if it is new.
#[derive(Debug, Deserialize)]
pub(crate) struct OperatorToken {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<OperatorScope>,
    status: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) token: Option<Secret>,
}

impl OperatorToken {
    /// Returns whether the token works.
    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// Returns whether somebody has ended the token.
    pub(crate) fn is_ended(&self) -> bool {
        self.status == "ended"
    }
}

/// Portal session, as it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct PortalSession {
    pub(crate) id: String,
    pub(crate) actor: Option<Person>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
}

/// Frame of every page of an account.
#[derive(Debug, Deserialize)]
pub(crate) struct PageFrame {
    pub(crate) account: Account,
    /// Terms of the session; none of one from before there were documents of sessions.
    pub(crate) terms: Option<Terms>,
    /// Webhooks that fail, if they were asked for.
    pub(crate) failing: Vec<FailingOwn>,
}

/// Terms of the caller's own session.
#[derive(Debug, Deserialize)]
pub(crate) struct Terms {
    pub(crate) actor: Option<Person>,
    capabilities: Vec<Capability>,
    pub(crate) return_url: Option<String>,
    /// Parts of the pages that the operator shows.
    #[serde(skip)]
    pub(crate) parts: PageParts,
}

/// Person of a customer's.
#[derive(Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

impl Default for Terms {
    fn default() -> Self {
        let parts = PageParts::default();
        Self { actor: None, capabilities: Capability::ALL.to_vec(), return_url: None, parts }
    }
}

impl Terms {
    fn allow(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Returns whether the session may see API keys.
    pub(crate) fn reads_keys(&self) -> bool {
        self.parts.keys && self.allow(Capability::KeysRead)
    }

    /// Returns whether the session may create, expire and roll API keys.
    pub(crate) fn writes_keys(&self) -> bool {
        self.allow(Capability::KeysWrite)
    }

    /// Returns whether the session may be shown API keys.
    pub(crate) fn reveals_keys(&self) -> bool {
        self.allow(Capability::KeysReveal)
    }

    /// Returns whether the session may see webhooks.
    pub(crate) fn reads_webhooks(&self) -> bool {
        self.parts.webhooks && self.allow(Capability::WebhooksRead)
    }

    /// Returns whether the session may change webhooks, and send events again.
    pub(crate) fn writes_webhooks(&self) -> bool {
        self.allow(Capability::WebhooksWrite)
    }

    /// Returns whether the session may see logs and events.
    pub(crate) fn reads_logs(&self) -> bool {
        self.parts.logs && self.allow(Capability::LogsRead)
    }

    /// Returns whether the session may see the history.
    pub(crate) fn reads_history(&self) -> bool {
        self.parts.history && self.allow(Capability::LogsRead)
    }

    /// Number of pages to choose from.
    pub(crate) fn pages(&self) -> usize {
        let pages =
            [self.reads_keys(), self.reads_webhooks(), self.reads_logs(), self.reads_history()];
        pages.into_iter().filter(|shown| *shown).count()
    }

    /// Page that the session begins with; none if it may see nothing.
    pub(crate) fn home(&self) -> Option<&'static str> {
        let pages = [
            (self.reads_keys(), "/dashboard/keys"),
            (self.reads_webhooks(), "/dashboard/webhooks"),
            (self.reads_logs(), "/dashboard/logs"),
            (self.reads_history(), "/dashboard/history"),
        ];
        pages.into_iter().find_map(|(may, page)| may.then_some(page))
    }
}

impl Person {
    /// Name to show: the person's own, or what else is known.
    pub(crate) fn title(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(&self.id)
    }
}
