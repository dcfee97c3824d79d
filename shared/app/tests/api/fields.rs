//! Unknown fields and parameters, which are refused by name.

use serde_json::{Value, json};
use simulation::{Call, OPERATOR_TOKEN};

use crate::world::{World, call_of, event, filled, refused, routes};

#[test]
fn every_route_refuses_a_query_parameter_that_it_does_not_know() {
    let mut world = World::new();
    for (method, path) in routes(&world.simulation) {
        if !path.starts_with("/v1/") {
            continue;
        }
        let path = format!("{}?nonsense=1", filled(&path));
        let call = call_of(&method, &path).bearer(OPERATOR_TOKEN).on(&world.account);
        let expected = (400, "unknown_field".to_owned(), json!("nonsense"));
        assert_eq!(refused(&mut world.simulation, call), expected, "{method} {path}");
    }
}

#[test]
fn every_route_that_takes_a_body_refuses_a_field_that_it_does_not_know() {
    let mut world = World::new();
    for (method, path) in routes(&world.simulation) {
        if !["post", "put", "patch"].contains(&method.as_str()) {
            continue;
        }
        let call = call_of(&method, &filled(&path)).bearer(OPERATOR_TOKEN).on(&world.account);
        let expected = (400, "unknown_field".to_owned(), json!("nonsense"));
        let json = call.clone().json(&json!({ "nonsense": 1 }));
        assert_eq!(refused(&mut world.simulation, json), expected, "{method} {path}");
        let form = call.body("application/x-www-form-urlencoded", "nonsense=1");
        assert_eq!(refused(&mut world.simulation, form), expected, "{method} {path} as a form");
    }
}

#[test]
fn an_invalid_field_is_named_by_its_full_path() {
    let mut world = World::new();
    let with = |pointer: &str, value: Value| {
        let mut event = event();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        _ = parent.insert(name.to_owned(), value);
        event
    };
    let without = |pointer: &str| {
        let mut event = event();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        event
    };
    let wide = "x".repeat(300);
    for (body, code, param) in [
        (without("/type"), "missing_field", "type"),
        (without("/environment"), "missing_field", "environment"),
        (without("/data"), "missing_field", "data"),
        (without("/data/object"), "missing_field", "data.object"),
        (without("/data/object/id"), "missing_field", "data.object.id"),
        (with("/type", json!(1)), "invalid_field", "type"),
        (with("/type", json!("no spaces")), "invalid_field", "type"),
        (with("/environment", json!("prod")), "invalid_field", "environment"),
        (with("/environment", Value::Null), "invalid_field", "environment"),
        (with("/jurisdiction", json!("DE")), "invalid_field", "jurisdiction"),
        (with("/created_at", json!("yesterday")), "invalid_field", "created_at"),
        (with("/created_at", json!("2999-01-01T00:00:00Z")), "invalid_field", "created_at"),
        (with("/data", json!([])), "invalid_field", "data"),
        (with("/data/object", json!("text")), "invalid_field", "data.object"),
        (with("/data/object/id", json!(wide)), "invalid_field", "data.object.id"),
        (with("/data/object/object", json!("")), "invalid_field", "data.object.object"),
        (with("/data/more", json!(1)), "unknown_field", "data.more"),
    ] {
        let refused = world.refused(Call::post("/v1/events", &body));
        let status = if code == "unknown_field" { 400 } else { 422 };
        assert_eq!(refused, (status, code.to_owned(), json!(param)), "{body}");
    }
    assert_eq!(world.simulation.list(&world.account, "/v1/events"), Vec::<Value>::new());
}

#[test]
fn null_is_refused_for_fields_that_can_not_be_null() {
    let mut world = World::new();
    let account = format!("/v1/accounts/{}", world.account);
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    for (path, fields) in [
        (&account, &["name", "credentialed", "webhook_quota"][..]),
        (&webhook, &["webhook_url", "include_object", "event_types", "status"]),
    ] {
        for field in fields {
            let change = Call::new(http::Method::PATCH, path).bearer(OPERATOR_TOKEN);
            let change = change.json(&json!({ *field: null }));
            let expected = (422, "invalid_field".to_owned(), json!(field));
            assert_eq!(world.refused(change), expected, "{path}");
        }
    }
}

#[test]
fn an_error_is_a_sentence_for_people() {
    let mut world = World::new();
    let verify = |body| Call::post("/v1/api_keys/verify", &body);
    let row = json!({ "environment": "test", "method": "GET", "path": "/", "status": 200 });
    let report = |field: &str, value: Value| {
        let mut other = row.clone();
        other[field] = value;
        Call::post("/v1/request_logs", &json!({ "request_logs": [row.clone(), other] }))
    };
    for (call, param, message) in [
        (verify(json!({ "key": "x", "request": 1 })), "request", "request must be an object."),
        (
            Call::post("/v1/portal_sessions", &json!({ "expires_in": "60" })),
            "expires_in",
            "expires_in must be a whole number from 0 to 4294967295.",
        ),
        (
            Call::post(
                "/v1/webhooks",
                &json!({ "webhook_url": "https://a.example", "event_types": "*" }),
            ),
            "event_types",
            "event_types must be a list.",
        ),
        (
            Call::post(
                "/v1/webhooks",
                &json!({ "webhook_url": "https://a.example", "event_types": [5] }),
            ),
            "event_types",
            "event_types has an entry that must be a string.",
        ),
        (
            report("status", json!(20)),
            "request_logs[1].status",
            "request_logs[1].status must be 100 to 599.",
        ),
        (
            report("ip", json!("999.1.1.1")),
            "request_logs[1].ip",
            "request_logs[1].ip must be an IP address.",
        ),
        (
            report("api_key_id", json!("key_01jgz2v6nv6e0w5dj3c5rqm8ta")),
            "request_logs[1].api_key_id",
            "request_logs[1].api_key_id must name a key of the account in that environment.",
        ),
    ] {
        let answer = world.simulation.call(call.on(&world.account)).json();
        assert_eq!((&answer["param"], &answer["error"]), (&json!(param), &json!(message)));
    }
}

#[test]
fn an_error_never_repeats_a_value() {
    let mut world = World::new();
    let secret = "https://user:hunter2@private.example/hooks";
    for body in [
        json!({ "webhook_url": secret, "environment": "test" }),
        json!({ "webhook_url": "gopher://user:hunter2@ada.example", "environment": "test" }),
        json!({ "webhook_url": "sns://AKIA:hunter2@nowhere/1/2", "environment": "test" }),
        json!({ "webhook_url": ["hunter2"], "environment": "hunter2" }),
    ] {
        let answer = world.simulation.call(Call::post("/v1/webhooks", &body).on(&world.account));
        assert_eq!(answer.status, 422);
        assert!(!String::from_utf8_lossy(&answer.body).contains("hunter2"), "{}", answer.json());
    }
}

#[test]
fn a_body_must_be_an_object_of_json_or_a_form() {
    let mut world = World::new();
    let post = |content_type: &str, body: &'static [u8]| {
        Call::post("/v1/accounts", &json!({})).body(content_type, body)
    };
    for (call, status, code) in [
        (post("application/json", b"{"), 400, "malformed_json"),
        (post("application/json", b"[]"), 400, "malformed_json"),
        (post("application/json", b"{\"name\":\"\xff\"}"), 400, "malformed_json"),
        (post("application/json", b"{\"name\":\"a\"} x"), 400, "malformed_json"),
        (post("text/plain", b"name=a"), 415, "unsupported_media_type"),
        (post("application/xml", b"<a/>"), 415, "unsupported_media_type"),
    ] {
        let refused = world.refused(call);
        assert_eq!(refused, (status, code.to_owned(), Value::Null));
    }
    let nested = format!("{{\"name\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let deep = Call::post("/v1/accounts", &json!({})).body("application/json", nested);
    assert_eq!(world.refused(deep), (422, "invalid_field".to_owned(), json!("name")));
}

#[test]
fn a_malformed_name_of_something_new_is_an_invalid_field() {
    let mut world = World::new();
    let long = "x".repeat(300);
    for (resource, names) in [
        ("event_types", ["a%20b", "*", "report.*", ".a", "a..b", "%FF", long.as_str()]),
        ("key_scopes", ["a%20b", "*", "Reports", "%C3%A9", "a,b", "%FF", long.as_str()]),
    ] {
        for name in names {
            let put = Call::put(&format!("/v1/{resource}/{name}"), &json!({}));
            let expected = (422, "invalid_field".to_owned(), json!("name"));
            assert_eq!(refused(&mut world.simulation, put), expected, "{resource}/{name}");
            let delete = Call::delete(&format!("/v1/{resource}/{name}"));
            let expected = (404, "not_found".to_owned(), Value::Null);
            assert_eq!(refused(&mut world.simulation, delete), expected, "{resource}/{name}");
        }
    }
}

#[test]
fn a_key_is_told_which_field_named_the_other_environment() {
    let mut world = World::new();
    for (field, value) in [("live", json!(true)), ("environment", json!("live"))] {
        let webhook = json!({ "webhook_url": "https://second.example/", field: value });
        let call = Call::post("/v1/webhooks", &webhook).basic(&world.secret_key.clone());
        let expected = (403, "wrong_environment".to_owned(), json!(field));
        assert_eq!(refused(&mut world.simulation, call), expected);
    }
}
