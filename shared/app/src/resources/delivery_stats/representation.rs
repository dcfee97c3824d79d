//! Statistics of attempts as the API shows them.

use domain::{Redacted, Timestamp, id::WebhookId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{attempts, covered::FailingWebhook, waiting};
use crate::{delivery::counts::Tally, resources::delivery_health::Trouble};

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
    /// Webhooks that are enabled and fail every delivery, of the newest 25.
    pub(super) failing: Vec<Failing>,
}

/// A webhook whose every delivery fails.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailingOwn)]
pub(super) struct Failing {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    webhook_id: WebhookId,
    #[serde(flatten)]
    trouble: Trouble,
}

/// A webhook whose every delivery fails, with its URL: for the dashboard alone.
#[derive(Serialize)]
pub(crate) struct Alarm {
    webhook_url: Redacted,
    #[serde(flatten)]
    failing: Failing,
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
    /// Number of attempts that began in it.
    attempts: u64,
    /// Number of those that were acknowledged.
    succeeded: u64,
    /// Number of those that failed and were to be tried again.
    retrying: u64,
    /// Number of those that failed for the last time.
    failed: u64,
}

/// Deliveries that are waiting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waiting {
    /// Number of them, among the newest 100 undelivered ones of each of 25 webhooks.
    count: u64,
    /// True if there were more than were examined.
    sampled: bool,
}

impl From<attempts::Bucket> for Bucket {
    fn from(attempts::Bucket { since, until, tally }: attempts::Bucket) -> Self {
        let Tally { succeeded, retrying, failed } = tally;
        Self { since, until, attempts: tally.attempts(), succeeded, retrying, failed }
    }
}

impl From<FailingWebhook> for Failing {
    fn from(FailingWebhook { id, since, recent, .. }: FailingWebhook) -> Self {
        Self { webhook_id: id, trouble: Trouble::new(since, recent) }
    }
}

impl From<FailingWebhook> for Alarm {
    fn from(failing: FailingWebhook) -> Self {
        Self { webhook_url: failing.url.clone(), failing: failing.into() }
    }
}

impl From<waiting::Waiting> for Waiting {
    fn from(waiting::Waiting { count, sampled }: waiting::Waiting) -> Self {
        Self { count, sampled }
    }
}
