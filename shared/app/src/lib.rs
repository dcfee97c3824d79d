//! Use cases of the product, one function each, and the HTTP routers, one file for each resource.
//!
//! The crate knows ports, not backends: it never opens a connection, a file or a thread, and takes
//! time and randomness from the [`Backend`]. Start reading at [`resources`], where each verb of the
//! API is one function: it takes the caller's access, lets a decider of `domain` decide on events,
//! and commits them once. [`views`] defines what is derived from events and where every document
//! is; [`work`] is the only way to commit; [`delivery`] takes an accepted event to its receivers.

pub mod auth;
pub mod backend;
pub mod delivery;
pub mod http;
mod kept;
mod lateness;
pub mod moving;
pub mod problem;
mod readings;
pub mod rebuild;
pub mod resources;
pub mod settings;
pub mod views;
pub mod work;

use std::{ops::Deref, sync::Arc};

pub use backend::Backend;
pub use settings::{OperatorToken, OperatorTokenHash, Settings};

/// App: the product in a backend, the state behind every route and every delivery. A single
/// pointer, because a request clones it a dozen times on its way through the layers.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Content of an [`App`].
pub struct Parts {
    /// Backend of the app.
    pub backend: Arc<Backend>,
    running: work::idempotency::Running,
    owners: auth::Owners,
    used: resources::logs::LastUsed,
    schemas: resources::event_types::Schemas,
    readings: readings::Readings,
    targets: delivery::Targets,
    unrecorded: delivery::Unrecorded,
    past: resources::delivery_stats::Past,
    rankings: resources::delivery_health::Rankings,
    metrics: Option<resources::service::Metrics>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Makes the product in `backend`.
    #[must_use]
    pub fn new(backend: Backend) -> Self {
        Self::with(backend, None)
    }

    /// Makes the product in `backend`, with a route for `metrics` in the text format of Prometheus.
    pub fn measured(
        backend: Backend,
        metrics: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        Self::with(backend, Some(Box::new(metrics)))
    }

    fn with(backend: Backend, metrics: Option<resources::service::Metrics>) -> Self {
        Self(Arc::new(Parts {
            backend: Arc::new(backend),
            running: work::idempotency::Running::default(),
            owners: auth::Owners::default(),
            used: resources::logs::LastUsed::default(),
            schemas: resources::event_types::Schemas::default(),
            readings: readings::Readings::default(),
            targets: delivery::Targets::default(),
            unrecorded: delivery::Unrecorded::default(),
            past: resources::delivery_stats::Past::default(),
            rankings: resources::delivery_health::Rankings::default(),
            metrics,
        }))
    }

    /// Returns the router of the whole API.
    pub fn router(&self) -> axum::Router {
        http::parts::router(self, http::parts::ALL)
    }

    /// Returns the router of one part of the API.
    pub fn router_of(&self, part: http::parts::Part) -> axum::Router {
        http::parts::router(self, &[part])
    }

    /// Returns the router for calls that only the dashboard makes; merge it into the dashboard's
    /// own router and never serve it.
    pub fn page_router(&self) -> axum::Router {
        http::parts::page_router(self)
    }

    /// Returns the OpenAPI document of the API.
    #[must_use]
    pub fn openapi(&self) -> serde_json::Value {
        http::openapi::document(self)
    }
}
