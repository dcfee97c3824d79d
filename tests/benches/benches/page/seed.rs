//! Creation of an account with a given number of keys and log rows.

use std::time::Duration;

use app::views::{
    Spread,
    collections::{self, LoggedAttempt},
};
use axum::body::Body;
use domain::{
    Environment, Timestamp,
    id::{AccountId, LogId, WebhookId},
};
use http::Request;
use ports::{
    Commit, Store as _,
    queue::Lane,
    store::{Condition, Write},
};
use serde_json::{Value, json};

use crate::installation::{Installation, OPERATOR, Takes};

/// Size of an account. Half of the log rows are deliveries, half API requests.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    keys: u32,
    rows: u32,
}

impl Size {
    /// Small account: as many keys and rows of each log as a page shows, so that the pages of both
    /// accounts show as much.
    pub(crate) const SMALL: Self = Self { keys: 25, rows: 50 };
    /// Large account: as many keys as an account may have by default, because working ones are counted
    /// for their list.
    pub(crate) const LARGE: Self = Self { keys: 1_000, rows: 1_000_000 };
}

/// Rows of one commit.
const BATCH: u32 = 500;
/// Span of the rows, backwards from now.
const SPAN: Duration = Duration::from_hours(29 * 24);

pub(crate) struct Account {
    id: String,
    key: String,
    webhook: String,
    event: String,
}

pub(crate) async fn fill(installation: &Installation, size: Size) -> Account {
    let opened =
        installation.call("POST", "/v1/accounts", "", &json!({ "name": "Acme Inc." })).await;
    let id = text(&opened, "id");
    let mut key = String::new();
    for number in 0..size.keys {
        let body =
            json!({ "type": "secret", "environment": "test", "name": format!("Key {number}") });
        key = text(&installation.call("POST", "/v1/api_keys", &id, &body).await, "id");
    }
    let body = json!({ "webhook_url": "https://example.com/hooks", "environment": "test" });
    let webhook = text(&installation.call("POST", "/v1/webhooks", &id, &body).await, "id");
    let body = json!({
        "type": "report.completed", "environment": "test",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    });
    let event = text(&installation.call("POST", "/v1/events", &id, &body).await, "id");
    let leased = installation.store.next(Lane::First).await;
    installation.app.deliver(&Takes, &leased).await.unwrap();
    let account = Account { id, key, webhook, event };
    account.log_requests(installation, size.rows / 2).await;
    account.log_deliveries(installation, size.rows / 2).await;
    account
}

impl Account {
    async fn log_requests(&self, installation: &Installation, rows: u32) {
        for batch in batches(rows) {
            let row = |at: Timestamp| {
                json!({
                    "api_key_id": self.key, "environment": "test", "method": "GET",
                    "path": "/v1/reports", "status": 200, "duration_ms": 12, "created_at": at,
                })
            };
            let rows: Vec<_> = times(installation, &batch, rows).map(row).collect();
            let body = json!({ "request_logs": rows });
            installation.call("POST", "/v1/request_logs", &self.id, &body).await;
        }
    }

    /// Writes copies of the one real attempt's row; every other one is listed as slow and as a
    /// failed first attempt.
    async fn log_deliveries(&self, installation: &Installation, rows: u32) {
        let account: AccountId = self.id.parse().unwrap();
        let webhook: WebhookId = self.webhook.parse().unwrap();
        let to = (account, webhook);
        let log = collections::delivery_logs(account, Environment::Test);
        let listed = installation.call("GET", "/v1/logs", &self.id, &Value::Null).await;
        let real = log.first().key(text(&listed["data"][0], "id"));
        let real = installation.store.get(&[real]).await.unwrap().remove(0).unwrap();
        let mut body: Value = serde_json::from_slice(&real.body).unwrap();
        for batch in batches(rows) {
            let mut writes = Vec::new();
            for (row, at) in times(installation, &batch, rows).enumerate() {
                let odd = row % 2 == 1;
                let attempt = LoggedAttempt { failed: odd, first: odd, slow: odd };
                let id: LogId = installation.app.backend.new_id(at);
                body["created_at"] = json!(at);
                writes.push(Write::Put {
                    key: log.first().key(id),
                    body: body.to_string().into(),
                    expires_at: real.expires_at,
                    index: collections::delivery_log_index(to, id, attempt, Spread::NONE),
                    condition: Condition::None,
                });
            }
            installation.store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
        }
    }

    /// Lists every page: its name, its address, and the cookie of the session that sees it.
    pub(crate) async fn pages(
        &self,
        installation: &Installation,
    ) -> Vec<(&'static str, String, String)> {
        let session = installation.call("POST", "/v1/portal_sessions", &self.id, &json!({})).await;
        let url = text(&session, "url");
        let (_, query) = url.split_once('?').unwrap();
        let enter = Request::post("/dashboard")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(query.to_owned()))
            .unwrap();
        let portal = cookie(installation, enter).await;
        let sign_in = Request::post("/operator/sign-in")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(format!("token={OPERATOR}")))
            .unwrap();
        let operator = cookie(installation, sign_in).await;
        let logs = installation.call("GET", "/v1/logs", &self.id, &Value::Null).await;
        let log = text(&logs["data"][0], "id");
        let of_portal = [
            ("keys", "keys".to_owned()),
            ("key", format!("keys/{}", self.key)),
            ("webhooks", "webhooks".to_owned()),
            ("webhook", format!("webhooks/{}", self.webhook)),
            ("logs", "logs".to_owned()),
            ("logs, API", "logs?kind=api_request".to_owned()),
            ("logs, of a key", format!("logs?kind=api_request&api_key_id={}", self.key)),
            ("log", format!("logs/{log}")),
            ("event", format!("events/{}", self.event)),
            ("events", "events".to_owned()),
            ("history", "history".to_owned()),
            ("history, of a key", format!("history?subject={}", self.key)),
        ];
        let of_operator = [
            ("operator: accounts", "accounts".to_owned()),
            ("operator: account", format!("accounts/{}", self.id)),
            ("operator: types", "event-types".to_owned()),
            ("operator: health", "health".to_owned()),
        ];
        let portal =
            of_portal.map(|(name, path)| (name, format!("/dashboard/{path}"), portal.clone()));
        let operator =
            of_operator.map(|(name, path)| (name, format!("/operator/{path}"), operator.clone()));
        portal.into_iter().chain(operator).collect()
    }
}

async fn cookie(installation: &Installation, request: Request<Body>) -> String {
    let response = installation.ask(request).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn batches(rows: u32) -> impl Iterator<Item = std::ops::Range<u32>> {
    (0..rows.div_ceil(BATCH)).map(move |batch| batch * BATCH..rows.min((batch + 1) * BATCH))
}

/// Spreads the times of rows evenly over the whole span.
fn times(
    installation: &Installation,
    batch: &std::ops::Range<u32>,
    all: u32,
) -> impl Iterator<Item = Timestamp> {
    let now = installation.app.backend.now();
    batch.clone().map(move |row| now.minus(SPAN * (all - row) / all))
}

fn text(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap().to_owned()
}
