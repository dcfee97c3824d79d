//! Ambiguous input: JSON that two parsers could read differently is refused.

use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Document, Write},
};
use serde_json::{Value, json};
use simulation::{Call, OPERATOR_TOKEN};

use crate::world::{World, call_of, filled, refused, routes};

const FORM: &str = "application/x-www-form-urlencoded";

fn post(path: &str, body: &str) -> Call {
    Call::post(path, &json!({})).body("application/json", body.to_owned())
}

/// Event about an object with these additional members.
fn event_of(members: &str) -> Call {
    let object = format!(r#"{{"id":"1","object":"report",{members}}}"#);
    let event = format!(
        r#"{{"type":"report.completed","environment":"test","data":{{"object":{object}}}}}"#
    );
    post("/v1/events", &event)
}

fn invalid(param: impl Into<Value>) -> (u16, String, Value) {
    (422, "invalid_field".to_owned(), param.into())
}

#[test]
fn every_route_with_a_body_refuses_duplicate_members() {
    let mut world = World::new();
    for (method, path) in routes(&world.simulation) {
        if !["post", "put", "patch"].contains(&method.as_str()) {
            continue;
        }
        let call = call_of(&method, &filled(&path)).bearer(OPERATOR_TOKEN).on(&world.account);
        for (body, param) in [
            (r#"{"name":"a","name":"a"}"#, "name"),
            (r#"{"any":[{"deep":1},{"deep":{"x":1,"\u0078":2}}]}"#, "any[1].deep.x"),
        ] {
            let call = call.clone().body("application/json", body);
            let refused = refused(&mut world.simulation, call);
            assert_eq!(refused, invalid(param), "{method} {path} {body}");
        }
    }
}

#[test]
fn a_header_that_is_given_twice_is_refused() {
    let mut world = World::new();
    let body = json!({ "type": "secret", "environment": "test" });
    let call = Call::post("/v1/api_keys", &body).on(&world.account).bearer(OPERATOR_TOKEN);
    let other = world.simulation.open_account();
    for (name, value) in [("latchhook-account", &*other), ("latchhook-account", &*world.account)] {
        let refused = refused(&mut world.simulation, call.clone().header_again(name, value));
        assert_eq!(refused, invalid("Latchhook-Account"), "{value}");
    }
    let twice = call.clone().once("one").header_again("idempotency-key", "two");
    assert_eq!(refused(&mut world.simulation, twice), invalid("Idempotency-Key"));
    let key = format!("Bearer {}", world.secret_key);
    for (first, second) in [(format!("Bearer {OPERATOR_TOKEN}"), &*key), (key.clone(), &*key)] {
        let twice = Call::get("/v1/webhooks").on(&world.account).header("authorization", &first);
        let twice = twice.header_again("authorization", second);
        let bad = (401, "bad_authentication".to_owned(), Value::Null);
        assert_eq!(refused(&mut world.simulation, twice), bad, "{second}");
    }
    assert_eq!(world.simulation.list(&world.account, "/v1/api_keys").len(), 2);
}

#[test]
fn an_ambiguous_event_object_is_refused() {
    let mut world = World::new();
    for (members, param) in [
        (r#""ssn":"123-45-6789","id":"2""#, json!("data.object.id")),
        (r#""\u0069d":"1""#, json!("data.object.id")),
        (r#""uri":"/a","uri":"/a""#, json!("data.object.uri")),
        (r#""amount":-5,"amount":5"#, json!("data.object.amount")),
        (r#""items":[{},{},{},{"name":1,"name":1}]"#, json!("data.object.items[3].name")),
        (r#""a":[[{"b":{"c":1,"c":1}}]]"#, json!("data.object.a[0][0].b.c")),
        (r#""a b":1,"a b":2"#, Value::Null),
        (r#""whsec_abc":1,"whsec_abc":2"#, Value::Null),
        (r#""name":"\ud800""#, json!("data.object.name")),
        (r#""a":{"\udc00":1}"#, Value::Null),
        (r#""amount":1e999"#, json!("data.object.amount")),
    ] {
        assert_eq!(world.refused(event_of(members)), invalid(param), "{members}");
    }
    assert_eq!(world.simulation.list(&world.account, "/v1/events"), Vec::<Value>::new());
}

#[test]
fn an_unambiguous_object_is_delivered_byte_for_byte() {
    let mut world = World::new();
    let change = json!({ "include_object": true });
    world.simulation.change_webhook(&world.account.clone(), &world.webhook.clone(), &change);
    let members = r#""a":-0,"b":1.10,"c":12345678901234567890123,"d":"\u0000\ud83d\ude00","e":1e-999,"":{"":null}"#;
    let posted = world.simulation.call(event_of(members).on(&world.account));
    _ = posted.expect(202);
    world.simulation.run_until_quiet();
    let hits = world.simulation.network.hits();
    let body = String::from_utf8(hits[0].outgoing.body.to_vec()).unwrap();
    let sent = format!(r#""data":{{"object":{{"id":"1","object":"report",{members}}}}}"#);
    assert!(body.contains(&sent), "{body}");
}

#[test]
fn a_list_is_no_object() {
    let mut world = World::new();
    for (body, param) in [
        (r#"{"type":"a.b","environment":"test","data":[{"id":"1","object":"report"}]}"#, "data"),
        (r#"{"type":"a.b","environment":"test","data":{"object":["1","report"]}}"#, "data.object"),
    ] {
        assert_eq!(world.refused(post("/v1/events", body)), invalid(param), "{body}");
    }
    let row = r#"{"request_logs":[["test","GET","/",200]]}"#;
    assert_eq!(world.refused(post("/v1/request_logs", row)), invalid("request_logs"));
}

#[test]
fn an_ambiguous_schema_is_refused() {
    let mut world = World::new();
    let put = |content_type: &str, body: &str| {
        Call::put("/v1/event_types/report.completed", &json!({}))
            .body(content_type, body.to_owned())
    };
    for body in [
        r#"{"schema":{"type":"object","type":"string"}}"#,
        r#"{"schema":{"type":"object","\u0074ype":"string"}}"#,
    ] {
        assert_eq!(world.refused(put("application/json", body)), invalid("schema.type"));
    }
    let form = r#"schema={"properties":{"id":{},"id":false}}"#;
    assert_eq!(world.refused(put(FORM, form)), invalid("schema.properties.id"));
    assert_eq!(world.simulation.list(&world.account, "/v1/event_types"), Vec::<Value>::new());
}

/// Stores an event as an older version accepted it: its object has the additional `members`.
async fn accepted_before(world: &mut World, members: &str) -> String {
    world.simulation.workers_rest = true;
    let posted = world.simulation.call(event_of(r#""ssn":"123-45-6789""#).on(&world.account));
    let event = posted.expect(202).text("/id");
    let disk = world.simulation.disk.clone();
    let (document, index) = disk.documents(&[Collection("events")]).pop().unwrap();
    let body = String::from_utf8(document.body.to_vec()).unwrap();
    let body = body.replacen(r#""ssn":"#, &format!(r#"{members},"ssn":"#), 1);
    let body = body.replacen(r#""format":3"#, r#""format":2"#, 1);
    let Document { key, expires_at, .. } = document;
    let write =
        Write::Put { key, body: body.into(), expires_at, index, condition: Condition::None };
    disk.commit(Commit { writes: vec![write], ..Commit::default() }).await.unwrap();
    world.simulation.workers_rest = false;
    world.simulation.run_until_quiet();
    event
}

#[tokio::test]
async fn an_ambiguous_event_of_an_older_version_is_never_sent_whole() {
    let reference = r#""data":{"object":{"id":"1","object":"report"}}"#;
    for (include_object, members, sent) in [
        (false, r#""id":"2""#, None),
        (false, r#""object":"candidate""#, None),
        (false, r#""uri":"/a","uri":"/b""#, None),
        (false, r#""amount":-5,"amount":5"#, Some(reference)),
        (true, r#""id":"2""#, None),
        (true, r#""amount":-5,"amount":5"#, Some(reference)),
        (true, r#""deep":[{"a":1,"\u0061":2}]"#, Some(reference)),
        (true, r#""amount":1e999"#, Some(reference)),
        (true, r#""name":"\ud800""#, Some(reference)),
    ] {
        let mut world = World::new();
        let (account, webhook) = (world.account.clone(), world.webhook.clone());
        let change = json!({ "include_object": include_object });
        world.simulation.change_webhook(&account, &webhook, &change);
        let event = accepted_before(&mut world, members).await;
        let hits = world.simulation.network.hits();
        let bodies = hits.iter().map(|hit| String::from_utf8(hit.outgoing.body.to_vec()).unwrap());
        let bodies: Vec<String> = bodies.collect();
        let rows = world.simulation.list(&account, &format!("/v1/logs?event_id={event}"));
        assert_eq!((rows.len(), &rows[0]["next_attempt_at"]), (1, &Value::Null), "{members}");
        if let Some(sent) = sent {
            assert_eq!((bodies.len(), &rows[0]["status"]), (1, &json!("succeeded")), "{members}");
            assert!(bodies[0].contains(sent), "{members}: {}", bodies[0]);
            assert_eq!(rows[0]["request"]["body"], json!(bodies[0]));
        } else {
            assert_eq!((bodies.len(), &rows[0]["status"]), (0, &json!("failed")), "{members}");
            assert_eq!(rows[0]["error"]["code"], "ambiguous_object");
            assert_eq!(rows[0]["request"]["body"], Value::Null);
        }
    }
}

#[tokio::test]
async fn a_test_event_is_not_made_of_an_ambiguous_event_of_an_older_version() {
    for members in [r#""amount":-5,"amount":5"#, r#""id":"2""#, r#""name":"\ud800""#] {
        let mut world = World::new();
        let (account, webhook) = (world.account.clone(), world.webhook.clone());
        world.simulation.change_webhook(&account, &webhook, &json!({ "include_object": true }));
        _ = accepted_before(&mut world, members).await;
        let before = world.simulation.network.hits().len();
        let ping = Call::post(
            &format!("/v1/webhooks/{}/ping", webhook.id),
            &json!({ "type": "report.completed" }),
        );
        _ = world.simulation.call(ping.on(&account)).expect(202);
        world.simulation.run_until_quiet();
        let hits = world.simulation.network.hits();
        let [hit] = &hits[before..] else { panic!("{members}: {} attempts", hits.len() - before) };
        let body = String::from_utf8(hit.outgoing.body.to_vec()).unwrap();
        assert!(!body.contains(members) && !body.contains("ssn"), "{members}: {body}");
    }
}

#[test]
fn a_duplicate_parameter_is_refused() {
    let mut world = World::new();
    for (path, param) in [
        ("/v1/events?environment=test&environment=live", "environment"),
        ("/v1/logs?kind=api_request&kind=api_request", "kind"),
        ("/v1/accounts?per_page=1&per_page=2", "per_page"),
        ("/v1/webhooks?as_of=2026-01-31T00:00:00Z&as_of[]=2026-01-31T00:00:00Z", "as_of"),
    ] {
        assert_eq!(world.refused(Call::get(path)), invalid(param), "{path}");
    }
}

#[test]
fn a_path_in_an_events_object_is_written_as_every_other() {
    let mut world = World::new();
    let schema = json!({ "schema": { "properties": {
        "items": { "items": { "properties": { "amount": { "minimum": 0 } } } },
        "names": { "additionalProperties": { "type": "string" } },
    } } });
    let put = Call::put("/v1/event_types/report.completed", &schema);
    _ = world.simulation.call(put).expect(200);
    for (members, param) in [
        (r#""items":[{},{"amount":-1}]"#, json!("data.object.items[1].amount")),
        (r#""names":{"4111 1111 1111 1111":5}"#, Value::Null),
    ] {
        let answer = world.simulation.call(event_of(members).on(&world.account)).json();
        assert_eq!((&answer["code"], &answer["param"]), (&json!("invalid_field"), &param));
        assert!(!answer["error"].as_str().unwrap().contains("4111"), "{answer}");
    }
}

#[test]
fn a_secret_where_a_name_belongs_is_not_repeated() {
    let mut world = World::new();
    let key = world.secret_key.clone();
    let session = world.session.clone();
    let secret = world.webhook.secret.clone();
    for value in [&key, &session, &secret, &OPERATOR_TOKEN.to_owned()] {
        let json = format!(r#"{{"key":"{value}"}}"#);
        for (method, path) in routes(&world.simulation) {
            let path = filled(&path);
            if !path.starts_with("/v1/") {
                continue;
            }
            let call = call_of(&method, &path).bearer(OPERATOR_TOKEN).on(&world.account);
            let query = format!("{path}?{}", encoded(value));
            let asked = call_of(&method, &query).bearer(OPERATOR_TOKEN).on(&world.account);
            let mut calls = vec![asked];
            if ["post", "put", "patch"].contains(&method.as_str()) {
                calls.push(call.clone().body(FORM, encoded(value)));
                calls.push(call.clone().body(FORM, json.clone()));
                calls.push(call.body("application/json", format!(r#"{{"{value}":1}}"#)));
            }
            for call in calls {
                let answer = world.simulation.call(call);
                let told = answer.json();
                let expected = (400, &json!("unknown_field"), &Value::Null);
                let refused = (answer.status, &told["code"], &told["param"]);
                assert_eq!(refused, expected, "{method} {path}");
                assert!(!told.to_string().contains(value.as_str()), "{told}");
            }
        }
    }
}

fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[test]
fn json_sent_as_a_form_is_explained() {
    let mut world = World::new();
    let verify = Call::post("/v1/api_keys/verify", &json!({}));
    let answer = world.simulation.call(verify.body(FORM, r#"{"key":"lh_sk_test_abc"}"#)).json();
    assert_eq!((&answer["code"], &answer["param"]), (&json!("unknown_field"), &Value::Null));
    let sentence = answer["error"].as_str().unwrap();
    assert!(sentence.contains("JSON sent as a form"), "{sentence}");
    assert!(sentence.contains("Content-Type: application/json"), "{sentence}");
}

#[test]
fn a_type_that_is_not_registered_is_not_repeated() {
    let mut world = World::new();
    let put = Call::put("/v1/event_types/report.completed", &json!({}));
    _ = world.simulation.call(put).expect(200);
    let key = world.secret_key.clone();
    let event = json!({ "type": key, "environment": "test",
        "data": { "object": { "id": "1", "object": "report" } } });
    let webhook = json!({ "webhook_url": "https://ada.example/2", "environment": "test",
        "event_types": ["report.*", key] });
    for (call, param) in [
        (Call::post("/v1/events", &event), "type"),
        (Call::post("/v1/webhooks", &webhook), "event_types"),
    ] {
        let answer = world.simulation.call(call.on(&world.account)).json();
        assert_eq!(
            (&answer["code"], &answer["param"]),
            (&json!("unknown_event_type"), &json!(param))
        );
        assert!(!answer.to_string().contains(&key), "{answer}");
    }
}
