//! Floods: what one account, its receivers and strangers do at once, and what must hold meanwhile.
//! What a neighbour notices of them is measured by `tests/bench flood`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use futures_util::future::join_all;
use latchhook_scenarios::{
    Account, Backend, Caller, Hook, Need, Receiver, Reply, Settings, Value, clock, json,
};

/// Ways in which a receiver can be hostile.
fn hostile() -> [Reply; 4] {
    let huge = Reply::ok().long_body(1 << 30);
    let moved = Reply::status(302).header("location", "http://127.0.0.1:1/");
    [Reply::hanging(), huge, moved, Reply::status(503)]
}

async fn post(account: &Account, number: usize) -> String {
    let object = json!({"id": format!("r{number}"), "object": "report"});
    let event =
        json!({"type": "report.completed", "environment": "test", "data": {"object": object}});
    account.event_with(event).await
}

/// Requests past the limit of a key, until `count` were refused; returns how many were.
async fn storm(caller: &Caller, count: usize) -> usize {
    let mut refused = 0;
    while refused < count {
        let answers = join_all((0..20).map(|_| caller.get("/v1/webhooks"))).await;
        refused += answers.iter().filter(|answer| answer.status == 429).count();
    }
    refused
}

/// Bytes that a backend has in memory.
async fn memory(backend: &Backend) -> u64 {
    let page = backend.nobody().get("/metrics").await.text();
    let line = page.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.unwrap_or_else(|| panic!("no memory in:\n{page}")).parse().unwrap()
}

/// Size of all files of a backend, in bytes.
fn size(backend: &Backend) -> u64 {
    backend.files().iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

#[tokio::test]
async fn nothing_that_was_accepted_is_lost_and_refusals_are_counted() {
    let settings = Settings::default().with("LATCHHOOK_RATE_LIMIT", "60");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let (loud, quiet) = (Account::with_quota(&backend, 10).await, Account::open(&backend).await);
    let receiver = Receiver::start().await;
    let hook = quiet.webhook(&receiver.url("/")).await;
    let receivers = join_all(hostile().map(Receiver::always)).await;
    let mut hooks: Vec<Hook> = vec![];
    for receiver in &receivers {
        hooks.push(loud.webhook(&receiver.url("/")).await);
    }
    let key = loud.secret_key("test").await;

    let ours = async {
        let mut events = vec![];
        for number in 0..40 {
            events.push(post(&quiet, number).await);
        }
        events
    };
    let theirs = join_all((0..200).map(|number| post(&loud, number)));
    let (ours, theirs, refused) = tokio::join!(ours, theirs, storm(&key.caller, 1000));

    for event in &ours {
        let delivery = quiet.delivery_at("delivered", event, &hook).await;
        assert_eq!(delivery["attempts"], 1, "{event}");
    }
    assert_eq!(receiver.count(), ours.len());
    let stored = loud.operator.list("/v1/events?per_page=100").await;
    let stored: HashSet<&str> = stored
        .iter()
        .inspect(|event| {
            assert_eq!(event["deliveries"].as_array().map(Vec::len), Some(hooks.len()));
        })
        .filter_map(|event| event["id"].as_str())
        .collect();
    assert_eq!(stored, theirs.iter().map(String::as_str).collect());

    let path = format!("/v1/logs?kind=api_request&api_key_id={}&per_page=100", key.id);
    let rows = loud.operator.list(&path).await;
    let counted: u64 = rows.iter().filter_map(|row| row["count"].as_u64()).sum();
    assert_eq!(counted, refused as u64);
}

#[tokio::test]
async fn log_rows_beyond_an_accounts_share_are_counted_and_take_no_room() {
    let settings = Settings::default().with("LATCHHOOK_LOG_QUOTA", "1MiB");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let (loud, quiet) = (Account::open(&backend).await, Account::open(&backend).await);
    let row = json!({"environment": "test", "method": "GET", "path": "/p".repeat(100),
        "status": 200, "user_agent": "u".repeat(150)});
    let rows = json!({"request_logs": vec![row; 500]});
    // Both the room that the rows may take and the log of the database are in use from here on.
    for _ in 0..4 {
        loud.operator.post("/v1/request_logs", rows.clone()).await.is(202);
    }
    let before = size(&backend);
    for _ in 0..40 {
        loud.operator.post("/v1/request_logs", rows.clone()).await.is(202);
    }
    let grown = size(&backend).saturating_sub(before);
    assert!(grown < 3_000_000, "the files grew by {grown} bytes");

    let listed = loud.operator.list("/v1/logs?kind=api_request&per_page=100").await;
    let counted: u64 = listed.iter().filter_map(|row| row["count"].as_u64()).sum();
    let kept = listed.iter().filter(|row| row["count"].is_null()).count() as u64;
    assert!(kept < 2000, "{kept}");
    assert_eq!(kept + counted, 44 * 500);

    let key = quiet.secret_key("test").await;
    key.caller.get("/v1/webhooks").await.is(200);
    let path = format!("/v1/logs?kind=api_request&api_key_id={}", key.id);
    let own = clock::eventually("the neighbour's request is logged", || async {
        let rows = quiet.operator.list(&path).await;
        (!rows.is_empty()).then_some(rows)
    })
    .await;
    assert_eq!(own[0]["count"], Value::Null);
}

#[tokio::test]
async fn endless_answers_and_large_bodies_at_once_leave_memory_bounded() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let loud = Account::with_quota(&backend, 40).await;
    let endless = Receiver::always(Reply::ok().long_body(1 << 40)).await;
    for number in 0..40 {
        loud.webhook(&endless.url(&format!("/{number}"))).await;
    }
    let before = memory(&backend).await;
    let filler = json!({"id": "a", "object": "report", "filler": "x".repeat(200_000)});
    let event =
        json!({"type": "report.completed", "environment": "test", "data": {"object": filler}});
    let accepted = join_all((0..50).map(|_| loud.operator.post("/v1/events", event.clone()))).await;
    let accepted = accepted.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(accepted, 50);
    clock::eventually("every delivery is attempted", || async {
        let grown = memory(&backend).await.saturating_sub(before);
        assert!(grown < 300 << 20, "memory grew by {grown} bytes");
        (endless.count() >= accepted * 40).then_some(())
    })
    .await;
}
