//! A backend, as the use cases see it: every port, and the operator's settings.

use std::sync::Arc;

use domain::{
    Timestamp,
    id::{AuditId, RequestId},
};
use ports::{Clock, Ids, Limiter, Queue, Store, Vault, Vetting};

use crate::{OperatorToken, Settings};

/// Every port of a backend.
#[derive(Clone)]
pub struct Backend {
    /// Events, documents, counters.
    pub store: Arc<dyn Store>,
    /// Delivery messages.
    pub queue: Arc<dyn Queue>,
    /// Secrets.
    pub vault: Arc<dyn Vault>,
    /// The look at endpoints that are registered.
    pub vetting: Arc<dyn Vetting>,
    /// Rate limits.
    pub limiter: Arc<dyn Limiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
    /// What tells the operator.
    pub operator: Arc<dyn OperatorToken>,
    /// The operator's choices.
    pub settings: Arc<Settings>,
}

impl Backend {
    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new identifier of the instant `at`.
    #[must_use]
    pub fn new_id<Id: From<domain::id::Ulid>>(&self, at: Timestamp) -> Id {
        self.ids.ulid(at).into()
    }

    /// A new identifier for a request.
    #[must_use]
    pub fn new_request_id(&self) -> RequestId {
        self.new_id(self.now())
    }

    /// A new identifier for an event of the settings history.
    #[must_use]
    pub fn new_audit_id(&self, at: Timestamp) -> AuditId {
        self.new_id(at)
    }

    /// `N` random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ids.fill(&mut bytes);
        bytes
    }
}
