//! Setup that most tests share.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Call, Simulation};

/// Duration of so many days.
#[must_use]
pub const fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

/// Duration of so many hours.
#[must_use]
pub const fn hours(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

/// Duration of so many minutes.
#[must_use]
pub const fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

/// Duration of so many seconds.
#[must_use]
pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Webhook that was just created.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Identifier.
    pub id: String,
    /// URL.
    pub url: String,
    /// Signing secret.
    pub secret: String,
}

impl Simulation {
    /// Opens an account; returns its identifier.
    #[track_caller]
    pub fn open_account(&mut self) -> String {
        let opened = self.call(Call::post("/v1/accounts", &json!({ "name": "Ada" })));
        opened.expect(201).text("/id")
    }

    /// Opens live mode to the account.
    #[track_caller]
    pub fn credential(&mut self, account: &str) {
        let path = format!("/v1/accounts/{account}");
        _ = self.call(Call::patch(&path, &json!({ "credentialed": true }))).expect(200);
    }

    /// Creates an API key; returns the key itself.
    #[track_caller]
    pub fn create_key(&mut self, account: &str, key_type: &str, environment: &str) -> String {
        let body = json!({ "type": key_type, "environment": environment });
        let created = self.call(Call::post("/v1/api_keys", &body).on(account));
        created.expect(201).text("/key")
    }

    /// Opens a portal session; returns its token.
    #[track_caller]
    pub fn open_session(&mut self, account: &str) -> String {
        let opened = self.call(Call::post("/v1/portal_sessions", &json!({})).on(account));
        opened.expect(201).text("/token")
    }

    /// Creates a webhook in the test environment.
    #[track_caller]
    pub fn create_webhook(&mut self, account: &str, url: &str) -> NewWebhook {
        let body = json!({ "webhook_url": url, "environment": "test" });
        let created = self.call(Call::post("/v1/webhooks", &body).on(account)).expect(201);
        let (id, secret) = (created.text("/id"), created.text("/signing_secret"));
        NewWebhook { id, url: url.to_owned(), secret }
    }

    /// Posts an event in the test environment; returns its identifier.
    #[track_caller]
    pub fn post_event(&mut self, account: &str) -> String {
        self.call(Call::post("/v1/events", &event()).on(account)).expect(202).text("/id")
    }

    /// Changes a webhook.
    #[track_caller]
    pub fn change_webhook(&mut self, account: &str, webhook: &NewWebhook, change: &Value) {
        let path = format!("/v1/webhooks/{}", webhook.id);
        _ = self.call(Call::patch(&path, change).on(account)).expect(200);
    }

    /// Sends a `GET` by the operator on `account`; returns the JSON.
    #[track_caller]
    pub fn show(&mut self, account: &str, path: &str) -> Value {
        self.call(Call::get(path).on(account)).expect(200).json()
    }

    /// Reads every row of a list, over all pages.
    #[track_caller]
    pub fn list(&mut self, account: &str, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let mut page = self.show(account, &path);
            rows.extend(page["data"].as_array_mut().map(std::mem::take).unwrap_or_default());
            next = page["next_href"].as_str().map(str::to_owned);
        }
        rows
    }

    /// Reads the only delivery of an event.
    ///
    /// # Panics
    /// Fails if there is another.
    #[track_caller]
    pub fn delivery(&mut self, account: &str, event: &str) -> Value {
        let mut event = self.show(account, &format!("/v1/events/{event}"));
        let deliveries = event["deliveries"].as_array_mut().map(std::mem::take);
        let deliveries = deliveries.unwrap_or_default();
        assert_eq!(deliveries.len(), 1, "{deliveries:?}");
        deliveries.into_iter().next().unwrap_or_default()
    }
}

/// Body of an event, as the operator posts it.
pub(crate) fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "test",
        "data": { "object": { "id": "rep_1", "object": "report", "uri": "/v1/reports/rep_1" } },
    })
}
