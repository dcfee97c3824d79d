//! Real input, from the public documentation of the service that Latchhook is modelled on.

use serde_json::Value;

/// Every event type of the modelled service.
#[must_use]
pub fn event_types() -> Vec<String> {
    let file = parse(include_str!("../data/event_types.json"));
    let types = file["event_types"].as_array().expect("a list").iter();
    types.map(|event_type| event_type.as_str().expect("a name").to_owned()).collect()
}

/// Example payloads of the modelled service: a type and the related object each.
#[must_use]
pub fn payloads() -> Vec<(String, Value)> {
    let file = parse(include_str!("../data/webhook_events.json"));
    let events = file["events"].as_array().expect("a list").iter();
    let payload = |event: &Value| {
        (event["type"].as_str().expect("a name").to_owned(), event["data"]["object"].clone())
    };
    events.map(payload).collect()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("valid data")
}
