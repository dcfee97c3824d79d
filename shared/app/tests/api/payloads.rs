//! Payloads: the layouts of deliveries, and the headers that sign them.

use domain::{PayloadFormat, signing::SigningSecret};
use latchhook_app::delivery::{
    event::AcceptedEvent,
    payload::{self, Layout},
};
use ports::store::Collection;
use serde_json::{Value, json};
use simulation::{Call, Hit, Simulation};

use crate::world::World;

/// World whose deliveries have this layout and these sets of headers.
fn world(format: PayloadFormat, headers: &str) -> World {
    let headers = headers.parse().unwrap();
    World::of(Simulation::with(1, move |settings| {
        settings.envelope.format = format;
        settings.envelope.signature_headers = headers;
    }))
}

/// Body of the request that posts an event with this `data`, as it is written here.
fn posting(data: &str) -> Call {
    let body = format!(
        r#"{{ "type": "report.completed", "environment": "test",
            "created_at": "2026-01-31T09:30:00Z", "data": {data} }}"#
    );
    Call::post("/v1/events", &json!({})).body("application/json", body)
}

impl World {
    /// Posts an event, and returns the event and its delivery.
    fn sent(&mut self, data: &str) -> (Value, Hit) {
        let call = posting(data).on(&self.account);
        let event = self.simulation.call(call).expect(202).json();
        self.simulation.run_until_quiet();
        let hits = self.simulation.network.hits();
        (event, hits.last().unwrap().clone())
    }

    /// Body that the log has of the last attempt.
    fn logged(&mut self) -> Value {
        let rows = self.simulation.list(&self.account, "/v1/logs?kind=webhook_delivery");
        rows[0]["request"]["body"].clone()
    }
}

fn body(hit: &Hit) -> &str {
    std::str::from_utf8(&hit.outgoing.body).unwrap()
}

const DATA: &str = r#"{ "b" : [1.10, -0],
  "a":"é \u0041" }"#;

#[test]
fn a_standard_body_has_type_timestamp_and_the_whole_data() {
    let mut world = world(PayloadFormat::Standard, "webhook");
    let (event, hit) = world.sent(DATA);
    let expected = "{\"type\":\"report.completed\",\"timestamp\":\"2026-01-31T09:30:00.000Z\",\
                    \"data\":{\"b\":[1.10,-0],\"a\":\"é \\u0041\"}}";
    assert_eq!(body(&hit), expected);
    assert_eq!(event["data"], json!({ "b": [1.10, -0.0], "a": "é A" }));
    assert_eq!(world.logged(), expected);
    for data in ["null", "7", "\"text\"", "[]", "{}", r#"{"object":3}"#] {
        let (event, hit) = world.sent(data);
        assert!(body(&hit).ends_with(&format!("\"data\":{data}}}")), "{}", body(&hit));
        assert_eq!(event["data"].to_string(), data);
    }
}

#[test]
fn a_raw_body_is_the_very_bytes_that_were_posted() {
    let mut world = world(PayloadFormat::Raw, "webhook");
    for data in [DATA, "null", " \"x\" ", "[ 1 ,\n2 ]"] {
        let (event, hit) = world.sent(data);
        assert_eq!(body(&hit), data.trim());
        assert_eq!(world.logged(), data.trim());
        let shown = world.simulation.call(
            Call::get(&format!("/v1/events/{}", event["id"].as_str().unwrap())).on(&world.account),
        );
        let shown = String::from_utf8(shown.expect(200).body.to_vec()).unwrap();
        assert!(shown.contains(&format!("\"data\":{}", data.trim())), "{shown}");
    }
    // Signed are these bytes.
    let hit = world.simulation.network.hits().pop().unwrap();
    let [(_, id), (_, timestamp), (_, signature)] = &hit.outgoing.headers[..] else { panic!() };
    let secret = SigningSecret::parse(&world.webhook.secret).unwrap();
    let seconds = timestamp.parse().unwrap();
    assert_eq!(*signature, secret.sign(id, seconds, b"[ 1 ,\n2 ]"));
}

#[test]
fn ambiguous_data_is_refused_whatever_the_layout_is() {
    for format in [PayloadFormat::Standard, PayloadFormat::Raw] {
        let mut world = world(format, "webhook");
        for (data, param) in [(r#"{"a":1,"a":2}"#, "data.a"), ("[1e999]", "data[0]")] {
            let refused = world.refused(posting(data));
            assert_eq!(refused, (422, "invalid_field".to_owned(), json!(param)), "{data}");
        }
        let missing = json!({ "type": "report.completed", "environment": "test" });
        let refused = world.refused(Call::post("/v1/events", &missing));
        assert_eq!(refused, (422, "missing_field".to_owned(), json!("data")));
    }
}

#[test]
fn an_event_is_found_by_its_object_whatever_the_layout_is() {
    let mut world = world(PayloadFormat::Raw, "webhook");
    _ = world.sent(r#"{"object":{"id":"rep_7"},"more":1}"#);
    _ = world.sent("[]");
    let found = world.simulation.list(&world.account, "/v1/events?object_id=rep_7");
    assert_eq!(found.len(), 1);
    let rows = world.simulation.list(&world.account, "/v1/logs?object_id=rep_7");
    assert_eq!(rows[0]["object_id"], "rep_7");
}

#[test]
fn a_schema_describes_all_of_the_data_where_there_need_not_be_an_object() {
    let mut world = world(PayloadFormat::Standard, "webhook");
    let schema = json!({ "schema": { "type": "object", "required": ["score"] } });
    let put = Call::put("/v1/event_types/report.completed", &schema);
    _ = world.simulation.call(put).expect(200);
    _ = world.sent(r#"{"score":1}"#);
    let refused = world.refused(posting(r#"{"object":{"score":1}}"#));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("data")));
}

#[test]
fn test_events_and_samples_are_of_the_whole_data() {
    let mut world = world(PayloadFormat::Standard, "webhook");
    _ = world.sent(r#"{"score":1}"#);
    let path = format!("/v1/webhooks/{}/ping", world.webhook.id);
    let account = world.account.clone();
    let mut ping = |body: &Value| {
        let event = world.simulation.call(Call::post(&path, body).on(&account)).expect(202);
        event.json()["data"].clone()
    };
    assert_eq!(ping(&json!({ "type": "report.completed" })), json!({ "score": 1 }));
    assert_eq!(ping(&json!({ "type": "other", "data": [7] })), json!([7]));
    assert_eq!(ping(&json!({}))["object"], "webhook");
}

#[test]
fn every_set_of_headers_has_the_same_signature() {
    for (prefixes, names) in [
        ("webhook", vec!["webhook"]),
        ("svix", vec!["svix"]),
        ("webhook,X-Acme", vec!["webhook", "x-acme"]),
    ] {
        let mut world = world(PayloadFormat::RelatedObject, prefixes);
        let (event, hit) = world.sent(r#"{"object":{"id":"r","object":"report"}}"#);
        let header = |name: String| {
            let found = hit.outgoing.headers.iter().find(|(known, _)| **known == *name);
            found.map_or_else(|| panic!("no {name}"), |(_, value)| value.clone())
        };
        assert_eq!(hit.outgoing.headers.len(), 3 * names.len());
        let signature = header(format!("{}-signature", names[0]));
        assert!(signature.starts_with("v1,"));
        for prefix in names {
            assert_eq!(json!(header(format!("{prefix}-id"))), event["id"]);
            assert_eq!(header(format!("{prefix}-signature")), signature);
        }
        let rows = world.simulation.list(&world.account, "/v1/logs?kind=webhook_delivery");
        for (name, value) in &hit.outgoing.headers {
            assert_eq!(rows[0]["request"]["headers"][&**name], **value, "{name}");
        }
    }
}

/// An event that was accepted under another setting is delivered by that of now.
#[test]
fn data_without_an_object_is_sent_whole_where_there_should_be_one() {
    let mut raw = world(PayloadFormat::Raw, "webhook");
    let (event, _) = raw.sent("[ 1 ]");
    let stored = raw.simulation.disk.documents(&[Collection("events")]);
    let stored: AcceptedEvent = serde_json::from_slice(&stored[0].0.body).unwrap();
    let layout = Layout { format: PayloadFormat::RelatedObject, include_object: false };
    let body = payload::body(&stored, "https://a.example/", layout).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&body["id"], &body["data"]), (&event["id"], &json!([1])));
}

#[test]
fn the_document_says_what_data_may_be() {
    let schema = |format| {
        let document = world(format, "webhook").simulation.app().openapi();
        document["components"]["schemas"]["PostData"]["properties"]["object"].is_object()
    };
    assert!(schema(PayloadFormat::RelatedObject));
    assert!(!schema(PayloadFormat::Raw));
}
