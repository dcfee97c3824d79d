//! Webhooks as the API shows them.

use domain::{
    Environment, Jurisdiction, Redacted, Revealed, Secret, Timestamp,
    id::{AccountId, WebhookId},
    webhook::{DisabledReason, Subscription, Webhook},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{endpoint, secrets::Rotated};
use crate::http::openapi::vocabulary;

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: WebhookId,
    #[schema(example = "webhook")]
    object: &'static str,
    #[schema(example = "/v1/webhooks/wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Always `null`; there for clients of the modelled service.
    application_id: Option<String>,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = vocabulary::Jurisdiction)]
    jurisdiction: Jurisdiction,
    /// URL with its credentials masked.
    #[schema(value_type = String, example = "https://example.com/hooks")]
    webhook_url: Redacted,
    /// True if the payload contains the whole related object.
    include_object: bool,
    #[schema(value_type = Vec<String>, example = json!(["report.*"]))]
    event_types: Vec<Subscription>,
    description: Option<String>,
    /// `enabled` or `disabled`.
    #[schema(value_type = vocabulary::WebhookStatus)]
    status: &'static str,
    /// Reason for being disabled: `manual`, `gone` (a receiver answered 410) or `failing` (every
    /// delivery failed for 60 days).
    #[schema(value_type = Option<vocabulary::DisabledReason>)]
    disabled_reason: Option<DisabledReason>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
    /// Signing secret; of a new webhook only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    signing_secret: Option<Revealed>,
}

impl Resource {
    /// Makes the representation of a new webhook, with its signing secret.
    pub(super) fn with_secret(webhook: Webhook, signing_secret: Secret) -> Self {
        Self { signing_secret: Some(Revealed(signing_secret)), ..Self::from(webhook) }
    }
}

impl From<Webhook> for Resource {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            object: "webhook",
            uri: format!("/v1/webhooks/{}", webhook.id),
            account_id: webhook.account,
            application_id: None,
            environment: webhook.environment,
            jurisdiction: webhook.jurisdiction,
            status: if webhook.is_enabled() { "enabled" } else { "disabled" },
            webhook_url: endpoint::shown(&webhook),
            include_object: webhook.include_object,
            event_types: webhook.event_types,
            description: webhook.description,
            disabled_reason: webhook.disabled,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            deleted_at: webhook.deleted_at,
            signing_secret: None,
        }
    }
}

/// A webhook's signing secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookSecret {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: WebhookId,
    #[schema(example = "webhook_secret")]
    object: &'static str,
    #[schema(value_type = String, example = "whsec_…")]
    signing_secret: Revealed,
    /// Time until which the old secret signs as well; after a rotation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    previous_expires_at: Option<Timestamp>,
}

impl WebhookSecret {
    /// Makes the answer with the signing secret of webhook `id`.
    pub(super) fn revealed(id: WebhookId, secret: Secret) -> Self {
        let (object, signing_secret) = ("webhook_secret", Revealed(secret));
        Self { id, object, signing_secret, previous_expires_at: None }
    }

    /// Makes the answer to a rotation.
    pub(super) fn rotated(id: WebhookId, rotated: Rotated) -> Self {
        let previous_expires_at = Some(rotated.previous_expires_at);
        Self { previous_expires_at, ..Self::revealed(id, rotated.secret) }
    }
}

/// Result of a recovery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recovered {
    /// Number of deliveries queued again.
    #[schema(example = 12)]
    count: u64,
    /// True if more are queued after this answer: there are too many for one request.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    continues: bool,
}

impl Recovered {
    /// Makes the answer to a recovery of `count` deliveries.
    pub(super) const fn new(count: u64, continues: bool) -> Self {
        Self { count, continues }
    }
}
