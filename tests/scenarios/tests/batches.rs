//! Batches of events: all of them are accepted, or none.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use latchhook_scenarios::{Account, Backend, Need, Receiver, Value, json};

fn event(number: usize) -> Value {
    json!({"type": "report.completed", "environment": "test",
        "data": {"object": {"id": format!("r{number}"), "object": "report"}}})
}

fn keyed(number: usize) -> Value {
    let mut event = event(number);
    event["idempotency_key"] = json!(format!("event-{number}"));
    event
}

fn ids(list: &Value) -> Vec<&str> {
    let events = list["data"].as_array().expect("a list");
    events.iter().map(|event| event["id"].as_str().expect("an identifier")).collect()
}

#[tokio::test]
async fn a_hundred_events_are_accepted_at_once_and_each_is_delivered() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/")).await;
    let events: Vec<Value> = (0..100)
        .map(|number| if number % 2 == 0 { event(number) } else { keyed(number) })
        .collect();
    let body = json!({"events": events});
    let answer = account.operator.post_once("b1", "/v1/events/batch", body.clone()).await;
    let list = answer.is(202);
    assert_eq!((&list["object"], &list["count"]), (&json!("list"), &json!(100)));
    for (number, event) in list["data"].as_array().expect("a list").iter().enumerate() {
        assert_eq!(event["data"]["object"]["id"], format!("r{number}"));
    }
    let mut told: Vec<String> = ids(&list).into_iter().map(str::to_owned).collect();
    if Backend::can(Need::SoonAgain) {
        let mut delivered = Vec::new();
        for _ in 0..100 {
            delivered.push(receiver.next().await.event().to_owned());
        }
        told.sort();
        delivered.sort();
        assert_eq!(delivered, told);
    }
    let again = account.operator.post_once("b1", "/v1/events/batch", body).await;
    assert_eq!(again.is(202), list);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(account.operator.list("/v1/events?per_page=100").await.len(), 100);
}

#[tokio::test]
async fn one_bad_event_refuses_the_batch() {
    let account = Account::open(&Backend::visit()).await;
    let mut bad = event(3);
    bad["type"] = json!("not a type");
    let body = json!({"events": [event(0), event(1), event(2), bad]});
    let refused = account.operator.post("/v1/events/batch", body).await;
    refused.refused_for(422, "invalid_field", "events[3].type");
    let twice = json!({"events": [keyed(0), keyed(0)]});
    let refused = account.operator.post("/v1/events/batch", twice).await;
    refused.refused_for(422, "invalid_field", "events[1].idempotency_key");
    assert!(account.operator.list("/v1/events").await.is_empty());
}

#[tokio::test]
async fn a_key_of_an_event_is_the_key_of_a_request_that_posts_it_alone() {
    let account = Account::open(&Backend::visit()).await;
    let alone = account.operator.post_once("event-0", "/v1/events", event(0)).await.is(202);
    let batch = json!({"events": [keyed(0), keyed(1)]});
    let list = account.operator.post("/v1/events/batch", batch).await.is(202);
    assert_eq!(list["data"][0], alone);
    let second = account.operator.post_once("event-1", "/v1/events", event(1)).await;
    assert_eq!(second.is(202), list["data"][1]);
    let mut other = keyed(1);
    other["data"]["object"]["id"] = json!("r2");
    let refused = account.operator.post("/v1/events/batch", json!({"events": [other]})).await;
    refused.refused_for(422, "idempotency_mismatch", "events[0].idempotency_key");
    assert_eq!(account.operator.list("/v1/events").await.len(), 2);
}

#[tokio::test]
async fn only_the_operator_posts_batches() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let body = json!({"events": [event(0)]});
    key.caller.post("/v1/events/batch", body).await.refused(403, "permission_denied");
}
