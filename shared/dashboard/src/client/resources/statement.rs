//! Statement of a webhook as the API answers with it.

use domain::Timestamp;
use serde::Deserialize;

/// Statement of what was meant for a webhook in a window of time, and of what became of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Statement {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) events: u64,
    pub(crate) delivered: u64,
    pub(crate) pending: u64,
    pub(crate) retrying: u64,
    pub(crate) exhausted: u64,
    pub(crate) cancelled: u64,
    pub(crate) digest: String,
}

impl Statement {
    /// Number of events with each status that any has.
    pub(crate) fn by_status(&self) -> Vec<(&'static str, u64)> {
        let all = [
            ("delivered", self.delivered),
            ("pending", self.pending),
            ("retrying", self.retrying),
            ("exhausted", self.exhausted),
            ("cancelled", self.cancelled),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// Number of events that the receiver has not acknowledged.
    pub(crate) const fn missing(&self) -> u64 {
        self.events.saturating_sub(self.delivered)
    }
}
