//! Batches of events: all of them are accepted, or none.

use domain::answers::{LARGEST_ANSWER, length_in_json};
use ports::store::Collection;
use serde_json::{Value, json};
use simulation::{Answer, Call, minutes};

use crate::world::{URL, World, event};

fn batch(events: &[Value]) -> Call {
    Call::post("/v1/events/batch", &json!({ "events": events }))
}

/// Event with an idempotency key of its own.
fn keyed(key: &str) -> Value {
    let mut event = event();
    event["idempotency_key"] = json!(key);
    event
}

fn ids(answer: &Answer) -> Vec<Value> {
    let list = answer.json();
    list["data"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect()
}

impl World {
    fn accept(&mut self, call: Call) -> Answer {
        self.simulation.call(call.on(&self.account)).expect(202)
    }

    fn number_of_events(&mut self) -> usize {
        self.simulation.list(&self.account, "/v1/events?per_page=100").len()
    }
}

/// Worlds whose commits take everything, and whose commits are apart from their messages.
fn worlds() -> [World; 2] {
    let apart = World::new();
    apart.simulation.faults.split_commits();
    [World::new(), apart]
}

#[test]
fn the_events_of_a_batch_are_answered_in_their_order_and_delivered() {
    for mut world in worlds() {
        let events: Vec<Value> = (0..100)
            .map(|number| {
                let mut event = event();
                event["data"]["object"]["id"] = json!(format!("rep_{number}"));
                event
            })
            .collect();
        let answer = world.accept(batch(&events));
        let list = answer.json();
        assert_eq!((&list["object"], &list["count"]), (&json!("list"), &json!(100)));
        for (number, event) in list["data"].as_array().unwrap().iter().enumerate() {
            assert_eq!(event["data"], events[number]["data"]);
            assert_eq!(event["deliveries"][0]["status"], "pending");
        }
        let listed = world.simulation.list(&world.account, "/v1/events?per_page=100");
        assert_eq!(listed.len(), 100);
        world.simulation.run_until_quiet();
        assert_eq!(world.simulation.network.hits().len(), 100);
        let listed = world.simulation.list(&world.account, "/v1/events?per_page=100");
        assert!(listed.iter().all(|event| event["deliveries"][0]["status"] == "delivered"));
    }
}

/// AWS Lambda gives up an answer of more than 6 MB.
#[test]
fn a_batch_with_more_deliveries_than_an_answer_has_room_for_is_refused_whole() {
    const WEBHOOKS: usize = 400;
    for mut world in worlds() {
        let path = format!("/v1/accounts/{}", world.account);
        let quota = Call::patch(&path, &json!({ "webhook_quota": WEBHOOKS }));
        _ = world.simulation.call(quota).expect(200);
        for number in 1..WEBHOOKS {
            world
                .simulation
                .create_webhook(&world.account, &format!("https://ada.example/{number}"));
        }
        let refused = world.refused(batch(&vec![event(); 100]));
        assert_eq!(refused, (413, "payload_too_large".to_owned(), json!("events")));
        assert_eq!((world.number_of_events(), world.simulation.disk.waiting()), (0, 0));
        let answer = world.accept(batch(&vec![event(); 50]));
        assert_eq!(answer.json()["data"][49]["deliveries"].as_array().unwrap().len(), WEBHOOKS);
        assert!(length_in_json(&answer.body) < LARGEST_ANSWER);
    }
}

#[test]
fn one_fault_refuses_all_and_is_named_with_its_place() {
    for mut world in worlds() {
        let good = event();
        let with = |name: &str, value: Value| {
            let mut event = event();
            event[name] = value;
            event
        };
        let mut untyped = event();
        untyped.as_object_mut().unwrap().remove("type");
        let later = world.simulation.now().plus(minutes(60)).to_string();
        for (bad, status, code, param) in [
            (untyped, 422, "missing_field", "events[1].type"),
            (with("type", json!("not a type")), 422, "invalid_field", "events[1].type"),
            (with("colour", json!(1)), 400, "unknown_field", "events[1].colour"),
            (with("data", json!({})), 422, "missing_field", "events[1].data.object"),
            (
                with("data", json!({ "object": { "id": "r" } })),
                422,
                "missing_field",
                "events[1].data.object.object",
            ),
            (with("created_at", json!(later)), 422, "invalid_field", "events[1].created_at"),
            (
                with("environment", json!("live")),
                403,
                "account_not_credentialed",
                "events[1].environment",
            ),
            (
                with("idempotency_key", json!("a b")),
                422,
                "invalid_field",
                "events[1].idempotency_key",
            ),
            (with("jurisdiction", json!("FR")), 422, "invalid_field", "events[1].jurisdiction"),
            (json!(7), 422, "invalid_field", "events[1]"),
        ] {
            let refused = world.refused(batch(&[good.clone(), bad.clone()]));
            assert_eq!(refused, (status, code.to_owned(), json!(param)), "{bad}");
        }
        assert_eq!(world.number_of_events(), 0);
        world.simulation.run_until_quiet();
        assert_eq!(world.simulation.network.hits().len(), 0);
    }
}

#[test]
fn an_unregistered_type_and_a_broken_schema_are_named_with_their_place() {
    let mut world = World::new();
    let schema = json!({ "schema": { "required": ["amount"] } });
    _ = world.simulation.call(Call::put("/v1/event_types/report.completed", &schema)).expect(200);
    let refused = world.refused(batch(&[event()]));
    assert_eq!((refused.0, &*refused.1), (422, "invalid_field"));
    assert!(refused.2.as_str().unwrap().starts_with("events[0].data.object"), "{}", refused.2);
    let mut other = event();
    other["type"] = json!("report.failed");
    let refused = world.refused(batch(&[other]));
    let expected = (422, "unknown_event_type".to_owned(), json!("events[0].type"));
    assert_eq!(refused, expected);
}

#[test]
fn a_batch_has_1_to_100_events_and_a_mebibyte() {
    let mut world = World::new();
    for events in [vec![], vec![event(); 101]] {
        let refused = world.refused(batch(&events));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("events")));
    }
    let refused = world.refused(Call::post("/v1/events/batch", &json!({})));
    assert_eq!(refused, (422, "missing_field".to_owned(), json!("events")));
    let of_size = |size: usize| {
        let mut event = event();
        event["data"]["object"]["text"] = json!("x".repeat(size));
        event
    };
    let large = vec![of_size(200 * 1024); 5];
    assert_eq!(world.accept(batch(&large)).json()["count"], 5);
    let refused =
        world.refused(batch(&[vec![of_size(200 * 1024); 5], vec![of_size(30_000)]].concat()));
    assert_eq!(refused, (413, "payload_too_large".to_owned(), Value::Null));
    let refused = world.refused(batch(&[event(), of_size(256 * 1024)]));
    assert_eq!(refused, (413, "payload_too_large".to_owned(), json!("events[1]")));
}

#[test]
fn a_large_batch_is_whole_where_no_document_takes_all_of_it() {
    let [_, mut world] = worlds();
    let events: Vec<Value> = (0..5)
        .map(|number| {
            let mut event = event();
            event["data"]["object"]["text"] = json!(number.to_string().repeat(150 * 1024));
            event
        })
        .collect();
    _ = world.accept(batch(&events));
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits().len(), 5);
    let left = world.simulation.disk.documents(&[Collection("event_batches")]);
    let [(left, _)] = &left[..] else { panic!("{left:?}") };
    assert_eq!(&left.body[..], br#"{"format":1,"pieces":0,"events":[]}"#);
}

#[test]
fn an_idempotency_key_in_a_batch_is_the_one_of_the_header() {
    for mut world in worlds() {
        let alone = Call::post("/v1/events", &event()).once("k1");
        let first = world.accept(alone.clone()).text("/id");
        let answer = world.accept(batch(&[keyed("k1"), keyed("k2"), event()]));
        let told = ids(&answer);
        assert_eq!(told[0], json!(first));
        assert_eq!(world.number_of_events(), 3);
        world.simulation.run_until_quiet();
        // Again: what has a key is known, what has none is new.
        let again = ids(&world.accept(batch(&[keyed("k1"), keyed("k2"), event()])));
        assert_eq!(again[..2], told[..2]);
        assert_ne!(again[2], told[2]);
        assert_eq!(world.number_of_events(), 4);
        let known = ids(&world.accept(batch(&[keyed("k2")])));
        assert_eq!(known[..], told[1..2]);
        let second = world.accept(Call::post("/v1/events", &event()).once("k2"));
        assert_eq!(json!(second.text("/id")), told[1]);
        assert_eq!(second.header("idempotent-replayed"), "true");
        world.simulation.run_until_quiet();
        assert_eq!(world.simulation.network.hits().len(), 4);
    }
}

#[test]
fn a_key_of_another_event_or_of_two_in_one_batch_is_refused() {
    for mut world in worlds() {
        _ = world.accept(batch(&[keyed("k1")]));
        let mut other = keyed("k1");
        other["data"]["object"]["id"] = json!("rep_2");
        let refused = world.refused(batch(&[event(), other.clone()]));
        let mismatch = "idempotency_mismatch".to_owned();
        assert_eq!(refused, (422, mismatch.clone(), json!("events[1].idempotency_key")));
        other.as_object_mut().unwrap().remove("idempotency_key");
        let refused = world.refused(Call::post("/v1/events", &other).once("k1"));
        assert_eq!((refused.0, refused.1), (422, mismatch));
        let refused = world.refused(batch(&[keyed("k2"), keyed("k3"), keyed("k2")]));
        let expected = (422, "invalid_field".to_owned(), json!("events[2].idempotency_key"));
        assert_eq!(refused, expected);
        let own = world.refused(batch(&[keyed("k9")]).once("k9"));
        assert_eq!((own.0, own.2), (409, json!("events[0].idempotency_key")));
        assert_eq!(world.number_of_events(), 1);
    }
}

#[test]
fn a_repeated_batch_is_answered_as_the_first_was() {
    for mut world in worlds() {
        let call = batch(&[event(), keyed("k1")]).once("b1");
        let first = world.accept(call.clone());
        let repeat = world.accept(call);
        assert_eq!(repeat.header("idempotent-replayed"), "true");
        assert_eq!(repeat.body, first.body);
        world.simulation.run_until_quiet();
        assert_eq!(world.simulation.network.hits().len(), 2);
    }
}

#[test]
fn an_event_for_a_disabled_webhook_can_be_recovered() {
    for mut world in worlds() {
        let path = format!("/v1/webhooks/{}", world.webhook.id);
        let switch = |status: &str| Call::patch(&path, &json!({ "status": status }));
        _ = world.simulation.call(switch("disabled").on(&world.account)).expect(200);
        let answer = world.accept(batch(&[event(), event()])).json();
        assert_eq!(answer["data"][1]["deliveries"][0]["status"], "cancelled");
        world.simulation.run_until_quiet();
        _ = world.simulation.call(switch("enabled").on(&world.account)).expect(200);
        let recover = json!({ "since": "2020-01-01T00:00:00.000Z" });
        let recover = Call::post(&format!("{path}/recover"), &recover).on(&world.account);
        assert_eq!(world.simulation.call(recover).expect(202).json()["count"], 2);
        world.simulation.run_until_quiet();
        assert_eq!(world.simulation.network.hits().len(), 2);
        assert_eq!(world.simulation.network.hits()[0].url, URL);
    }
}
