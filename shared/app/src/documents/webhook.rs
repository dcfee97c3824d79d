//! Stored form of a webhook.

use domain::{
    Environment, Jurisdiction, Timestamp,
    id::{AccountId, WebhookId},
    webhook::{DisabledReason, Endpoint, PreviousSecret, Subscription, Webhook},
};
use serde::{Deserialize, Serialize};

use super::Form;

/// Webhook as it is stored.
#[derive(Serialize, Deserialize)]
pub struct StoredWebhook {
    id: WebhookId,
    account: AccountId,
    environment: Environment,
    jurisdiction: Jurisdiction,
    endpoint: StoredEndpoint,
    include_object: bool,
    event_types: Vec<Subscription>,
    description: Option<String>,
    disabled: Option<DisabledReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_disabled_at: Option<Timestamp>,
    generation: u32,
    secret: u32,
    previous_secrets: Vec<StoredPreviousSecret>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct StoredEndpoint {
    url: String,
    fingerprint: String,
    secret: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct StoredPreviousSecret {
    number: u32,
    expires_at: Timestamp,
}

impl Form for StoredWebhook {
    const NAME: &'static str = "webhook";
    const NUMBER: u16 = 1;
}

impl From<&Webhook> for StoredWebhook {
    fn from(webhook: &Webhook) -> Self {
        Self {
            id: webhook.id,
            account: webhook.account,
            environment: webhook.environment,
            jurisdiction: webhook.jurisdiction,
            endpoint: StoredEndpoint {
                url: webhook.endpoint.url.clone(),
                fingerprint: webhook.endpoint.fingerprint.clone(),
                secret: webhook.endpoint.secret,
            },
            include_object: webhook.include_object,
            event_types: webhook.event_types.clone(),
            description: webhook.description.clone(),
            disabled: webhook.disabled,
            last_disabled_at: webhook.last_disabled_at,
            generation: webhook.generation,
            secret: webhook.secret,
            previous_secrets: webhook.previous_secrets.iter().map(Into::into).collect(),
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            deleted_at: webhook.deleted_at,
        }
    }
}

impl From<StoredWebhook> for Webhook {
    fn from(stored: StoredWebhook) -> Self {
        let StoredEndpoint { url, fingerprint, secret } = stored.endpoint;
        Self {
            id: stored.id,
            account: stored.account,
            environment: stored.environment,
            jurisdiction: stored.jurisdiction,
            endpoint: Endpoint { url, fingerprint, secret },
            include_object: stored.include_object,
            event_types: stored.event_types,
            description: stored.description,
            disabled: stored.disabled,
            last_disabled_at: stored.last_disabled_at,
            generation: stored.generation,
            secret: stored.secret,
            previous_secrets: stored.previous_secrets.into_iter().map(Into::into).collect(),
            created_at: stored.created_at,
            updated_at: stored.updated_at,
            deleted_at: stored.deleted_at,
        }
    }
}

impl From<&PreviousSecret> for StoredPreviousSecret {
    fn from(previous: &PreviousSecret) -> Self {
        Self { number: previous.number, expires_at: previous.expires_at }
    }
}

impl From<StoredPreviousSecret> for PreviousSecret {
    fn from(stored: StoredPreviousSecret) -> Self {
        Self { number: stored.number, expires_at: stored.expires_at }
    }
}
