//! Backend as the use cases see it: every port, and the operator's settings.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Timestamp,
    id::{AuditId, RequestId},
};
use ports::{Clock, Commit, IdentityProvider, Ids, Limiter, Queue, Store, Vault, Vetting};

use crate::{OperatorToken, Settings, Tally, problem::Problem, traces::Traces};

/// Ports of a backend, and the settings.
#[derive(Clone)]
pub struct Backend {
    /// Events, documents, counters.
    pub store: Arc<dyn Store>,
    /// Delivery messages.
    pub queue: Arc<dyn Queue>,
    /// Secrets.
    pub vault: Arc<dyn Vault>,
    /// Network check of endpoints that are registered.
    pub vetting: Arc<dyn Vetting>,
    /// Rate limits.
    pub limiter: Arc<dyn Limiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
    /// Check of the operator's token.
    pub operator: Arc<dyn OperatorToken>,
    /// Provider at which the operator's people sign in, if there is one.
    pub identity: Option<Arc<dyn IdentityProvider>>,
    /// Telling of commits to the operator.
    pub telling: Arc<dyn Telling>,
    /// Distributed traces, where spans are exported.
    pub traces: Option<Arc<dyn Traces>>,
    /// Settings chosen by the operator.
    pub settings: Arc<Settings>,
    /// Tally of what is refused.
    pub tally: Arc<Tally>,
}

/// Telling of a commit to the operator. A trait, because what is told is shown by resources, which
/// commit themselves.
#[async_trait]
pub trait Telling: Send + Sync {
    /// Tells the operator, in `commit`, what happens in it at `now`.
    ///
    /// # Errors
    /// When the backend is unavailable.
    async fn tell_of(
        &self,
        backend: &Backend,
        commit: &mut Commit,
        now: Timestamp,
    ) -> Result<(), Problem>;
}

impl Backend {
    /// Returns the current wall-clock time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a new identifier for the instant `at`.
    #[must_use]
    pub fn new_id<Id: From<domain::id::Ulid>>(&self, at: Timestamp) -> Id {
        self.ids.ulid(at).into()
    }

    /// Makes a new identifier for a request.
    #[must_use]
    pub fn new_request_id(&self) -> RequestId {
        self.new_id(self.now())
    }

    /// Makes a new identifier for an entry of the audit log.
    #[must_use]
    pub fn new_audit_id(&self, at: Timestamp) -> AuditId {
        self.new_id(at)
    }

    /// Returns `N` random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ids.fill(&mut bytes);
        bytes
    }
}
