//! Capabilities of portal sessions, and the one that each route asks for.
//!
//! The gate holds a session's capabilities against this table for every route, before anything is
//! read, and [`Admission`](super::Admission) again for each try of a commit. A route that is not in
//! the table is for sessions that may do everything.

use std::collections::BTreeSet;

use domain::Capability;
use http::Method;
use serde::{Deserialize, Serialize};

/// Capabilities of a portal session; none: all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(Option<BTreeSet<Capability>>);

/// Capability that a route asks a portal session for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needed {
    /// None: the route is for every session.
    Nothing,
    /// Any of them.
    Any,
    /// This one.
    One(Capability),
    /// All of them.
    All,
}

impl Capabilities {
    /// Makes the capabilities that are `given`; all of them if that is none.
    pub(crate) fn of(given: Option<impl IntoIterator<Item = Capability>>) -> Self {
        Self(given.map(|given| given.into_iter().collect()))
    }

    /// Returns each of them.
    pub(crate) fn list(&self) -> Vec<Capability> {
        match &self.0 {
            None => Capability::ALL.to_vec(),
            Some(given) => given.iter().copied().collect(),
        }
    }

    /// Returns whether they are what is `needed`.
    pub(crate) fn allow(&self, needed: Needed) -> bool {
        let Some(given) = &self.0 else { return true };
        match needed {
            Needed::Nothing => true,
            Needed::Any => !given.is_empty(),
            Needed::One(capability) => given.contains(&capability),
            Needed::All => given.len() == Capability::ALL.len(),
        }
    }
}

impl Needed {
    /// Returns what a route, by its method and the pattern of its path, asks for.
    pub(crate) fn at(method: &Method, path: &str) -> Self {
        use Capability::{KeysRead, KeysReveal, KeysWrite, LogsRead, WebhooksRead, WebhooksWrite};
        let reads = *method == Method::GET || *method == Method::HEAD;
        let capability = match (path, reads) {
            // Whatever it may do, a session may end itself.
            ("/v1/account" | "/page/frame", true)
            | ("/page/portal_session", _)
            | ("/v1/portal_sessions/{id}", false) => return Self::Nothing,
            ("/v1/portal_sessions/{id}" | "/v1/key_scopes", true) => return Self::Any,
            ("/v1/api_keys" | "/v1/api_keys/{id}", true) => KeysRead,
            ("/v1/api_keys/{id}/reveal", false) => KeysReveal,
            (
                "/v1/api_keys"
                | "/v1/api_keys/{id}"
                | "/v1/api_keys/{id}/expire"
                | "/v1/api_keys/{id}/roll",
                false,
            ) => KeysWrite,
            (
                "/v1/webhooks"
                | "/v1/webhooks/{id}"
                | "/v1/event_types"
                | "/v1/webhooks/{id}/statement"
                | "/v1/retry_schedule"
                | "/page/webhooks/{id}/overlap"
                | "/page/webhooks/{id}/undelivered",
                true,
            ) => WebhooksRead,
            (
                "/v1/webhooks"
                | "/v1/webhooks/{id}"
                | "/v1/webhooks/{id}/reveal_secret"
                | "/v1/webhooks/{id}/rotate_secret"
                | "/v1/webhooks/{id}/ping"
                | "/v1/webhooks/{id}/recover"
                | "/page/webhooks/{id}/overlap/finish"
                | "/page/webhooks/{id}/overlap/undo"
                | "/v1/events/{id}/resend"
                | "/v1/events/{id}/advance",
                false,
            ) => WebhooksWrite,
            (
                "/v1/logs"
                | "/v1/logs/{id}"
                | "/v1/audit_events"
                | "/v1/delivery_stats"
                | "/v1/events"
                | "/v1/events/{id}"
                | "/page/webhooks/{id}/sample",
                true,
            ) => LogsRead,
            _ => return Self::All,
        };
        Self::One(capability)
    }
}
