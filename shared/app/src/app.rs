//! Product in a backend, with what it keeps in memory.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use domain::id::{KeyId, OperatorTokenId};
use serde_json::value::RawValue;

use crate::{
    auth, backend::Backend, counted::Counted, delivery, long_work::LongWork, readings, resources,
    work,
};

/// Function that renders the metrics.
pub(crate) type Metrics = Box<dyn Fn() -> String + Send + Sync>;

/// App: the product in a backend, the state behind every route and every delivery. A single
/// pointer, because a request clones it a dozen times on its way through the layers.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Content of an [`App`].
pub struct Parts {
    /// Backend of the app.
    pub backend: Arc<Backend>,
    pub(crate) running: work::idempotency::Running,
    pub(crate) owners: auth::owners::Owners,
    pub(crate) used: resources::logs::LastUsed<KeyId>,
    pub(crate) operator_tokens_used: resources::logs::LastUsed<OperatorTokenId>,
    pub(crate) schemas: resources::event_types::Schemas,
    pub(crate) readings: readings::Readings,
    pub(crate) targets: delivery::Targets,
    pub(crate) unrecorded: delivery::Unrecorded,
    pub(crate) rankings: resources::delivery_health::Rankings,
    pub(crate) counted: Counted,
    pub(crate) long_work: LongWork,
    /// OpenAPI document, made when it is first asked for.
    pub(crate) document: OnceLock<Box<RawValue>>,
    pub(crate) metrics: Option<Metrics>,
    /// Random number of this process, by which it chooses among the partitions of a list that is
    /// spread.
    pub(crate) number: u8,
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

    fn with(backend: Backend, metrics: Option<Metrics>) -> Self {
        let [number] = if backend.store.spread() > 1 { backend.random() } else { [0] };
        Self(Arc::new(Parts {
            number,
            backend: Arc::new(backend),
            running: work::idempotency::Running::default(),
            owners: auth::owners::Owners::default(),
            used: resources::logs::LastUsed::default(),
            operator_tokens_used: resources::logs::LastUsed::default(),
            schemas: resources::event_types::Schemas::default(),
            readings: readings::Readings::default(),
            targets: delivery::Targets::default(),
            unrecorded: delivery::Unrecorded::default(),
            rankings: resources::delivery_health::Rankings::default(),
            counted: Counted::default(),
            long_work: LongWork::default(),
            document: OnceLock::new(),
            metrics,
        }))
    }
}
