//! Stored form of a recovery's progress.

use domain::{Timestamp, delivery::Status};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Progress of a webhook's recovery that went on after its answer: of the one that was busy last.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RecoveryProgress {
    format: Number<Self>,
    pub(crate) asked_at: Timestamp,
    pub(crate) include: Vec<Status>,
    pub(crate) count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reached_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<Timestamp>,
}

impl RecoveryProgress {
    /// Makes the document of a recovery that was asked for then, and has queued nothing.
    pub(crate) fn asked_at(asked_at: Timestamp, include: Vec<Status>) -> Self {
        let (reached_at, ended_at) = (None, None);
        Self { format: Number::default(), asked_at, include, count: 0, reached_at, ended_at }
    }
}

impl Form for RecoveryProgress {
    const NAME: &'static str = "webhook_recovery";
    const NUMBER: u16 = 1;
}

impl Stored for RecoveryProgress {
    type Form = Self;
}
