//! Statistics of attempts as the API shows them.

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{count, waiting};

/// Attempts over time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryStats)]
pub(super) struct Resource {
    #[schema(example = "delivery_stats")]
    pub(super) object: &'static str,
    /// Buckets, oldest first.
    pub(super) buckets: Vec<Bucket>,
    /// Deliveries that are waiting for their next attempt now.
    pub(super) waiting: Waiting,
}

/// A part of the period.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Bucket {
    /// Start of the bucket.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:00:00.000Z")]
    pub(super) since: Timestamp,
    /// End of the bucket, which is the start of the next one.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T10:00:00.000Z")]
    pub(super) until: Timestamp,
    #[serde(flatten)]
    pub(super) tally: Tally,
}

/// Tally of attempts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tally {
    /// Number of attempts; estimated if `sampled`.
    attempts: u64,
    /// Number of those counted that were acknowledged.
    succeeded: u64,
    /// Number of those counted that failed and are tried again.
    retrying: u64,
    /// Number of those counted that failed for the last time.
    failed: u64,
    /// True if there were more than were counted: the newest 50 were.
    sampled: bool,
}

/// Deliveries that are waiting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waiting {
    /// Number of them, among the newest 100 undelivered ones of each of 25 webhooks.
    count: u64,
    /// True if there were more than were examined.
    sampled: bool,
}

impl From<count::Tally> for Tally {
    fn from(tally: count::Tally) -> Self {
        let count::Tally { attempts, succeeded, retrying, failed, sampled } = tally;
        Self { attempts, succeeded, retrying, failed, sampled }
    }
}

impl From<waiting::Waiting> for Waiting {
    fn from(waiting::Waiting { count, sampled }: waiting::Waiting) -> Self {
        Self { count, sampled }
    }
}
