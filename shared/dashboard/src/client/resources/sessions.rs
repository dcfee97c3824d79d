//! Sessions as the API answers with them.

use domain::{Capability, Secret, Timestamp};
use serde::Deserialize;

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
}

/// Portal session, as it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct PortalSession {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
}

/// Terms of the caller's own session.
#[derive(Debug, Deserialize)]
pub(crate) struct Terms {
    pub(crate) actor: Option<Person>,
    capabilities: Vec<Capability>,
    pub(crate) return_url: Option<String>,
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
        Self { actor: None, capabilities: Capability::ALL.to_vec(), return_url: None }
    }
}

impl Terms {
    fn allow(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Returns whether the session may see API keys.
    pub(crate) fn reads_keys(&self) -> bool {
        self.allow(Capability::KeysRead)
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
        self.allow(Capability::WebhooksRead)
    }

    /// Returns whether the session may change webhooks, and send events again.
    pub(crate) fn writes_webhooks(&self) -> bool {
        self.allow(Capability::WebhooksWrite)
    }

    /// Returns whether the session may see logs, events and the history.
    pub(crate) fn reads_logs(&self) -> bool {
        self.allow(Capability::LogsRead)
    }

    /// Page that the session begins with; none if it may see nothing.
    pub(crate) fn home(&self) -> Option<&'static str> {
        let pages = [
            (self.reads_keys(), "/dashboard/keys"),
            (self.reads_webhooks(), "/dashboard/webhooks"),
            (self.reads_logs(), "/dashboard/logs"),
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
