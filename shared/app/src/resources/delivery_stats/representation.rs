//! Statistics of attempts as the API shows them.

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{count::Tally, waiting::Waiting};

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
