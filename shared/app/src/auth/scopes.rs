//! Scope that each route asks an operator token for.
//!
//! The gate holds a token's scopes against this table for every route, before anything is read, and
//! [`Admission`](super::Admission) again for each try of a commit. A route that is not in the table is
//! for the root token alone; a test refuses such a route of the API.

use domain::OperatorScope;
use http::Method;

/// Scope that a route asks an operator token for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NeededScope {
    /// None: the route is for every token.
    Nothing,
    /// One of these.
    OneOf(&'static [OperatorScope]),
    /// The route is for the root token alone.
    Root,
}

impl NeededScope {
    /// Scope of the operator's own tokens and webhooks.
    pub(super) const OWN: Self = Self::OneOf(&[OperatorScope::OperatorTokensWrite]);

    /// Returns what a route, by its method and the pattern of its path, asks for.
    pub(crate) fn at(method: &Method, path: &str) -> Self {
        let reads = *method == Method::GET || *method == Method::HEAD;
        let scopes = if reads { reading(path) } else { writing(path) };
        scopes.map_or(Self::Root, |scopes| match scopes {
            [] => Self::Nothing,
            scopes => Self::OneOf(scopes),
        })
    }
}

/// Returns the scopes with any of which what is at `path` is read; none if it is not in the table.
fn reading(path: &str) -> Option<&'static [OperatorScope]> {
    use OperatorScope::{
        AccountsRead, EventTypesWrite, EventsRead, EventsWrite, KeysRead, KeysWrite, LogsRead,
        OperatorTokensWrite, PortalSessionsWrite, WebhooksRead, WebhooksWrite,
    };
    Some(match path {
        "/page/operator_sessions/{id}" => &[],
        "/v1/account" | "/v1/accounts" | "/v1/accounts/{id}" | "/page/accounts" | "/page/found" => {
            &[AccountsRead]
        }
        "/v1/api_keys" | "/v1/api_keys/{id}" => &[KeysRead],
        // Whoever gives them to something sees what there is to give.
        "/v1/key_scopes" => &[KeysRead, KeysWrite, EventTypesWrite],
        "/v1/event_types" => {
            &[EventsRead, EventsWrite, WebhooksRead, WebhooksWrite, EventTypesWrite]
        }
        "/v1/webhooks"
        | "/v1/webhooks/{id}"
        | "/v1/retry_schedule"
        | "/page/webhooks/{id}/overlap"
        | "/page/webhooks/{id}/undelivered" => &[WebhooksRead],
        "/v1/events" | "/v1/events/{id}" | "/page/webhooks/{id}/sample" => &[EventsRead],
        "/v1/logs"
        | "/v1/logs/{id}"
        | "/v1/audit_events"
        | "/v1/delivery_stats"
        | "/v1/delivery_health"
        | "/v1/webhooks/{id}/statement" => &[LogsRead],
        "/v1/portal_sessions" | "/v1/portal_sessions/{id}" => &[PortalSessionsWrite],
        "/v1/operator_tokens"
        | "/v1/operator_tokens/{id}"
        | "/v1/operator_webhooks"
        | "/v1/operator_webhooks/{id}" => &[OperatorTokensWrite],
        _ => return None,
    })
}

/// Returns the scope with which what is at `path` is changed; none if it is not in the table.
fn writing(path: &str) -> Option<&'static [OperatorScope]> {
    use OperatorScope::{
        AccountsWrite, EventTypesWrite, EventsWrite, KeysVerify, KeysWrite, OperatorTokensWrite,
        PortalSessionsWrite, RequestLogsWrite, SecretsReveal, WebhooksWrite,
    };
    Some(match path {
        "/page/operator_sessions/{id}" => &[],
        "/v1/accounts" | "/v1/accounts/{id}" => &[AccountsWrite],
        "/v1/api_keys/verify" => &[KeysVerify],
        "/v1/api_keys"
        | "/v1/api_keys/import"
        | "/v1/api_keys/{id}"
        | "/v1/api_keys/{id}/expire"
        | "/v1/api_keys/{id}/roll" => &[KeysWrite],
        "/v1/api_keys/{id}/reveal" | "/v1/webhooks/{id}/reveal_secret" => &[SecretsReveal],
        "/v1/request_logs" => &[RequestLogsWrite],
        "/v1/webhooks"
        | "/v1/webhooks/{id}"
        | "/v1/webhooks/{id}/rotate_secret"
        | "/v1/webhooks/{id}/ping"
        | "/v1/webhooks/{id}/recover"
        | "/v1/events/{id}/resend"
        | "/v1/events/{id}/advance"
        | "/page/webhooks/{id}/overlap/finish"
        | "/page/webhooks/{id}/overlap/undo" => &[WebhooksWrite],
        "/v1/events" | "/v1/events/batch" | "/v1/events/{id}" => &[EventsWrite],
        "/v1/event_types/{name}" | "/v1/key_scopes/{name}" => &[EventTypesWrite],
        "/v1/portal_sessions" | "/v1/portal_sessions/{id}" => &[PortalSessionsWrite],
        "/v1/operator_tokens"
        | "/v1/operator_tokens/{id}"
        | "/v1/operator_webhooks"
        | "/v1/operator_webhooks/{id}" => &[OperatorTokensWrite],
        _ => return None,
    })
}
