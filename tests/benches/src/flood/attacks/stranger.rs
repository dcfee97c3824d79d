//! Attacks without a credential, and floods of HTTP/2.

use super::Means;
use crate::flood::{
    attacker::{Flood, Work},
    parties::get,
};

const CONNECTIONS: usize = 64;
/// Bodies that are under way at once.
const BODIES: usize = 1000;
/// Milliseconds between two bytes of a slow body.
const DRIP: u64 = 1000;
/// Connections that say nothing.
const SILENT: usize = 2000;
/// Connections of HTTP/2.
const HTTP2: usize = 16;

/// Guesses whatever opens something. The keys are well-formed, so that they are looked up.
pub(super) fn guesses() -> Vec<Work> {
    let form = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin";
    let post = |path: &str, kind: &str, body: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{kind}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let requests = vec![
        get("/v1/account", "lh_sk_test_00000000000000000000000000000000000000"),
        get("/v1/account", &format!("lhop_{}", "0".repeat(40))),
        get("/v1/account", &format!("lhps_{}", "0".repeat(40))),
        post(
            "/v1/portal_sessions/redeem",
            "content-type: application/json",
            &format!(r#"{{"code":"{}"}}"#, "0".repeat(40)),
        ),
        post("/operator/sign-in", form, &format!("token=lhop_{}", "0".repeat(40))),
        post("/v1/events", "content-type: application/json", &"x".repeat(1000)),
        "GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".to_owned(),
        "GET /nowhere HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".to_owned(),
    ];
    vec![Work::Hammer { connections: CONNECTIONS, requests }]
}

/// Sends bodies that never end, with a credential and without.
pub(super) fn slow_bodies(means: &Means<'_>) -> Vec<Work> {
    let half = |authorization: &str| {
        format!(
            "POST /v1/webhooks HTTP/1.1\r\nhost: 127.0.0.1\r\n{authorization}\
             content-type: application/json\r\ncontent-length: 200000\r\n\r\n{}",
            "x".repeat(100_000)
        )
    };
    let key = half(&format!("authorization: Bearer {}\r\n", means.loud.keys[0]));
    let stall = |begin| Work::Stall { connections: BODIES / 2, begin, drip: Some(DRIP) };
    vec![stall(key), stall(half(""))]
}

pub(super) fn silent_sockets() -> Vec<Work> {
    vec![Work::Stall { connections: SILENT, begin: String::new(), drip: None }]
}

pub(super) fn streams(means: &Means<'_>) -> Vec<Work> {
    http2(Flood::Streams, format!("Bearer {}", means.loud.keys[0]))
}

pub(super) fn resets() -> Vec<Work> {
    http2(Flood::Resets, String::new())
}

pub(super) fn pings() -> Vec<Work> {
    http2(Flood::Pings, String::new())
}

fn http2(flood: Flood, authorization: String) -> Vec<Work> {
    vec![Work::Http2 { connections: HTTP2, flood, path: "/v1/webhooks".to_owned(), authorization }]
}
