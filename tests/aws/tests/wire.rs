//! How often each operation calls AWS, counted at the wire: a test fails when one call is added.
//!
//! So are the items of its transactions, as each is charged. The vault is the sealed one, whose
//! calls are DynamoDB's. The counts are in a file that `infra/cost.py` reads too: what is charged
//! is what is counted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use latchhook_aws_tests::world::{URLS, World, event};
use serde_json::{Value, json};
use simulation::Call;

/// The calls that `operation` makes, by the file.
fn expected(operation: &str) -> BTreeMap<String, u64> {
    let counts: BTreeMap<String, BTreeMap<String, u64>> =
        serde_json::from_str(include_str!("../calls.json")).unwrap();
    counts[operation].clone()
}

#[tokio::test]
async fn verifying_a_key_is_one_read() {
    let world = World::new().await;
    let new = json!({ "type": "secret", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await;
    let key = created.expect(201).text("/key");
    let verify = |body: Value| Call::post("/v1/api_keys/verify", &body);
    // The first in this process and minute: whose the key is, a block of requests, its last use.
    _ = world.call(verify(json!({ "key": key }))).await.expect(200);
    for _ in 0..3 {
        let calls = world.calls(verify(json!({ "key": key }))).await;
        assert_eq!(calls, expected("verify"));
    }
    let request = json!({ "method": "GET", "path": "/v1/reports", "status": 200 });
    let calls = world.calls(verify(json!({ "key": key, "request": request }))).await;
    assert_eq!(calls, expected("verify and log"));
}

#[tokio::test]
async fn creating_a_webhook_is_one_transaction() {
    let world = World::new().await;
    let quota = json!({ "webhook_quota": 5 });
    let path = format!("/v1/accounts/{}", world.account);
    _ = world.call(Call::patch(&path, &quota)).await.expect(200);
    let calls = world.calls(world.new_webhook("https://ada.example/third")).await;
    // The account twice, event types, the data key; what the secret replaces.
    assert_eq!(calls, expected("webhook"));
}

#[tokio::test]
async fn an_event_for_two_webhooks_is_one_write_and_one_batch() {
    let world = World::new().await;
    let calls = world.calls(event().on(&world.account)).await;
    // The account; the event's type and whether there are any; the webhooks.
    assert_eq!(calls, expected("event"));
    // With a key: what was answered to it before, the data key, and the answer beside the event.
    let calls = world.calls(event().on(&world.account).once("k1")).await;
    assert_eq!(calls, expected("event once"));
}

#[tokio::test]
async fn a_first_attempt_that_succeeds_is_one_read_and_one_write() {
    let world = World::new().await;
    let cold = world.posted().await;
    for leased in &cold {
        // The secrets of a webhook stay in memory for a few minutes.
        world.deliver(leased).await;
    }
    for leased in world.posted().await {
        let calls = world.delivered(&leased).await;
        assert_eq!(calls, expected("success"));
        // Lambda may hand it out again.
        let again = world.delivered(&leased).await;
        assert_eq!(again, expected("double"));
    }
    assert_eq!(world.network.hits().len(), 4);
}

#[tokio::test]
async fn a_first_attempt_that_fails_sends_one_message_more() {
    let world = World::new().await;
    for url in URLS {
        world.network.answers(url, 500);
    }
    for leased in world.posted().await {
        world.deliver(&leased).await;
    }
    for leased in world.posted().await {
        assert_eq!(world.delivered(&leased).await, expected("failure"));
    }
}
