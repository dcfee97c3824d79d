//! Capabilities of portal sessions: the parts of an account's settings that a person may see or change.

use crate::kinds::vocabulary;

vocabulary! {
    /// Capability of a portal session.
    Capability {
        /// Seeing API keys, without secrets.
        KeysRead = "keys:read",
        /// Creating, changing, expiring and rolling API keys.
        KeysWrite = "keys:write",
        /// Being shown an API key again.
        KeysReveal = "keys:reveal",
        /// Seeing webhooks, event types and the retry schedule.
        WebhooksRead = "webhooks:read",
        /// Creating, changing and deleting webhooks, their signing secrets, and sending events again.
        WebhooksWrite = "webhooks:write",
        /// Seeing logs, statistics, the history and events.
        LogsRead = "logs:read",
    }
}
