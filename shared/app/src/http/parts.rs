//! The API in parts: the routes that one function serves where each part is a function of its own.
//!
//! The parts together are the whole API; [`openapi`](super::openapi) puts them together.

use axum::{Router, handler::Handler as _, middleware};

use super::{gate, routes::Routes};
use crate::{
    App,
    problem::{Code, Problem},
    resources::{
        accounts, api_keys, audit_events, delivery_health, delivery_stats, event_types, events,
        logs, portal_sessions, retry_schedule, service, webhooks,
    },
};

type Of = fn() -> Routes;

/// Routes that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// For callers who say who they are.
    admitted: &'static [Of],
    /// For everybody.
    open: &'static [Of],
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
pub(crate) const ALL: &[Part] = &[ACCOUNTS, API_KEYS, WEBHOOKS, EVENTS, LOGS, SERVICE];

const fn admitted(routes: &'static [Of]) -> Part {
    Part { admitted: routes, open: &[] }
}

impl Part {
    /// The paths of its routes, such as `/v1/accounts/{id}`.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.admitted().merge(self.open()).paths()
    }

    fn admitted(&self) -> Routes {
        all(self.admitted)
    }

    fn open(&self) -> Routes {
        all(self.open)
    }
}

fn all(routes: &[Of]) -> Routes {
    routes.iter().fold(Routes::new(), |all, routes| all.merge(routes()))
}

/// The routes of `parts`, behind the gate.
pub(crate) fn router(app: &App, parts: &[Part]) -> Router {
    let (admitted, open) = together(parts);
    let gate = middleware::from_fn_with_state(app.clone(), gate::admit);
    let routes = admitted.router().layer(gate).merge(open.router());
    let missed = middleware::from_fn_with_state(app.clone(), gate::miss);
    let not_found = async || Problem::from(Code::NotFound);
    let not_allowed = async || Problem::from(Code::MethodNotAllowed);
    routes
        .fallback(not_found.layer(missed.clone()))
        .method_not_allowed_fallback(not_allowed.layer(missed))
        .layer(middleware::from_fn_with_state(app.clone(), gate::envelope))
        .with_state(app.clone())
}

/// The routes for callers who say who they are, and those for everybody.
pub(super) fn together(parts: &[Part]) -> (Routes, Routes) {
    parts.iter().fold((Routes::new(), Routes::new()), |(admitted, open), part| {
        (admitted.merge(part.admitted()), open.merge(part.open()))
    })
}
