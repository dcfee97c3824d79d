//! Attacks with the operator token on one account: whatever its customer makes the operator's own
//! API do.

use serde_json::json;

use super::Means;
use crate::{failure::Failure, flood::attacker::Work};

const CONNECTIONS: usize = 32;
/// Connections of requests that are large.
const FEW: usize = 8;

pub(super) fn request_logs(means: &Means<'_>) -> Vec<Work> {
    let row = json!({"environment": "test", "method": "GET", "path": "/p".repeat(100),
        "status": 200, "user_agent": "u".repeat(150)});
    let rows = json!({"request_logs": vec![row; 500]});
    let request = means.loud.operated(means.server, "POST /v1/request_logs", &rows);
    vec![Work::Hammer { connections: FEW, requests: vec![request] }]
}

pub(super) async fn events(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    means.loud.webhook(means.server, &format!("http://{}/fine", means.receivers)).await?;
    let event = means.loud.event(means.server, 500);
    Ok(vec![Work::Hammer { connections: CONNECTIONS, requests: vec![event] }])
}

pub(super) async fn large_events(means: &Means<'_>) -> Result<Vec<Work>, Failure> {
    means.loud.webhook(means.server, &format!("http://{}/fine", means.receivers)).await?;
    let event = means.loud.event(means.server, 200_000);
    Ok(vec![Work::Hammer { connections: FEW, requests: vec![event] }])
}

pub(super) fn verify(means: &Means<'_>) -> Vec<Work> {
    let keys = means.loud.keys.iter();
    let verify = |key: &String| {
        let asked = json!({"key": key, "request": {"method": "GET", "path": "/"}});
        means.loud.operated(means.server, "POST /v1/api_keys/verify", &asked)
    };
    vec![Work::Hammer { connections: CONNECTIONS, requests: keys.map(verify).collect() }]
}
