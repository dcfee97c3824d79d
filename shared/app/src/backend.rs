//! Backend as the use cases see it: every port, and the operator's settings.

use std::sync::Arc;

use domain::{
    Timestamp,
    id::{AuditId, RequestId},
};
use ports::{Clock, Ids, Limiter, Queue, Store, Vault, Vetting};

use crate::{OperatorToken, Settings, Tally, traces::Traces};

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
    /// Distributed traces, where spans are exported.
    pub traces: Option<Arc<dyn Traces>>,
    /// Settings chosen by the operator.
    pub settings: Arc<Settings>,
    /// Tally of what is refused.
    pub tally: Arc<Tally>,
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
