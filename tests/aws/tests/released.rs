//! Tables of version 0.1.0: today's code opens them, they mean what they meant, and it works on in them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use contracts::ManualClock;
use embedded::SystemClock;
use latchhook_aws_tests::{
    Place, StoreTime, Wire, released,
    world::{Making, World},
};
use sealed::KeyRing;
use serde_json::{Value, json};
use simulation::Call;

#[tokio::test]
async fn tables_of_version_0_1_0_open_and_mean_what_they_meant() {
    let (world, said) = opened().await;
    for (id, account) in accounts(&said) {
        if account["closed"] == false {
            let snapshot = &account["snapshot"];
            for list in ["events", "webhooks"] {
                has_all(&rows(&world, &id, list).await, &in_order(&snapshot[list]), list);
            }
            for (list, number) in [("logs", "delivery_logs"), ("audit_events", "audit_events")] {
                let rows = rows(&world, &id, list).await;
                assert_eq!(json!(rows.as_array().unwrap().len()), snapshot[number], "{list}");
            }
            for webhook in account["webhooks"].as_object().unwrap().values() {
                let path = format!("/v1/webhooks/{}/reveal_secret", text(&webhook["id"]));
                let revealed = world.call(Call::post(&path, &json!({})).on(&id)).await.expect(200);
                assert_eq!(revealed.json()["signing_secret"], webhook["signing_secret"]);
            }
        }
        for (name, key) in account["keys"].as_object().unwrap() {
            let expected = match name.as_str() {
                _ if account["closed"] == true => "account_closed",
                "expired" => "expired",
                _ => "valid",
            };
            assert_eq!(verified(&world, &key["key"]).await, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn an_installation_of_version_0_1_0_works_on_in_its_tables() {
    let (world, said) = opened().await;
    let (id, account) = accounts(&said).find(|(_, account)| account["closed"] == false).unwrap();
    for webhook in account["snapshot"]["webhooks"].as_array().unwrap() {
        world.network.answers(text(&webhook["webhook_url"]), 200);
    }
    let object = json!({ "id": "rep_9", "object": "report" });
    let event =
        json!({ "type": "report.completed", "environment": "test", "data": { "object": object } });
    let event = world.call(Call::post("/v1/events", &event).on(&id)).await.expect(202).text("/id");
    for leased in &world.received().await {
        world.deliver(leased).await;
    }
    let shown = Call::get(&format!("/v1/events/{event}")).on(&id);
    let shown = world.call(shown).await.expect(200).json();
    let expected = account["webhooks"].as_object().unwrap().iter().filter_map(|(name, webhook)| {
        let status = match name.as_str() {
            "delivers" | "fails" => "delivered",
            // It had answered 410.
            "gone" => "cancelled",
            _ => return None,
        };
        Some(json!([webhook["id"], status]))
    });
    let deliveries = shown["deliveries"].as_array().unwrap().iter();
    let deliveries = deliveries.map(|one| json!([one["webhook_id"], one["status"]]));
    assert_eq!(deliveries.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{shown}");

    let key = &account["keys"]["secret test"];
    let path = format!("/v1/api_keys/{}/roll", text(&key["id"]));
    let successor = world.call(Call::post(&path, &json!({})).on(&id)).await.expect(201).json();
    assert_eq!(verified(&world, &key["key"]).await, "expired");
    assert_eq!(verified(&world, &successor["key"]).await, "valid");
}

/// Opens the installation that version 0.1.0 left, at the time when it did.
async fn opened() -> (World, Value) {
    let (clients, wire) = Wire::tapped().await;
    let place = Place::with(clients).await;
    place.filled_by_version_0_1_0().await;
    let manual = Arc::new(ManualClock::at(released::WRITTEN.parse().unwrap()));
    let clock = Arc::new(StoreTime { manual, system: SystemClock::new() });
    let (ring, said) = released::ring_and_said();
    let making = Making { clock, ..Making::default() };
    (World::on(place, wire, KeyRing::parse(&ring).unwrap(), making), said)
}

fn accounts(said: &Value) -> impl Iterator<Item = (String, &Value)> {
    let accounts = said["accounts"].as_object().unwrap().values();
    accounts.map(|account| (text(&account["id"]).to_owned(), account))
}

/// Returns the rows of a list of the account's.
async fn rows(world: &World, account: &str, list: &str) -> Value {
    let only = if list == "audit_events" { "" } else { "environment=test&" };
    let list = Call::get(&format!("/v1/{list}?{only}per_page=100")).on(account);
    in_order(&world.call(list).await.expect(200).json()["data"])
}

/// Returns a list in the order of its identifiers.
fn in_order(list: &Value) -> Value {
    let mut list = list.as_array().unwrap().clone();
    list.sort_by_key(|one| one["id"].to_string());
    list.into()
}

async fn verified(world: &World, key: &Value) -> String {
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
    world.call(verify).await.expect(200).text("/code")
}

/// Asserts that `answer` has everything that was said; it may have fields that the earlier version had not.
fn has_all(answer: &Value, said: &Value, place: &str) {
    match (answer, said) {
        (Value::Object(answer), Value::Object(said)) => {
            for (name, said) in said {
                let place = format!("{place} {name}");
                has_all(answer.get(name).unwrap_or(&Value::Null), said, &place);
            }
        }
        (Value::Array(answer), Value::Array(said)) => {
            assert_eq!(answer.len(), said.len(), "{place}");
            for (answer, said) in answer.iter().zip(said) {
                has_all(answer, said, place);
            }
        }
        (answer, said) => assert_eq!(answer, said, "{place}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
