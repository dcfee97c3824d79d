//! Number of calls to AWS of each operation, counted in the HTTP client: a test fails when one call
//! is added.
//!
//! The items of transactions are counted too, because each is charged. The vault is the sealed one,
//! which calls DynamoDB. The expected counts are in a file that `infra/cost.py` reads as well, so
//! that the published costs match.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use latchhook_aws_tests::world::{URLS, World, event};
use serde_json::{Value, json};
use simulation::Call;

/// Expected calls of `operation`, from the file.
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
    let request = json!({ "method": "GET", "path": "/v1/reports", "status": 200 });
    // The first verification in this process and minute also looks up the key, leases a block of
    // requests and one of the log's bytes, and records the use.
    let first = json!({ "key": key, "request": request });
    _ = world.call(verify(first)).await.expect(200);
    for _ in 0..3 {
        let calls = world.calls(verify(json!({ "key": key }))).await;
        assert_eq!(calls, expected("verify"));
    }
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
    // Reads: the account twice, event types, the data key, and the secret that may be replaced.
    assert_eq!(calls, expected("webhook"));
}

#[tokio::test]
async fn an_event_for_two_webhooks_is_one_write_and_one_batch() {
    let world = World::new().await;
    let calls = world.calls(event().on(&world.account)).await;
    // Reads: the account, the event's type, whether any type is registered, the webhooks.
    assert_eq!(calls, expected("event"));
    // With an idempotency key: reads the previous answer and the data key, and writes the answer
    // beside the event.
    let calls = world.calls(event().on(&world.account).once("k1")).await;
    assert_eq!(calls, expected("event once"));
}

#[tokio::test]
async fn a_first_attempt_that_succeeds_is_one_read_and_one_write() {
    let world = World::new().await;
    let cold = world.posted().await;
    for leased in &cold {
        // Warms up: the secrets of a webhook stay in memory for a few minutes.
        world.deliver(leased).await;
    }
    for leased in world.posted().await {
        let calls = world.delivered(&leased).await;
        assert_eq!(calls, expected("success"));
        // Lambda may hand a message out twice.
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

#[tokio::test]
async fn the_counts_of_a_batch_are_an_update_for_each_webhook_and_one_for_all() {
    let world = World::new().await;
    for url in URLS {
        world.network.answers(url, 500);
    }
    let settle = async || {
        _ = world.wire.take_calls();
        world.app.backend.store.settle().await.unwrap();
        world.wire.take_calls()
    };
    let mut one = world.posted().await;
    world.deliver(&one.remove(0)).await;
    assert_eq!(settle().await, expected("counts"));
    for _ in 0..3 {
        for leased in world.posted().await {
            world.deliver(&leased).await;
        }
    }
    assert_eq!(settle().await, BTreeMap::from([("UpdateItem".to_owned(), 3)]));
    assert_eq!(settle().await, BTreeMap::new());
}

/// The events and deliveries of one commit are read together, not one by one.
#[tokio::test]
async fn recovering_25_deliveries_is_one_read_of_them_and_one_write() {
    let world = World::new().await;
    let list = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200);
    let path = format!("/v1/webhooks/{}", list.text("/data/0/id"));
    let is = |status: &str| Call::patch(&path, &json!({ "status": status })).on(&world.account);
    _ = world.call(is("disabled")).await.expect(200);
    for _ in 0..25 {
        _ = world.call(event().on(&world.account)).await.expect(202);
    }
    _ = world.call(is("enabled")).await.expect(200);
    let since = json!({ "since": "2020-01-01T00:00:00.000Z" });
    let recover = Call::post(&format!("{path}/recover"), &since).on(&world.account);
    let calls = world.calls(recover).await;
    // 50 items at once, and the caller's own; the list is read to its end, and then the events, which
    // show deliveries that were never attempted.
    assert_eq!(calls["TransactWriteItems"], 1, "{calls:?}");
    assert_eq!(calls["SendMessageBatch"], 3, "{calls:?}");
    assert!(calls["TransactGetItems"] <= 3 && calls["Query"] <= 5, "{calls:?}");
    assert!(calls["TransactGetItems items"] <= 104, "{calls:?}");
}
