//! Attacks with what customers have: keys, portal sessions and the page.

use serde_json::json;

use super::Means;
use crate::{
    failure::Failure,
    flood::{
        attacker::Work,
        parties::{get, page},
    },
    payload,
};

/// Connections of an attack that goes as fast as answers come.
const CONNECTIONS: usize = 64;
/// Connections of attacks whose requests cost more.
const FEWER: usize = 32;

/// Bodies of 250 KB a second that a gigabit carries: in memory it would be ten times as many.
const GIGABIT: f64 = 500.0;

fn hammer(connections: usize, requests: Vec<String>) -> Vec<Work> {
    vec![Work::Hammer { connections, requests }]
}

pub(super) fn requests(means: &Means<'_>) -> Vec<Work> {
    let keys = means.loud.keys.iter();
    hammer(CONNECTIONS, keys.map(|key| get("/v1/webhooks", key)).collect())
}

/// Lists rows that are as large as they may be.
pub(super) async fn lists(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    let Means { server, loud, .. } = means;
    loud.webhook(server, &format!("http://{}/fine", means.receivers)).await?;
    let row = json!({"environment": "test", "method": "GET", "path": "/p".repeat(250),
        "status": 200, "user_agent": "u".repeat(250)});
    for _ in 0..8 {
        let rows = json!({"request_logs": vec![&row; 250]});
        server.call("POST /v1/request_logs", Some(&loud.id), &rows).await?;
    }
    let event = loud.event(server, 20_000);
    for _ in 0..200 {
        server.ask(&event).await?;
    }
    let paths = [
        "/v1/logs?per_page=100",
        "/v1/events?per_page=100",
        "/v1/logs?kind=webhook_delivery&per_page=100",
        "/v1/logs?kind=api_request&per_page=100",
        "/v1/logs?kind=api_request&status=599",
    ];
    let requests = loud.keys.iter().flat_map(|key| paths.map(|path| get(path, key)));
    Ok(hammer(FEWER, requests.collect()))
}

pub(super) fn large_bodies(means: &Means<'_>) -> Vec<Work> {
    let body = json!({"webhook_url": "https://example.com/", "description": "x".repeat(250_000)});
    let body = body.to_string();
    let keys = means.loud.keys.iter();
    let requests = keys.map(|key| payload::request("POST /v1/webhooks", key, None, &body));
    vec![Work::Paced { connections: FEWER, requests: requests.collect(), rate: GIGABIT }]
}

pub(super) fn public(means: &Means<'_>) -> Vec<Work> {
    let loud = means.loud;
    let requests = vec![
        get("/v1/account", &loud.public),
        get("/v1/webhooks", &loud.public),
        get("/v1/nowhere", &loud.public),
        get("/v1/account", &loud.expired),
    ];
    hammer(CONNECTIONS, requests)
}

/// Changes what somebody in the dashboard may change.
pub(super) async fn writes(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    let Means { server, loud, .. } = means;
    let webhook = loud.webhook(server, "https://example.com/").await?;
    let post = |asked: &str, body: &str| payload::request(asked, &loud.session, None, body);
    let requests = vec![
        post("POST /v1/api_keys", r#"{"type":"secret","environment":"test"}"#),
        post(&format!("PATCH /v1/webhooks/{webhook}"), r#"{"description":"one"}"#),
        post(&format!("POST /v1/api_keys/{}/reveal", loud.key_id), "{}"),
        post(&format!("PATCH /v1/webhooks/{webhook}"), r#"{"description":"other"}"#),
        post(&format!("POST /v1/webhooks/{webhook}/rotate_secret"), "{}"),
        post(&format!("POST /v1/webhooks/{webhook}/reveal_secret"), "{}"),
    ];
    Ok(hammer(FEWER, requests))
}

/// Reads a history that was made long before.
pub(super) async fn history(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    let Means { server, loud, .. } = means;
    let reveal = format!("POST /v1/api_keys/{}/reveal", loud.key_id);
    let reveal = loud.operated(server, &reveal, &json!({}));
    means.many(&reveal, means.reveals).await?;
    let key = &loud.key_id;
    let webhook = loud.webhook(server, "https://example.com/").await?;
    for number in 0..200 {
        let change = json!({"description": number.to_string()});
        server.call(&format!("PATCH /v1/webhooks/{webhook}"), Some(&loud.id), &change).await?;
    }
    let now = loud_time(means).await?;
    let paths = [
        format!("/v1/audit_events?subject={key}&per_page=100"),
        "/v1/audit_events?type=account.created&per_page=100".to_owned(),
        format!("/v1/api_keys?as_of={now}"),
        format!("/v1/webhooks?as_of={now}"),
        format!("/v1/audit_events?subject={webhook}&type=webhook.deleted"),
    ];
    Ok(hammer(FEWER, paths.iter().map(|path| get(path, &loud.session)).collect()))
}

/// Returns a time at which the account had everything.
async fn loud_time(means: &Means<'_>) -> Result<String, Failure> {
    let key = format!("GET /v1/api_keys/{}", means.loud.key_id);
    let key = means.server.call(&key, Some(&means.loud.id), &json!(null)).await?;
    crate::phases::text(&key, "created_at")
}

pub(super) async fn storms(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    let Means { server, loud, .. } = means;
    let webhook = loud.webhook(server, &format!("http://{}/reset", means.receivers)).await?;
    let event = json!({"type": "report.completed", "environment": "test",
        "data": {"object": {"id": "a", "object": "report"}}});
    let event = server.call("POST /v1/events", Some(&loud.id), &event).await?;
    let event = crate::phases::text(&event, "id")?;
    means.many(&loud.event(server, 0), 1000).await?;
    let post = |asked: &str, body: &str| payload::request(asked, &loud.session, None, body);
    let requests = vec![
        post(&format!("POST /v1/webhooks/{webhook}/ping"), "{}"),
        post(
            &format!("POST /v1/events/{event}/resend"),
            &json!({"webhook_id": webhook}).to_string(),
        ),
        post(
            &format!("POST /v1/webhooks/{webhook}/recover"),
            r#"{"since":"2020-01-01T00:00:00.000Z"}"#,
        ),
    ];
    Ok(hammer(FEWER, requests))
}

pub(super) async fn pages(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    let Means { server, loud, .. } = means;
    loud.webhook(server, &format!("http://{}/fine", means.receivers)).await?;
    means.many(&loud.event(server, 1000), 1000).await?;
    let paths = ["webhooks", "logs", "keys", "history"].map(|name| format!("/dashboard/{name}"));
    let requests =
        loud.cookies.iter().flat_map(|cookie| paths.iter().map(|path| page(path, cookie)));
    Ok(hammer(FEWER, requests.collect()))
}
