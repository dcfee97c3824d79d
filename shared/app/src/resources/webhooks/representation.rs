//! Webhooks as the API shows them.

use std::collections::BTreeMap;

use domain::{
    Environment, Jurisdiction, Jurisdictions, Redacted, Revealed, Secret, Timestamp,
    delivery::Status,
    id::{AccountId, WebhookId},
    limits::OwnRate,
    signing::Signing,
    webhook::{DisabledReason, Filter, Subscription, Webhook},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    endpoint, headers,
    secrets::Rotated,
    statement::{Counted, Window},
};
use crate::{
    documents::RecoveryProgress,
    http::{openapi::vocabulary, rate::RateLimit},
};

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
    /// Absent of an operational webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<vocabulary::Environment>, nullable = false)]
    environment: Option<Environment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = vocabulary::Jurisdiction)]
    jurisdiction: Option<Jurisdiction>,
    /// URL with its credentials masked.
    #[schema(value_type = String, example = "https://example.com/hooks")]
    webhook_url: Redacted,
    /// True if the payload contains the whole related object.
    include_object: bool,
    #[schema(value_type = Vec<String>, example = json!(["report.*"]))]
    event_types: Vec<Subscription>,
    description: Option<String>,
    /// Event pattern of the events that are delivered; `null` for all that it subscribes to.
    #[schema(value_type = Option<Object>, example = json!({"data": {"object": {"status": ["clear"]}}}))]
    filter: Option<Filter>,
    /// Headers of its own, their values masked.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"X-Tenant": "****"}))]
    headers: BTreeMap<String, &'static str>,
    /// Kind of its signatures.
    #[schema(value_type = vocabulary::Signing)]
    signing: Signing,
    /// Rate of attempts; `null` for any.
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<OwnRate>,
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
    /// Recovery that went on after its answer, where there was one; of a webhook that is shown alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    recovery: Option<Recovery>,
    /// Signing secret, or the public key of `ed25519`; of a new webhook only. The answer to a repeat is without it once it was destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    signing_secret: Option<Revealed>,
}

impl Resource {
    /// Makes the representation of a new webhook, with its signing secret.
    pub(super) fn with_secret(webhook: Webhook, secret: Secret, among: &Jurisdictions) -> Self {
        Self { signing_secret: Some(Revealed(secret)), ..Self::of(webhook, among) }
    }

    /// Makes the representation of a webhook with the progress of its recovery.
    pub(super) fn recovering(
        webhook: Webhook,
        recovery: Option<RecoveryProgress>,
        among: &Jurisdictions,
    ) -> Self {
        Self { recovery: recovery.map(Recovery::from), ..Self::of(webhook, among) }
    }

    /// Makes the representation of a webhook, with its jurisdiction `among` several.
    pub(crate) fn of(webhook: Webhook, among: &Jurisdictions) -> Self {
        let is_operational = webhook.account == AccountId::OPERATOR;
        let folder = if is_operational { "operator_webhooks" } else { "webhooks" };
        let jurisdiction = among.shown(webhook.jurisdiction);
        Self {
            id: webhook.id,
            object: "webhook",
            uri: format!("/v1/{folder}/{}", webhook.id),
            account_id: webhook.account,
            application_id: None,
            environment: Some(webhook.environment).filter(|_| !is_operational),
            jurisdiction: jurisdiction.filter(|_| !is_operational),
            status: if webhook.is_enabled() { "enabled" } else { "disabled" },
            webhook_url: endpoint::shown(&webhook),
            headers: headers::shown(&webhook),
            signing: webhook.signing(),
            rate_limit: webhook.rate_limit,
            include_object: webhook.include_object,
            event_types: webhook.event_types,
            description: webhook.description,
            filter: webhook.filter,
            disabled_reason: webhook.disabled,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            deleted_at: webhook.deleted_at,
            recovery: None,
            signing_secret: None,
        }
    }
}

/// Progress of a recovery that goes on after its answer.
#[derive(Debug, Serialize, ToSchema)]
struct Recovery {
    /// Time at which it was asked for.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// Statuses of the deliveries that it takes up.
    #[schema(value_type = Vec<vocabulary::DeliveryStatus>)]
    include: Vec<Status>,
    /// Number of deliveries queued again so far.
    #[schema(example = 12_000)]
    count: u64,
    /// Creation of the event that was looked at last; events are gone through from the oldest.
    #[schema(value_type = Option<String>, format = DateTime)]
    reached_at: Option<Timestamp>,
    /// Time at which it ended; `null` while it goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<RecoveryProgress> for Recovery {
    fn from(progress: RecoveryProgress) -> Self {
        let RecoveryProgress { asked_at, include, count, reached_at, ended_at, .. } = progress;
        Self { asked_at, include, count, reached_at, ended_at }
    }
}

/// A webhook's signing secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookSecret {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: WebhookId,
    #[schema(example = "webhook_secret")]
    object: &'static str,
    /// Signing secret, or the public key of `ed25519`; the answer to a repeat is without it once it was destroyed.
    #[schema(value_type = String, required = false, example = "whsec_…")]
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

/// Statement of what was meant for a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookStatement)]
pub(crate) struct Statement {
    #[schema(example = "webhook_statement")]
    object: &'static str,
    #[schema(value_type = String)]
    webhook_id: WebhookId,
    /// Start of the window, itself included.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// End of the window, itself excluded.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Number of events that were accepted in the window and meant for the webhook.
    events: u64,
    /// Number of those that its receiver acknowledged.
    delivered: u64,
    /// Number of those whose first attempt has not been made, or not been recorded.
    pending: u64,
    /// Number of those that failed and are tried again.
    retrying: u64,
    /// Number of those that failed for as long as the schedule goes, and were given up.
    exhausted: u64,
    /// Number of those that were cancelled: the webhook was disabled or deleted, or the event erased.
    cancelled: u64,
    /// `sha256:` and the SHA-256, in hexadecimal digits, of the events' identifiers in ascending order, each
    /// followed by a newline.
    #[schema(example = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    digest: String,
}

impl Statement {
    /// Makes the representation of what was `counted` in `window`.
    pub(super) fn new(webhook_id: WebhookId, window: Window, counted: &Counted) -> Self {
        Self {
            object: "webhook_statement",
            webhook_id,
            since: window.since,
            until: window.until,
            events: counted.events(),
            delivered: counted.number(Status::Delivered),
            pending: counted.number(Status::Pending),
            retrying: counted.number(Status::Retrying),
            exhausted: counted.number(Status::Exhausted),
            cancelled: counted.number(Status::Cancelled),
            digest: counted.digest(),
        }
    }
}
