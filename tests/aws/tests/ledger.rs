//! Units of DynamoDB that each operation is charged, by table and partition: a test fails when an
//! operation grows, or when one partition takes more of it.
//!
//! The event is one of the demo's, as APIs send them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use latchhook_aws_tests::{
    ledger::Ledger,
    world::{URLS, World},
};
use serde_json::{Value, json};
use simulation::Call;

/// Checks that an operation was charged what the file says.
#[track_caller]
fn check(operation: &str, charged: &Ledger) {
    let expected: BTreeMap<String, Ledger> =
        serde_json::from_str(include_str!("../ledger.json")).unwrap();
    let charged_text = serde_json::to_string_pretty(charged).unwrap();
    assert_eq!(Some(charged), expected.get(operation), "{operation} is charged {charged_text}");
}

/// Request that posts the demo's event about a report.
fn event() -> Call {
    let events = include_str!("../../../functions/latchhook/src/demo/events.json");
    let events: Vec<Value> = serde_json::from_str(events).unwrap();
    let mut event = events.into_iter().find(|event| event["type"] == "report.completed").unwrap();
    event["environment"] = "test".into();
    Call::post("/v1/events", &event)
}

/// Returns what an answer to `call` is charged.
async fn charged(world: &World, call: Call) -> Ledger {
    _ = world.wire.take_ledger();
    let answer = world.call(call).await;
    assert!(answer.status < 300, "{}", answer.json());
    world.wire.take_ledger()
}

/// Has an event delivered; returns what each of its attempts is charged.
async fn attempted(world: &World) -> Vec<Ledger> {
    _ = world.call(event().on(&world.account)).await.expect(202);
    let mut ledgers = Vec::new();
    for leased in world.received().await {
        _ = world.wire.take_ledger();
        world.deliver(&leased).await;
        ledgers.push(world.wire.take_ledger());
    }
    ledgers
}

#[tokio::test]
async fn an_event_is_charged_to_partitions_of_its_account_and_object() {
    let world = World::at_one_time().await;
    // What is remembered for seconds is read.
    _ = world.call(event().on(&world.account)).await.expect(202);
    check("event", &charged(&world, event().on(&world.account)).await);
}

#[tokio::test]
async fn a_first_attempt_is_charged_to_partitions_of_its_account_unless_it_fails() {
    let world = World::at_one_time().await;
    // What is remembered for seconds or minutes is read.
    _ = attempted(&world).await;
    for ledger in attempted(&world).await {
        check("success", &ledger);
    }
    for url in URLS {
        world.network.answers(url, 500);
    }
    // The first failure is also that of its webhook.
    _ = attempted(&world).await;
    for ledger in attempted(&world).await {
        check("failure", &ledger);
    }
}

#[tokio::test]
async fn verifying_a_key_is_charged_one_read_of_it_and_of_its_account() {
    let world = World::new().await;
    let new = json!({ "type": "secret", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await;
    let verify = json!({ "key": created.expect(201).text("/key") });
    let verify = Call::post("/v1/api_keys/verify", &verify);
    _ = world.call(verify.clone()).await.expect(200);
    check("verify", &charged(&world, verify).await);
}
