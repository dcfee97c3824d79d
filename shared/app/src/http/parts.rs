//! Parts of the API: groups of routes, each served by one function where every part has its own.
//!
//! Together the parts are the whole API; [`openapi`](super::openapi) describes them together.

use axum::{
    Router,
    handler::Handler as _,
    middleware,
    routing::{delete, get, options, post},
};

use super::{
    cors,
    gate::{self, Keys},
    routes::Routes,
};
use crate::{
    App,
    problem::{Code, Problem},
    resources::{
        accounts, api_keys, audit_events, delivery_health, delivery_stats, event_types, events,
        key_scopes, logs, operator_sessions, operator_tokens, page_frame, portal_sessions,
        retry_schedule, service, verify, webhooks,
    },
};

type Of = fn() -> Routes;

/// Group of routes.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Routes for authenticated callers, publishable keys included, and so for browsers of every
    /// origin. Only these routes accept publishable keys.
    public: &'static [Of],
    /// Routes for authenticated callers, publishable keys excluded.
    admitted: &'static [Of],
    /// Routes for everybody.
    open: &'static [Of],
}

/// Accounts and their portal sessions, and the operator's tokens.
pub const ACCOUNTS: Part = Part {
    public: &[accounts::public_routes],
    admitted: &[accounts::routes, portal_sessions::routes, operator_tokens::routes],
    open: &[portal_sessions::open_routes],
};
/// API keys, their verification and their scopes included.
pub const API_KEYS: Part = admitted(&[api_keys::routes, verify::routes, key_scopes::routes]);
/// Webhooks, and the retry schedule of their deliveries.
pub const WEBHOOKS: Part = Part {
    public: &[],
    admitted: &[webhooks::routes, webhooks::operational_routes, retry_schedule::routes],
    open: &[webhooks::open_routes],
};
/// Events and their types.
pub const EVENTS: Part = admitted(&[events::routes, event_types::routes]);
/// Logs, statistics made from them, and the audit log.
pub const LOGS: Part = admitted(&[
    logs::routes,
    delivery_stats::routes,
    delivery_health::routes,
    audit_events::routes,
]);
/// Description and health of the service.
pub const SERVICE: Part = Part { public: &[], admitted: &[], open: &[service::routes] };

/// Every part.
pub(crate) const ALL: &[Part] = &[ACCOUNTS, API_KEYS, WEBHOOKS, EVENTS, LOGS, SERVICE];

const fn admitted(routes: &'static [Of]) -> Part {
    Part { public: &[], admitted: routes, open: &[] }
}

impl Part {
    /// Returns the paths of its routes, such as `/v1/accounts/{id}`.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        routes(std::slice::from_ref(self)).paths()
    }

    fn public(&self) -> Routes {
        all(self.public)
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

impl App {
    /// Returns the router of the whole API.
    pub fn router(&self) -> axum::Router {
        router(self, ALL)
    }

    /// Returns the router of one part of the API.
    pub fn router_of(&self, part: Part) -> axum::Router {
        router(self, &[part])
    }

    /// Returns the router for calls that only the dashboard makes; merge it into the dashboard's
    /// own router and never serve it.
    pub fn page_router(&self) -> axum::Router {
        page_router(self)
    }
}

/// Returns the router for the routes of `parts`, behind the gate.
pub(crate) fn router(app: &App, parts: &[Part]) -> Router {
    let (public, admitted, open) = (
        together(parts, Part::public),
        together(parts, Part::admitted),
        together(parts, Part::open),
    );
    let gate = |keys| middleware::from_fn_with_state((app.clone(), keys), gate::admit);
    let missed = middleware::from_fn_with_state(app.clone(), gate::miss);
    let envelope = middleware::from_fn_with_state(app.clone(), gate::envelope);
    let not_found = async || Problem::from(Code::NotFound);
    let not_allowed = async || Problem::from(Code::MethodNotAllowed);
    let preflight = options(cors::preflight).fallback(not_allowed.layer(missed.clone()));
    let for_browsers = public
        .at_each(&preflight)
        .merge(public.router().layer(gate(Keys::All)))
        .layer(envelope.clone())
        .layer(middleware::from_fn(cors::readable));
    admitted
        .router()
        .layer(gate(Keys::Secret))
        .merge(open.router())
        .fallback(not_found.layer(missed.clone()))
        .method_not_allowed_fallback(not_allowed.layer(missed))
        .layer(envelope)
        .merge(for_browsers)
        .with_state(app.clone())
}

/// Returns the router for calls that only the dashboard makes, in its own process; it is served to
/// nobody else.
pub(crate) fn page_router(app: &App) -> Router {
    let own = Router::new()
        .route("/page/operator_sessions/{id}", get(operator_sessions::check))
        .route("/page/operator_sessions/{id}", delete(operator_sessions::end))
        .route("/page/accounts", get(accounts::overviews))
        .route("/page/found", get(accounts::found))
        .route("/page/frame", get(page_frame::frame))
        .route("/page/webhooks/{id}/overlap", get(webhooks::overlap))
        .route("/page/webhooks/{id}/overlap/finish", post(webhooks::finish))
        .route("/page/webhooks/{id}/overlap/undo", post(webhooks::undo))
        .route("/page/webhooks/{id}/sample", get(webhooks::sample))
        .route("/page/webhooks/{id}/undelivered", get(webhooks::undelivered))
        .route("/page/portal_session", delete(portal_sessions::sign_out))
        .layer(middleware::from_fn_with_state((app.clone(), Keys::Secret), gate::admit));
    Router::new()
        .route("/page/sign_in_code", post(portal_sessions::look))
        .route("/page/operator_sessions", post(operator_sessions::sign_in))
        .route("/page/operator_sign_ins", post(operator_sessions::ask_provider))
        .route("/page/operator_sign_ins/come_back", post(operator_sessions::come_back))
        .merge(own)
        .layer(middleware::from_fn_with_state(app.clone(), gate::envelope))
        .with_state(app.clone())
}

/// Returns every route of `parts`.
pub(super) fn routes(parts: &[Part]) -> Routes {
    [Part::public, Part::admitted, Part::open]
        .into_iter()
        .fold(Routes::new(), |all, of| all.merge(together(parts, of)))
}

/// Returns the routes of every part that are `of` one kind.
fn together(parts: &[Part], of: fn(&Part) -> Routes) -> Routes {
    parts.iter().fold(Routes::new(), |all, part| all.merge(of(part)))
}
