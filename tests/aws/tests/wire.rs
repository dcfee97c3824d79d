//! How often each operation calls AWS, counted at the wire: a test fails when one call is added.
//!
//! The vault is the sealed one, whose calls are DynamoDB's.

use std::collections::BTreeMap;

use latchhook_aws_tests::world::{URLS, World, event};
use serde_json::{Value, json};
use simulation::Call;

fn expected<const N: usize>(calls: [(&str, u64); N]) -> BTreeMap<String, u64> {
    calls.map(|(operation, times)| (operation.to_owned(), times)).into()
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
        assert_eq!(calls, expected([("TransactGetItems", 1)]));
    }
    let request = json!({ "method": "GET", "path": "/v1/reports", "status": 200 });
    let calls = world.calls(verify(json!({ "key": key, "request": request }))).await;
    assert_eq!(calls, expected([("TransactGetItems", 1), ("TransactWriteItems", 1)]));
}

#[tokio::test]
async fn creating_a_webhook_is_one_transaction() {
    let world = World::new().await;
    let quota = json!({ "webhook_quota": 5 });
    let path = format!("/v1/accounts/{}", world.account);
    _ = world.call(Call::patch(&path, &quota)).await.expect(200);
    let calls = world.calls(world.new_webhook("https://ada.example/third")).await;
    // The account twice, event types, the data key; what the secret replaces.
    assert_eq!(calls, expected([("GetItem", 5), ("TransactWriteItems", 1)]));
}

#[tokio::test]
async fn an_event_for_two_webhooks_is_one_write_and_one_batch() {
    let world = World::new().await;
    let calls = world.calls(event().on(&world.account)).await;
    // The account; the event's type and whether there are any; the webhooks.
    let reads = [("GetItem", 1), ("TransactGetItems", 1), ("Query", 1)];
    let mut once = expected(reads);
    once.extend(expected([("PutItem", 1), ("SendMessageBatch", 1)]));
    assert_eq!(calls, once);
    // With a key: what was answered to it before, the data key, and the answer beside the event.
    let calls = world.calls(event().on(&world.account).once("k1")).await;
    let mut once = expected(reads);
    once.extend(expected([("GetItem", 3), ("TransactWriteItems", 1), ("SendMessageBatch", 1)]));
    assert_eq!(calls, once);
}

#[tokio::test]
async fn a_first_attempt_that_succeeds_is_one_read_and_one_write() {
    let world = World::new().await;
    let cold = world.posted().await;
    for leased in &cold {
        // The secrets of a webhook stay in memory for a few minutes.
        world.app.deliver(leased).await.unwrap();
    }
    for leased in world.posted().await {
        let calls = world.delivered(&leased).await;
        assert_eq!(calls, expected([("TransactGetItems", 1), ("TransactWriteItems", 1)]));
        // Lambda may hand it out again.
        let again = world.delivered(&leased).await;
        assert_eq!(again, expected([("TransactGetItems", 1)]));
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
        world.app.deliver(&leased).await.unwrap();
    }
    let once = [("TransactGetItems", 1), ("TransactWriteItems", 1), ("SendMessageBatch", 1)];
    for leased in world.posted().await {
        assert_eq!(world.delivered(&leased).await, expected(once));
    }
}
