//! Timestamps in requests.

use serde_json::{Value, json};
use simulation::{Answer, Call};

use crate::world::{World, filled, routes};

const FORM: &str = "application/x-www-form-urlencoded";

/// Query parameters that are timestamps: path and name.
fn parameters(world: &World) -> Vec<(String, String)> {
    let document = world.simulation.app().openapi();
    let mut found = Vec::new();
    for (method, path) in routes(&world.simulation) {
        let none = vec![];
        let parameters = document["paths"][&path][&method]["parameters"].as_array();
        for parameter in parameters.unwrap_or(&none) {
            if parameter["schema"]["format"] == "date-time" {
                found.push((path.clone(), parameter["name"].as_str().unwrap().to_owned()));
            }
        }
    }
    assert!(found.len() >= 11, "{found:?}");
    found
}

/// Answer without fields that differ from request to request.
fn told(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("request_id");
        fields.remove("next_href");
    }
    (answer.status, json)
}

impl World {
    fn asked(&mut self, path: &str, name: &str, time: &str) -> Answer {
        // Statistics reach back no further than the logs, and must end after they start.
        let others = if name == "until" { "&since=2025-12-31T00:00:00Z" } else { "" };
        let others = if path == "/v1/delivery_stats" { others } else { "" };
        let path = path.replace("/v1/accounts/{id}", &format!("/v1/accounts/{}", self.account));
        let call = Call::get(&format!("{}?{name}={time}{others}", filled(&path)));
        self.simulation.call(call.on(&self.account))
    }
}

#[test]
fn an_unescaped_plus_in_a_query_is_the_sign_of_an_offset() {
    let mut world = World::new();
    for (path, name) in parameters(&world) {
        let utc = world.asked(&path, &name, "2026-01-01T00:00:00Z");
        for time in [
            "2026-01-01T01:00:00+01:00",
            "2026-01-01T01:00:00%2B01:00",
            "2026-01-01T01:00:00.000+01:00",
            "2026-01-01t01:00:00%2001:00",
            "2025-12-31T19:00:00-05:00",
        ] {
            let answer = world.asked(&path, &name, time);
            assert_eq!(told(&answer), told(&utc), "{path}?{name}={time}");
        }
        assert_ne!(utc.text("/code"), "invalid_field", "{path}?{name}: {}", utc.json());
    }
}

#[test]
fn a_time_without_an_offset_is_refused_by_name_with_an_example() {
    let mut world = World::new();
    for (path, name) in parameters(&world) {
        for time in ["2026-01-31T09:30:00", "2026-01-31+09:30:00", "2026-01-31", "1769851800"] {
            let answer = world.asked(&path, &name, time).expect(422);
            assert_eq!(answer.text("/param"), name, "{path} {time}");
            let sentence = answer.text("/error");
            assert!(sentence.contains(&name) && sentence.contains("offset"), "{sentence}");
            assert!(sentence.contains("2026-01-31T09:30:00.000Z"), "{sentence}");
        }
    }
}

#[test]
fn an_unescaped_plus_in_a_form_is_the_sign_of_an_offset() {
    let mut world = World::new();
    let call = Call::post("/v1/api_keys", &json!({})).on(&world.account);
    let body = "type=secret&environment=test&expires_at=2099-01-01T01:00:00+01:00";
    let made = world.simulation.call(call.body(FORM, body)).expect(201);
    assert_eq!(made.text("/expires_at"), "2099-01-01T00:00:00.000Z");
    let path = format!("/v1/api_keys/{}", made.text("/id"));
    for action in ["expire", "roll"] {
        let call = Call::post(&format!("{path}/{action}"), &json!({})).on(&world.account);
        let answer = world.simulation.call(call.body(FORM, "expires_at=2098-01-01T01:00:00+01:00"));
        assert!(answer.status < 300, "{action}: {}", answer.json());
    }
    let ended = world.simulation.show(&world.account, &path);
    assert_eq!(ended["expires_at"], "2098-01-01T00:00:00.000Z");
    let recover = format!("/v1/webhooks/{}/recover", world.webhook.id);
    let call = Call::post(&recover, &json!({})).on(&world.account);
    let since = "since=2026-01-01T01:00:00+01:00&until=2026-01-02T01:00:00+01:00";
    _ = world.simulation.call(call.body(FORM, since)).expect(202);
}

#[test]
fn times_in_json_are_read_unchanged() {
    let mut world = World::new();
    let key = |expires_at: &str| {
        let body = json!({ "type": "secret", "environment": "test", "expires_at": expires_at });
        Call::post("/v1/api_keys", &body)
    };
    let made = world.simulation.call(key("2099-01-01T01:00:00+01:00").on(&world.account));
    assert_eq!(made.expect(201).text("/expires_at"), "2099-01-01T00:00:00.000Z");
    let refused = world.refused(key("2099-01-01T01:00:00 01:00"));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("expires_at")));
}
