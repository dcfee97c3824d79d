//! Health of deliveries as the API shows it.

use domain::{
    Environment, Redacted, Timestamp,
    delivery::WebhookHealth,
    id::{AccountId, WebhookId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{delivery::recent::Recent, http::openapi::vocabulary};

/// Health of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryHealth)]
pub(super) struct Resource {
    #[schema(example = "delivery_health")]
    pub(super) object: &'static str,
    /// Enabled webhooks whose every delivery fails, longest first; 25 at most.
    pub(super) failing: Vec<Failing>,
    /// Webhooks with the most failed first attempts in this hour and the 23 before it, of those with
    /// one among about the newest 250 over all accounts; 25 at most. The first attempt of an event's
    /// delivery counts, not a retry, resend, recovery or ping. Counted every five seconds if there are
    /// more than 50.
    pub(super) most_failing: Vec<MostFailing>,
    /// Webhooks of about the newest 250 first attempts, over all accounts, that took a second or more, by
    /// the slowest of these; 25 at most. One that was slower before these is not among them. Ranked every
    /// five seconds if there are more than 50.
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
    /// `enabled` or `disabled`; `null` once the webhook is deleted.
    #[schema(value_type = Option<vocabulary::WebhookStatus>)]
    pub(super) status: Option<&'static str>,
}

/// A webhook whose every delivery fails.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Failing {
    #[serde(flatten)]
    pub(super) webhook: Which,
    #[serde(flatten)]
    pub(super) trouble: Trouble,
}

/// Trouble of a webhook whose every delivery fails.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trouble {
    /// Time since when every delivery has failed.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    failing_since: Timestamp,
    /// Time from which the next failure disables the webhook: 60 days later.
    #[schema(value_type = Option<String>, format = DateTime, example = "2026-04-01T09:30:00.000Z")]
    disables_at: Option<Timestamp>,
    /// Number of attempts in this hour and the 23 before it.
    recent_attempts: u64,
    /// Number of those that failed.
    recent_failures: u64,
    /// Most frequent cause of the failures in the newest hour that had one.
    cause: Option<Cause>,
}

/// Cause of failures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailureCause)]
struct Cause {
    /// Status that the receiver answers with; `null` if there is no answer.
    #[schema(example = 401)]
    response_status: Option<u16>,
    /// Stable code, as in a row of the log.
    #[schema(example = "bad_status")]
    error_code: String,
}

impl Trouble {
    /// Makes the representation for a webhook that has failed since then.
    pub(crate) fn new(failing_since: Timestamp, recent: Recent) -> Self {
        let health = WebhookHealth { failing_since: Some(failing_since) };
        Self {
            failing_since,
            disables_at: health.disables_at(),
            recent_attempts: recent.attempts,
            recent_failures: recent.failed,
            cause: recent.cause.map(|cause| Cause {
                response_status: cause.status(),
                error_code: cause.code().to_string(),
            }),
        }
    }
}

/// A webhook with many failed deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MostFailing {
    #[serde(flatten)]
    pub(super) webhook: Which,
    /// Number of its failed first attempts in this hour and the 23 before it.
    pub(super) failed_first_attempts: u64,
    /// Time of the newest.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    pub(super) last_at: Timestamp,
}

/// A slow webhook.
#[expect(clippy::struct_field_names, reason = "`slow_attempts` says more than `attempts` would")]
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Slow {
    #[serde(flatten)]
    pub(super) webhook: Which,
    /// Number of its attempts in this hour and the 23 before it that took a second or more.
    pub(super) slow_attempts: u64,
    /// Duration of the slowest of its attempts among the newest.
    pub(super) slowest_ms: u64,
    /// Time of the newest of them.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    pub(super) last_at: Timestamp,
}
