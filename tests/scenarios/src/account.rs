//! Accounts, keys and webhooks: the setup of most scenarios.

use serde_json::{Value, json};

use crate::{answer::is_id, backend::Backend, client::Caller, clock::eventually};

/// Account of a scenario's own.
#[derive(Debug, Clone)]
pub struct Account {
    /// Identifier.
    pub id: String,
    /// The operator, acting on this account.
    pub operator: Caller,
}

/// API key of an account.
#[derive(Debug, Clone)]
pub struct Key {
    /// Identifier.
    pub id: String,
    /// Whole key.
    pub key: String,
    /// Caller with this key.
    pub caller: Caller,
}

/// Webhook of an account.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Identifier.
    pub id: String,
    /// Signing secret.
    pub secret: String,
    /// Path in the API: `/v1/webhooks/{id}`.
    pub path: String,
}

impl Account {
    /// Opens an account.
    pub async fn open(backend: &Backend) -> Self {
        let operator = backend.operator();
        let opened = operator.post("/v1/accounts", json!({"name": "Crabapple & Søns"})).await;
        let id = id_of("acct_", &opened.is(201));
        Self { operator: operator.acting_on(&id), id }
    }

    /// Opens an account with live mode.
    pub async fn credentialed(backend: &Backend) -> Self {
        let account = Self::open(backend).await;
        let updated = account.update(json!({"credentialed": true})).await;
        assert_eq!(updated["credentialed"], true);
        account
    }

    /// Opens an account that may have `quota` webhooks in each environment.
    pub async fn with_quota(backend: &Backend, quota: u32) -> Self {
        let account = Self::open(backend).await;
        account.update(json!({"webhook_quota": quota})).await;
        account
    }

    /// Changes the account.
    pub async fn update(&self, change: Value) -> Value {
        self.operator.patch(&format!("/v1/accounts/{}", self.id), change).await.is(200)
    }

    /// Creates a secret key.
    pub async fn secret_key(&self, environment: &str) -> Key {
        self.key(json!({"type": "secret", "environment": environment})).await
    }

    /// Creates a key.
    pub async fn key(&self, asked: Value) -> Key {
        let created = self.operator.post("/v1/api_keys", asked).await.is(201);
        let key = created["key"].as_str().expect("creation shows the key").to_owned();
        let caller = self.operator.backend().nobody().basic(&key);
        Key { id: id_of("key_", &created), key, caller }
    }

    /// Creates a test webhook that subscribes to everything, with the defaults of the API.
    pub async fn webhook(&self, url: &str) -> Hook {
        self.webhook_with(json!({"webhook_url": url, "environment": "test"})).await
    }

    /// Creates a webhook.
    pub async fn webhook_with(&self, asked: Value) -> Hook {
        let created = self.operator.post("/v1/webhooks", asked).await.is(201);
        let id = id_of("wh_", &created);
        let secret = created["signing_secret"].as_str().expect("creation shows the secret");
        Hook { secret: secret.to_owned(), path: format!("/v1/webhooks/{id}"), id }
    }

    /// Posts a test event about some report; returns its identifier.
    pub async fn event(&self, event_type: &str) -> String {
        let object = json!({"id": "r1", "object": "report", "uri": "/v1/reports/r1", "n": 1});
        self.event_with(json!({
            "type": event_type, "environment": "test", "data": {"object": object},
        }))
        .await
    }

    /// Posts an event; returns its identifier.
    pub async fn event_with(&self, asked: Value) -> String {
        id_of("evt_", &self.operator.post("/v1/events", asked).await.is(202))
    }

    /// Reads the delivery of `event` to `hook`.
    pub async fn delivery(&self, event: &str, hook: &Hook) -> Value {
        let event = self.operator.get(&format!("/v1/events/{event}")).await.is(200);
        let deliveries = event["deliveries"].as_array().expect("an event has deliveries");
        let of_hook = deliveries.iter().find(|delivery| delivery["webhook_id"] == hook.id.as_str());
        of_hook.unwrap_or_else(|| panic!("no delivery to {}: {event}", hook.id)).clone()
    }

    /// Waits until the delivery has `status`, and returns it.
    pub async fn delivery_at(&self, status: &str, event: &str, hook: &Hook) -> Value {
        eventually(&format!("{event} is {status}"), || async {
            let delivery = self.delivery(event, hook).await;
            (delivery["status"] == status).then_some(delivery)
        })
        .await
    }

    /// Waits until every attempt of the schedule has failed; returns the delivery and the number of
    /// attempts.
    pub async fn exhausted(&self, event: &str, hook: &Hook) -> (Value, usize) {
        let delivery = self.delivery_at("exhausted", event, hook).await;
        let attempts = delivery["attempts"].as_u64().and_then(|count| usize::try_from(count).ok());
        (delivery, attempts.expect("a count of attempts"))
    }

    /// Waits until the delivery log has `count` rows about `event`; returns them, newest first.
    pub async fn attempts(&self, event: &str, count: usize) -> Vec<Value> {
        let path = format!("/v1/logs?kind=webhook_delivery&event_id={event}&per_page=100");
        eventually(&format!("{count} attempts of {event} are logged"), || async {
            let rows = self.operator.list(&path).await;
            (rows.len() >= count).then_some(rows)
        })
        .await
    }
}

/// Returns the identifier of `object`, which must have `prefix`.
fn id_of(prefix: &str, object: &Value) -> String {
    let id = object["id"].as_str().unwrap_or_default();
    assert!(is_id(prefix, id), "not a {prefix} identifier: {object}");
    id.to_owned()
}
