//! What the product does: one use case a function, and the HTTP routers, one file a resource.
//!
//! The crate knows ports, not backends: it never opens a connection, a file or a thread, and takes
//! time and randomness from the [`Backend`]. Read it from [`resources`], where each verb of the API
//! is one function: it takes the caller's access, lets a decider of `domain` say what happens, and
//! commits that once. [`views`] says what is derived from events and where every document is;
//! [`work`] is the one way to commit; [`delivery`] takes an accepted event to its receivers.

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

/// The product in a backend: the state behind every route and every delivery. One pointer, because
/// a request clones it a dozen times on its way through the layers.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] points to.
pub struct Parts {
    /// The backend.
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
    /// The product in `backend`.
    #[must_use]
    pub fn new(backend: Backend) -> Self {
        Self::with(backend, None)
    }

    /// The same, with a route for `metrics` in the text format of Prometheus.
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

    /// Every route of the API.
    pub fn router(&self) -> axum::Router {
        http::parts::router(self, http::parts::ALL)
    }

    /// The routes of one part of the API.
    pub fn router_of(&self, part: http::parts::Part) -> axum::Router {
        http::parts::router(self, &[part])
    }

    /// What the dashboard asks beside the API; to be merged into the router that it asks, and to be
    /// served to nobody.
    pub fn page_router(&self) -> axum::Router {
        http::parts::page_router(self)
    }

    /// The OpenAPI document of the API.
    #[must_use]
    pub fn openapi(&self) -> serde_json::Value {
        http::openapi::document(self)
    }
}
