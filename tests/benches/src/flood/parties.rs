//! Accounts of a flood: the quiet neighbour and the loud one.

use serde_json::{Value, json};

use super::quiet::Pace;
use crate::{failure::Failure, payload, phases::text, processes::Server, wire};

/// Requests of the neighbour a second, of each kind: few enough for its budgets. A page is several
/// requests.
const RATE: f64 = 33.0;
const PAGE_RATE: f64 = 15.0;
/// Keys and sessions that the neighbour uses by turns.
const CREDENTIALS: usize = 4;
/// Keys of the loud account: enough to use up the account's budget, and not only their own.
const LOUD_KEYS: usize = 6;

/// Creates an account, with room for `webhooks`.
async fn account(server: &Server, name: &str, webhooks: usize) -> Result<String, Failure> {
    let account = server.call("POST /v1/accounts", None, &json!({"name": name})).await?;
    let id = text(&account, "id")?;
    let quota = json!({"webhook_quota": webhooks.max(1)});
    server.call(&format!("PATCH /v1/accounts/{id}"), None, &quota).await?;
    Ok(id)
}

async fn key(server: &Server, account: &str, kind: &str) -> Result<(String, String), Failure> {
    let wanted = json!({"type": kind, "environment": "test"});
    let key = server.call("POST /v1/api_keys", Some(account), &wanted).await?;
    Ok((text(&key, "id")?, text(&key, "key")?))
}

/// Cookie of somebody who signed in to `account` on the page.
pub(crate) async fn cookie(server: &Server, account: &str) -> Result<String, Failure> {
    let session = server.call("POST /v1/portal_sessions", Some(account), &json!({})).await?;
    let url = text(&session, "url")?;
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let request = format!(
        "POST /dashboard HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{query}",
        query.len()
    );
    let (head, _) = server.ask(&request).await?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let line = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = line.and_then(|line| line.split(';').next()).map(str::to_owned);
    cookie.ok_or_else(|| Failure::of("signing in on the page", wire_status(&head)))
}

fn wire_status(head: &str) -> String {
    wire::status(head.as_bytes()).map_or_else(String::new, |status| status.to_string())
}

/// Builds a request of a page.
pub(crate) fn page(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n")
}

/// Builds a request without a body.
pub(super) fn get(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\r\n")
}

/// Creates the neighbour, whose receiver has the name `host`; returns all that it does.
pub(super) async fn neighbour(server: &Server, host: &str) -> Result<Vec<Pace>, Failure> {
    let id = account(server, "Neighbour", 1).await?;
    let webhook = json!({"webhook_url": format!("http://{host}/"), "environment": "test"});
    server.call("POST /v1/webhooks", Some(&id), &webhook).await?;
    let (mut lists, mut logs, mut pages) = (vec![], vec![], vec![]);
    for _ in 0..CREDENTIALS {
        let (_, secret) = key(server, &id, "secret").await?;
        lists.push(get("/v1/webhooks", &secret));
        logs.push(get("/v1/logs", &secret));
        pages.push(page("/dashboard/webhooks", &cookie(server, &id).await?));
    }
    let post = payload::request("POST /v1/events", &server.token, Some(&id), &payload::event());
    let kinds = [
        ("webhooks", lists, RATE),
        ("logs", logs, RATE),
        ("page", pages, PAGE_RATE),
        ("post", vec![post], RATE),
    ];
    let kinds = kinds.into_iter();
    Ok(kinds.map(|(kind, requests, rate)| Pace { kind: kind.to_owned(), requests, rate }).collect())
}

/// Account that attacks, or that is attacked with.
pub(super) struct Loud {
    pub(super) id: String,
    /// Secret keys that work.
    pub(super) keys: Vec<String>,
    /// Publishable key, which is public by design.
    pub(super) public: String,
    /// Secret key that has expired.
    pub(super) expired: String,
    /// Identifier of one of the keys.
    pub(super) key_id: String,
    /// Token of a portal session.
    pub(super) session: String,
    /// Cookies of sessions on the page.
    pub(super) cookies: Vec<String>,
}

impl Loud {
    /// Creates the account, without webhooks.
    pub(super) async fn create(server: &Server) -> Result<Self, Failure> {
        let id = account(server, "Loud", 100).await?;
        let mut keys = vec![];
        let (key_id, first) = key(server, &id, "secret").await?;
        keys.push(first);
        for _ in 1..LOUD_KEYS {
            keys.push(key(server, &id, "secret").await?.1);
        }
        let (_, public) = key(server, &id, "publishable").await?;
        let (ended, expired) = key(server, &id, "secret").await?;
        let expire = format!("POST /v1/api_keys/{ended}/expire");
        server.call(&expire, Some(&id), &json!({})).await?;
        let session = server.call("POST /v1/portal_sessions", Some(&id), &json!({})).await?;
        let session = text(&session, "token")?;
        let mut cookies = vec![];
        for _ in 0..LOUD_KEYS {
            cookies.push(cookie(server, &id).await?);
        }
        Ok(Self { id, keys, public, expired, key_id, session, cookies })
    }

    /// Adds a webhook at `url`; returns its identifier.
    pub(super) async fn webhook(&self, server: &Server, url: &str) -> Result<String, Failure> {
        let wanted = json!({"webhook_url": url, "environment": "test", "include_object": true});
        let webhook = server.call("POST /v1/webhooks", Some(&self.id), &wanted).await?;
        text(&webhook, "id")
    }

    /// Builds a request by the operator on this account.
    pub(super) fn operated(&self, server: &Server, asked: &str, body: &Value) -> String {
        payload::request(asked, &server.token, Some(&self.id), &body.to_string())
    }

    /// Builds the event that the operator posts for this account, with `filler` bytes more.
    pub(super) fn event(&self, server: &Server, filler: usize) -> String {
        let object = json!({"id": "loud", "object": "report", "filler": "x".repeat(filler)});
        let event = json!({"type": "report.completed", "environment": "test",
            "data": {"object": object}});
        self.operated(server, "POST /v1/events", &event)
    }

    /// Counts the account's events that the server has, with their deliveries.
    pub(super) async fn events(&self, server: &Server) -> Result<u64, Failure> {
        let (mut count, mut path) = (0, "/v1/events?per_page=100".to_owned());
        loop {
            let asked = format!("GET {path}");
            let page = server.call(&asked, Some(&self.id), &Value::Null).await?;
            let events = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let whole = |event: &&Value| !event["deliveries"].as_array().is_none_or(Vec::is_empty);
            count += events.iter().filter(whole).count() as u64;
            match page["next_href"].as_str() {
                Some(next) => next.clone_into(&mut path),
                None => return Ok(count),
            }
        }
    }
}
