//! Health of deliveries as the API shows it.

use domain::{
    Environment, Redacted, Timestamp,
    id::{AccountId, WebhookId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::openapi::vocabulary;

/// Health of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryHealth)]
pub(super) struct Resource {
    #[schema(example = "delivery_health")]
    pub(super) object: &'static str,
    /// Webhooks whose every delivery fails, longest first; 25 at most.
    pub(super) failing: Vec<Failing>,
    /// Webhooks with the most failures among about the newest 250 first attempts that failed; 25 at
    /// most. The first attempt of an event's delivery counts, not a retry, resend, recovery or
    /// ping. If there are more than 50, they are counted every five seconds.
    pub(super) most_failing: Vec<MostFailing>,
    /// Webhooks with the slowest of about the newest 250 attempts that took a second or more; 25 at
    /// most. If there are more than 50, they are ranked every five seconds.
    pub(super) slowest: Vec<Slow>,
}

/// Webhook in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Which {
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    pub(super) account_id: AccountId,
    /// Display name of the account.
    pub(super) account_name: Option<String>,
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    pub(super) webhook_id: WebhookId,
    /// URL with its credentials masked; `null` once the webhook is deleted.
    #[schema(value_type = Option<String>)]
    pub(super) webhook_url: Option<Redacted>,
    #[schema(value_type = Option<vocabulary::Environment>)]
    pub(super) environment: Option<Environment>,
}

/// A webhook whose every delivery fails.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Failing {
    #[serde(flatten)]
    pub(super) webhook: Which,
    /// Time since when every delivery has failed; after 60 days the webhook is disabled.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    pub(super) failing_since: Timestamp,
}

/// A webhook with many failed deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MostFailing {
    #[serde(flatten)]
    pub(super) webhook: Which,
    /// Number of the failed first attempts examined that went to this webhook.
    pub(super) failed_first_attempts: u64,
    /// Time of the newest of them.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    pub(super) last_at: Timestamp,
}

/// A slow webhook.
#[expect(clippy::struct_field_names, reason = "`slow_attempts` says more than `attempts` would")]
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Slow {
    #[serde(flatten)]
    pub(super) webhook: Which,
    /// Number of the slow attempts examined that went to this webhook.
    pub(super) slow_attempts: u64,
    /// Duration of the slowest of them.
    pub(super) slowest_ms: u64,
    /// Time of the newest of them.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    pub(super) last_at: Timestamp,
}
