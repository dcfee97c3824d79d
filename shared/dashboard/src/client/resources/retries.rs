//! Retries of what was not delivered, as the API answers with them.

use domain::Timestamp;
use serde::Deserialize;

/// Deliveries that a recovery queued.
#[derive(Debug, Deserialize)]
pub(crate) struct Recovered {
    pub(crate) count: u64,
}

/// Progress of a recovery that went on after its answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Recovery {
    pub(crate) asked_at: Timestamp,
    /// Number of deliveries queued so far.
    pub(crate) count: u64,
    pub(crate) ended_at: Option<Timestamp>,
}

/// Number of a webhook's undelivered deliveries by status, as far as they were examined.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Undelivered {
    /// Queued again by a recovery, and not attempted since.
    pub(crate) pending: u64,
    pub(crate) retrying: u64,
    pub(crate) exhausted: u64,
    pub(crate) cancelled: u64,
    /// True if there are more than were examined.
    pub(crate) are_more: bool,
}
