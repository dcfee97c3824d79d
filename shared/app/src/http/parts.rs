//! The API in parts: the routes that one function serves where each part is a function of its own.
//!
//! The parts together are the whole API; [`openapi`](super::openapi) puts them together.

use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    resources::{
        accounts, api_keys, audit_events, delivery_health, delivery_stats, event_types, events,
        logs, portal_sessions, retry_schedule, service, webhooks,
    },
};

type Routes = fn() -> OpenApiRouter<App>;

/// Routes that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// For callers who say who they are.
    admitted: &'static [Routes],
    /// For everybody.
    open: &'static [Routes],
}

/// Accounts and their portal sessions.
pub const ACCOUNTS: Part = Part {
    admitted: &[accounts::routes, portal_sessions::routes],
    open: &[portal_sessions::open_routes],
};
/// API keys, verification included.
pub const API_KEYS: Part = admitted(&[api_keys::routes]);
/// Webhooks, and when deliveries to them are tried again.
pub const WEBHOOKS: Part = admitted(&[webhooks::routes, retry_schedule::routes]);
/// Events and their types.
pub const EVENTS: Part = admitted(&[events::routes, event_types::routes]);
/// Logs and what they come to, and the history of settings.
pub const LOGS: Part = admitted(&[
    logs::routes,
    delivery_stats::routes,
    delivery_health::routes,
    audit_events::routes,
]);
/// What the service says of itself.
pub const SERVICE: Part = Part { admitted: &[], open: &[service::routes] };

/// Every part there is.
pub(super) const ALL: &[Part] = &[ACCOUNTS, API_KEYS, WEBHOOKS, EVENTS, LOGS, SERVICE];

const fn admitted(routes: &'static [Routes]) -> Part {
    Part { admitted: routes, open: &[] }
}

impl Part {
    /// The paths of its routes, such as `/v1/accounts/{id}`.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let routes = self.admitted().merge(self.open());
        routes.into_openapi().paths.paths.into_keys().collect()
    }

    pub(super) fn admitted(&self) -> OpenApiRouter<App> {
        together(self.admitted)
    }

    pub(super) fn open(&self) -> OpenApiRouter<App> {
        together(self.open)
    }
}

fn together(routes: &[Routes]) -> OpenApiRouter<App> {
    routes.iter().fold(OpenApiRouter::new(), |all, routes| all.merge(routes()))
}
