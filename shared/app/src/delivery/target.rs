//! Targets of deliveries: URL, signing keys and own headers of a webhook, cached for a few minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use domain::{
    Environment, KeyType, Secret, Timestamp,
    id::{AccountId, KeyId, WebhookId},
    key::ApiKey,
    redaction::KnownSecrets,
    signing::{LEGACY_WITHOUT_KEY, SigningKey},
    webhook::{Webhook, WebhookUrl},
};
use ports::{
    store::{Document, Order, Query, Range},
    vault::{SecretName, SecretPurpose, VaultError},
};

use crate::{
    Backend,
    documents::state,
    problem::Problem,
    secrets::{HeaderValues, reveal_all},
    views::collections,
};

/// Time for which a webhook's secrets stay in memory.
const KEPT_FOR: Duration = Duration::from_mins(5);
/// Maximum number of webhooks in the cache.
const MOST: usize = 4096;

/// Keys read at a time when the newest one does not sign.
const OLDER_KEYS_AT_A_TIME: usize = 16;

/// Webhook with everything needed to send to it.
pub struct Target {
    /// State of the webhook.
    pub webhook: Webhook,
    /// URL, including credentials.
    pub url: WebhookUrl,
    /// Headers of the webhook's own.
    pub headers: Vec<(String, Secret)>,
    /// Signing keys by number, including rotated ones that still sign.
    keys: Vec<(u32, SigningKey)>,
    /// All credentials, for masking answers.
    pub known: KnownSecrets,
}

impl Target {
    /// Returns the keys that sign at `now`, the newest first.
    pub fn signing(&self, now: Timestamp) -> Vec<&SigningKey> {
        let numbers = self.webhook.signing_secrets(now);
        numbers
            .filter_map(|number| self.keys.iter().find(|(n, _)| *n == number))
            .map(|(_, key)| key)
            .collect()
    }
}

/// Cache of targets by webhook. An entry is valid for exactly the document that it was read from,
/// so a rotation or a new URL invalidates it.
#[derive(Default)]
pub struct Targets {
    webhooks: Mutex<HashMap<WebhookId, Remembered>>,
    /// Whole API keys that sign by the legacy scheme, each with the time until which it is kept.
    keys: Mutex<HashMap<KeyId, (Secret, Timestamp)>>,
}

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
        let target = Arc::new(reveal(backend, webhook.clone(), now).await?);
        let remembered = Remembered {
            body: document.body.clone(),
            until: now.plus(KEPT_FOR),
            target: target.clone(),
        };
        let mut targets = self.webhooks.lock().unwrap_or_else(PoisonError::into_inner);
        if targets.len() >= MOST {
            targets.retain(|_, remembered| remembered.until > now);
        }
        if targets.len() < MOST {
            targets.insert(id, remembered);
        }
        Ok(target)
    }

    fn remembered(&self, id: WebhookId, body: &Bytes, now: Timestamp) -> Option<Arc<Target>> {
        let targets = self.webhooks.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = targets.get(&id)?;
        (remembered.body == *body && remembered.until > now).then(|| remembered.target.clone())
    }
}

/// Reveals, at once, what an attempt at `now` needs.
async fn reveal(backend: &Backend, webhook: Webhook, now: Timestamp) -> Result<Target, VaultError> {
    let (account, id) = (webhook.account, webhook.id);
    let numbers: Vec<u32> = webhook.signing_secrets(now).collect();
    let whole_url = webhook.endpoint.secret.map(|number| SecretPurpose::WebhookUrl(id, number));
    let signing = numbers.iter().map(|number| SecretPurpose::SigningSecret(id, *number));
    let headers = webhook.headers.as_ref();
    let headers = headers.map(|headers| SecretPurpose::WebhookHeaders(id, headers.secret));
    let purposes = signing.chain(headers).chain(whole_url);
    let names = purposes.map(|purpose| SecretName { account, purpose }).collect();
    let mut revealed = reveal_all(&*backend.vault, names).await.into_iter();
    let mut keys = Vec::with_capacity(numbers.len());
    for (number, secret) in numbers.into_iter().zip(revealed.by_ref()) {
        let key = SigningKey::parse(secret?.expose()).map_err(|_| VaultError::Gone)?;
        keys.push((number, key));
    }
    let values = headers.and_then(|_| revealed.next()).transpose()?;
    let values = values.map(|text| HeaderValues::read(&text).ok_or(VaultError::Gone));
    let headers: Vec<_> = values.transpose()?.unwrap_or_default().0.into_iter().collect();
    let url = match revealed.next() {
        None => WebhookUrl::parse(&webhook.endpoint.url, webhook.environment),
        Some(whole) => WebhookUrl::from_canonical(whole?.expose()),
    };
    let url = url.map_err(|_| VaultError::Gone)?;
    let values = headers.iter().map(|(_, value)| value);
    let known = KnownSecrets::of_webhook(&url, keys.iter().map(|(_, key)| key), values);
    Ok(Target { webhook, url, headers, keys, known })
}

impl Targets {
    /// Returns the legacy signature of `body`, by the account's newest active secret key of that
    /// environment.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn legacy_signature(
        &self,
        backend: &Backend,
        (account, environment): (AccountId, Environment),
        now: Timestamp,
        body: &[u8],
    ) -> Result<String, Problem> {
        // The newest key nearly always signs, so it is read alone. It can't be remembered which one that
        // is: a newer one signs from its first second.
        let mut query = Query {
            partition: collections::api_keys(account, environment),
            index: false,
            range: Range::default(),
            order: Order::Descending,
            limit: 1,
        };
        loop {
            let rows = backend.store.query(&query).await?;
            for row in &rows {
                let key = state::<ApiKey>(&*backend.store, &row.document).await?;
                let Some(key) = key.map(|key| key.state) else { continue };
                // Of one that was imported by its hash nobody could sign.
                if key.key_type == KeyType::Secret && key.revealable && !key.is_expired(now) {
                    let secret = self.text_of(backend, &key, now).await?;
                    return Ok(domain::signing::legacy_signature(&secret, body));
                }
            }
            match rows.into_iter().next_back() {
                Some(row) => {
                    query.range.to = Some(row.sort);
                    query.limit = OLDER_KEYS_AT_A_TIME;
                }
                None => return Ok(LEGACY_WITHOUT_KEY.to_owned()),
            }
        }
    }

    /// Returns the whole `key`, which never changes, from memory if it was revealed lately.
    async fn text_of(
        &self,
        backend: &Backend,
        key: &ApiKey,
        now: Timestamp,
    ) -> Result<Secret, VaultError> {
        let known = |keys: &HashMap<KeyId, (Secret, Timestamp)>| {
            keys.get(&key.id).filter(|(_, until)| *until > now).map(|(text, _)| text.clone())
        };
        if let Some(text) = known(&self.keys.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(text);
        }
        let purpose = SecretPurpose::ApiKey(key.id);
        let text = backend.vault.reveal(SecretName { account: key.account, purpose }).await?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST {
            keys.retain(|_, (_, until)| *until > now);
        }
        if keys.len() < MOST {
            keys.insert(key.id, (text.clone(), now.plus(KEPT_FOR)));
        }
        Ok(text)
    }
}
