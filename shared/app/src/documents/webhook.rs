//! Stored form of a webhook.

use domain::{
    Environment, Jurisdiction, Timestamp,
    id::{AccountId, WebhookId},
    limits::OwnRate,
    signing::PublicKey,
    webhook::{DisabledReason, Endpoint, Filter, Headers, PreviousSecret, Subscription, Webhook},
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<Filter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    headers: Option<StoredHeaders>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate_limit: Option<OwnRate>,
    disabled: Option<DisabledReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_disabled_at: Option<Timestamp>,
    generation: u32,
    secret: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_key: Option<PublicKey>,
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
struct StoredHeaders {
    names: Vec<String>,
    secret: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredPreviousSecret {
    number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_key: Option<PublicKey>,
    expires_at: Timestamp,
}

impl Form for StoredWebhook {
    const NAME: &'static str = "webhook";
    const NUMBER: u16 = 2;

    /// Reads form 1, from before a webhook had a filter, headers, a rate and a public key of its own: it
    /// has no fields that form 2 lacks.
    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number == 1).then(|| serde_json::from_slice(body))
    }
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
            filter: webhook.filter.clone(),
            headers: webhook
                .headers
                .clone()
                .map(|Headers { names, secret }| StoredHeaders { names, secret }),
            rate_limit: webhook.rate_limit,
            disabled: webhook.disabled,
            last_disabled_at: webhook.last_disabled_at,
            generation: webhook.generation,
            secret: webhook.secret,
            public_key: webhook.public_key,
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
            filter: stored.filter,
            headers: stored
                .headers
                .map(|StoredHeaders { names, secret }| Headers { names, secret }),
            rate_limit: stored.rate_limit,
            disabled: stored.disabled,
            last_disabled_at: stored.last_disabled_at,
            generation: stored.generation,
            secret: stored.secret,
            public_key: stored.public_key,
            previous_secrets: stored.previous_secrets.into_iter().map(Into::into).collect(),
            created_at: stored.created_at,
            updated_at: stored.updated_at,
            deleted_at: stored.deleted_at,
        }
    }
}

impl From<&PreviousSecret> for StoredPreviousSecret {
    fn from(previous: &PreviousSecret) -> Self {
        let PreviousSecret { number, public_key, expires_at } = *previous;
        Self { number, public_key, expires_at }
    }
}

impl From<StoredPreviousSecret> for PreviousSecret {
    fn from(stored: StoredPreviousSecret) -> Self {
        let StoredPreviousSecret { number, public_key, expires_at } = stored;
        Self { number, public_key, expires_at }
    }
}
