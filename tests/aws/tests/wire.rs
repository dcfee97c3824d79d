//! Number of calls to AWS of each operation, counted in the HTTP client: a test fails when one call
//! is added.
//!
//! The items of transactions are counted too, because each is charged. The vault is the sealed one,
//! which calls DynamoDB. What the calls are charged is in tests of [the ledger](ledger).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use latchhook_aws_tests::{
    ledger::{Ledger, check},
    world::{Making, URLS, World, batch, event, event_of},
};
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
    for scopes in [json!([]), json!(["reports:read", "reports:write"]), json!([])] {
        let calls = world.calls(verify(json!({ "key": key, "scopes": scopes }))).await;
        assert_eq!(calls, expected("verify"));
    }
    let calls = world.calls(verify(json!({ "key": key, "request": request }))).await;
    assert_eq!(calls, expected("verify and log"));
}

#[tokio::test]
async fn verifying_with_an_operator_token_is_the_same_one_read() {
    let world = World::at_one_time().await;
    let new = json!({ "type": "secret", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await;
    let key = created.expect(201).text("/key");
    let new = json!({ "name": "gateway", "scopes": ["keys:verify"] });
    let token = world.call(Call::post("/v1/operator_tokens", &new)).await.expect(201);
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
    let verify = verify.bearer(&token.text("/token"));
    // The first one in this process and few seconds also looks up the token, and records its use.
    _ = world.call(verify.clone()).await.expect(200);
    assert_eq!(world.calls(verify).await, expected("verify"));
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
    let world = World::at_one_time().await;
    // Reads the event's type, and whether any type is registered, and remembers them for seconds.
    _ = world.call(event().on(&world.account)).await.expect(202);
    let calls = world.calls(event().on(&world.account)).await;
    // Reads: the account, the webhooks. Writes: the entry by the object, then the event.
    assert_eq!(calls, expected("event"));
    // With an idempotency key: reads the previous answer and the data key, and writes the answer
    // beside the event.
    let calls = world.calls(event().on(&world.account).once("k1")).await;
    assert_eq!(calls, expected("event once"));
}

#[tokio::test]
async fn a_backdated_event_takes_the_calls_of_any_other() {
    let world = World::at_one_time().await;
    _ = world.call(event().on(&world.account)).await.expect(202);
    // Writes: the entry by the object and that by the time of acceptance, together, then the event.
    let backdated = event_of("2026-01-31T09:30:00.000Z").on(&world.account);
    assert_eq!(world.calls(backdated).await, expected("event"));
}

#[tokio::test]
async fn a_batch_is_one_document_more_than_its_events_and_one_message() {
    let world = World::at_one_time().await;
    _ = world.call(event().on(&world.account)).await.expect(202);
    _ = world.received().await;
    // Writes: the batch; then for each event the entry by the object, and the event.
    assert_eq!(world.calls(batch(3).on(&world.account)).await, expected("batch"));
    let [unfold] = &world.received().await[..] else { panic!("not one message") };
    // Reads: the batch; whether its events are there. Writes: the batch without its events.
    assert_eq!(world.delivered(unfold).await, expected("unfold"));
    assert_eq!(world.received().await.len(), 3);
}

#[tokio::test]
async fn first_attempts_that_succeed_take_no_transaction() {
    let world = World::at_one_time().await;
    let cold = world.posted().await;
    for leased in &cold {
        // Warms up: the secrets of a webhook stay in memory for a few minutes, webhook and account for
        // seconds.
        world.deliver(leased).await;
    }
    for leased in world.posted().await {
        let calls = world.delivered(&leased).await;
        // Reads: the deliveries; event and healths. Writes of each attempt: the row and its entry, then the
        // delivery.
        assert_eq!(calls, expected("success"));
        // Lambda may hand a message out twice.
        let again = world.delivered(&leased).await;
        assert_eq!(again, expected("double"));
    }
    assert_eq!(world.network.hits().len(), 4);
}

#[tokio::test]
async fn first_attempts_that_fail_send_one_message_more_each() {
    let world = World::at_one_time().await;
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

/// An operational event is in the commit that makes it true, of an attempt as of a request.
#[tokio::test]
async fn what_is_told_to_the_operator_is_one_document_of_the_commit_and_one_message() {
    const OPERATIONS: &str = "https://operations.example/hooks";
    // A test event is retried for ten minutes: of this schedule its first attempt is the last.
    let schedule = "1x1h".parse().unwrap();
    let world = World::made(Making { schedule, ..Making::at_one_time() }).await;
    for url in URLS {
        world.network.answers(url, 500);
    }
    let list = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200);
    let ping = format!("/v1/webhooks/{}/ping", list.text("/data/0/id"));
    let ping = Call::post(&ping, &json!({})).on(&world.account);
    let exhausted = async || {
        _ = world.call(ping.clone()).await.expect(202);
        let [leased] = &world.received().await[..] else { panic!("not one message") };
        world.delivered(leased).await
    };
    let new = json!({ "type": "secret", "environment": "test" });
    let key = Call::post("/v1/api_keys", &new).on(&world.account);
    // Warms up what is remembered for seconds.
    _ = exhausted().await;
    _ = world.call(key.clone()).await.expect(201);
    let charged = |operation| check(operation, &world.wire.take_ledger());
    assert_eq!(exhausted().await, expected("exhausted"));
    charged("exhausted");
    assert_eq!(world.calls(key.clone()).await, expected("key"));
    charged("key");

    let types = json!(["delivery.exhausted", "api_key.created"]);
    let own = json!({ "webhook_url": OPERATIONS, "event_types": types });
    _ = world.call(Call::post("/v1/operator_webhooks", &own)).await.expect(201);
    world.network.answers(OPERATIONS, 200);
    // The first one looks for the operator's own account, which is remembered.
    _ = world.call(key.clone()).await.expect(201);
    let [unfold] = &world.received().await[..] else { panic!("not one message") };
    world.deliver(unfold).await;
    let [first] = &world.received().await[..] else { panic!("not one message") };
    world.deliver(first).await;

    // Reads besides: the operational webhooks. Writes: the batch, in the same transaction.
    assert_eq!(exhausted().await, expected("exhausted and told"));
    charged("exhausted and told");
    assert_eq!(world.calls(key).await, expected("key and told"));
    charged("key and told");
    let mut unfolding = Vec::new();
    for unfold in world.received().await {
        assert_eq!(world.delivered(&unfold).await, expected("unfold told"));
        unfolding.push(world.wire.take_ledger());
    }
    check("unfold told", &Ledger::mean(&unfolding));
    let told = world.received().await;
    assert_eq!(told.len(), 2);
    for leased in &told {
        world.deliver(leased).await;
    }
    let hits = world.network.hits_at(OPERATIONS);
    let bodies = hits.iter().map(|hit| serde_json::from_slice(&hit.outgoing.body).unwrap());
    let mut told: Vec<String> =
        bodies.map(|body: Value| body["type"].as_str().unwrap().to_owned()).collect();
    told.sort();
    assert_eq!(told, ["api_key.created", "api_key.created", "delivery.exhausted"]);
}

#[tokio::test]
async fn under_a_rate_an_attempt_is_one_update_more_and_one_that_waits_one_message() {
    let world = World::at_one_time().await;
    let webhooks = world.call(Call::get("/v1/webhooks").on(&world.account)).await.json();
    for webhook in webhooks["data"].as_array().unwrap() {
        let change = json!({ "rate_limit": { "limit": 2, "period_seconds": 3600 } });
        let patch = Call::patch(webhook["uri"].as_str().unwrap(), &change);
        _ = world.call(patch.on(&world.account)).await.expect(200);
    }
    for leased in world.posted().await {
        world.deliver(&leased).await;
    }
    for leased in world.posted().await {
        assert_eq!(world.delivered(&leased).await, expected("success under a rate"));
    }
    for leased in world.posted().await {
        assert_eq!(world.delivered(&leased).await, expected("wait"));
    }
    assert_eq!(world.network.hits().len(), 4);
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
    for leased in world.posted().await {
        world.deliver(&leased).await;
    }
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
    // 75 items at once, and the caller's own; each partition of the list is read to its end, and then
    // those of the events, which show deliveries that were never attempted.
    assert_eq!(calls["TransactWriteItems"], 1, "{calls:?}");
    assert_eq!(calls["SendMessageBatch"], 3, "{calls:?}");
    assert!(calls["TransactGetItems"] <= 3 && calls["Query"] <= 5 * 8, "{calls:?}");
    assert!(calls["TransactGetItems items"] <= 154, "{calls:?}");
}
