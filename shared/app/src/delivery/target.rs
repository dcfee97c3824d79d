//! Targets of deliveries: URL and signing secrets of a webhook, cached for a few minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use domain::{
    Environment, KeyType, Timestamp,
    id::{AccountId, WebhookId},
    key::ApiKey,
    redaction::KnownSecrets,
    signing::{LEGACY_WITHOUT_KEY, SigningSecret},
    webhook::{Webhook, WebhookUrl},
};
use ports::{
    store::{Document, Order, Query, Range},
    vault::{SecretName, SecretPurpose, VaultError},
};

use crate::{Backend, documents::state, problem::Problem, views::collections};

/// Time for which a webhook's secrets stay in memory.
const KEPT_FOR: Duration = Duration::from_mins(5);
/// Maximum number of webhooks in the cache.
const MOST: usize = 4096;

/// Webhook with everything needed to send to it.
pub struct Target {
    /// State of the webhook.
    pub webhook: Webhook,
    /// URL, including credentials.
    pub url: WebhookUrl,
    /// Signing secrets by number, including rotated ones that still sign.
    secrets: Vec<(u32, SigningSecret)>,
    /// All credentials, for masking answers.
    pub known: KnownSecrets,
}

impl Target {
    /// Returns the secrets that sign at `now`, the newest first.
    pub fn signing(&self, now: Timestamp) -> Vec<&SigningSecret> {
        let numbers = self.webhook.signing_secrets(now);
        numbers
            .filter_map(|number| self.secrets.iter().find(|(n, _)| *n == number))
            .map(|(_, s)| s)
            .collect()
    }
}

/// Cache of targets by webhook. An entry is valid for exactly the document that it was read from,
/// so a rotation or a new URL invalidates it.
#[derive(Default)]
pub struct Targets(Mutex<HashMap<WebhookId, Remembered>>);

struct Remembered {
    body: Bytes,
    until: Timestamp,
    target: Arc<Target>,
}

impl Targets {
    /// Returns the target of `webhook`, which was read from `document`.
    ///
    /// # Errors
    /// [`VaultError::Gone`] when one of its secrets no longer exists.
    pub async fn of(
        &self,
        backend: &Backend,
        document: &Document,
        webhook: &Webhook,
        now: Timestamp,
    ) -> Result<Arc<Target>, VaultError> {
        let id = webhook.id;
        if let Some(target) = self.remembered(id, &document.body, now) {
            return Ok(target);
        }
        let target = Arc::new(reveal(backend, webhook.clone()).await?);
        let remembered = Remembered {
            body: document.body.clone(),
            until: now.plus(KEPT_FOR),
            target: target.clone(),
        };
        let mut targets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if targets.len() >= MOST {
            targets.retain(|_, remembered| remembered.until > now);
        }
        if targets.len() < MOST {
            targets.insert(id, remembered);
        }
        Ok(target)
    }

    fn remembered(&self, id: WebhookId, body: &Bytes, now: Timestamp) -> Option<Arc<Target>> {
        let targets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = targets.get(&id)?;
        (remembered.body == *body && remembered.until > now).then(|| remembered.target.clone())
    }
}

async fn reveal(backend: &Backend, webhook: Webhook) -> Result<Target, VaultError> {
    let (account, id) = (webhook.account, webhook.id);
    let url = match webhook.endpoint.secret {
        None => WebhookUrl::parse(&webhook.endpoint.url, webhook.environment),
        Some(number) => {
            let purpose = SecretPurpose::WebhookUrl(id, number);
            let whole = backend.vault.reveal(SecretName { account, purpose }).await?;
            WebhookUrl::from_canonical(whole.expose())
        }
    };
    let url = url.map_err(|_| VaultError::Gone)?;
    let mut secrets = Vec::new();
    for number in webhook.kept_secrets() {
        let purpose = SecretPurpose::SigningSecret(id, number);
        let secret = backend.vault.reveal(SecretName { account, purpose }).await?;
        secrets
            .push((number, SigningSecret::parse(secret.expose()).map_err(|_| VaultError::Gone)?));
    }
    let known = KnownSecrets::of_webhook(&url, secrets.iter().map(|(_, secret)| secret));
    Ok(Target { webhook, url, secrets, known })
}

/// Returns the legacy signature of `body`, by the account's newest active secret key of that
/// environment.
///
/// # Errors
/// When the backend is unavailable.
pub(super) async fn legacy_signature(
    backend: &Backend,
    account: AccountId,
    environment: Environment,
    now: Timestamp,
    body: &[u8],
) -> Result<String, Problem> {
    let mut range = Range::default();
    loop {
        let query = Query {
            partition: collections::api_keys(account, environment),
            index: false,
            range: range.clone(),
            order: Order::Descending,
            limit: 16,
        };
        let rows = backend.store.query(&query).await?;
        for row in &rows {
            let key = state::<ApiKey>(&*backend.store, &row.document).await?;
            let Some(key) = key.map(|key| key.state) else { continue };
            if key.key_type == KeyType::Secret && !key.is_expired(now) {
                let purpose = SecretPurpose::ApiKey(key.id);
                let secret = backend.vault.reveal(SecretName { account, purpose }).await?;
                return Ok(domain::signing::legacy_signature(&secret, body));
            }
        }
        match rows.into_iter().next_back() {
            Some(row) => range.to = Some(row.sort),
            None => return Ok(LEGACY_WITHOUT_KEY.to_owned()),
        }
    }
}
