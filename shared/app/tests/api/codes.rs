//! Error codes of the contract, each with its status and `param`.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use latchhook_app::problem::Code;
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Write},
};
use serde_json::{Value, json};
use simulation::{Call, Rates, Simulation, Ticket, seconds};

use crate::world::{URL, World, call_of, event, refused};

/// Expected error.
struct Expected {
    call: Call,
    code: &'static str,
    param: Value,
}

fn expected(call: Call, code: &'static str) -> Expected {
    Expected { call, code, param: Value::Null }
}

fn naming(call: Call, code: &'static str, param: &str) -> Expected {
    Expected { call, code, param: param.into() }
}

fn status_of(code: &str) -> u16 {
    let code = Code::ALL.iter().find(|known| known.as_str() == code).unwrap();
    code.status()
}

#[test]
fn every_code_is_answered_with_its_status_and_param() {
    let mut seen = BTreeSet::new();
    let mut world = World::new();
    let cases = [requests(&world), callers(&mut world), settings(&mut world), events(&mut world)];
    for Expected { call, code, param } in cases.into_iter().flatten() {
        let described = format!("{call:?}");
        let refused = refused(&mut world.simulation, call);
        assert_eq!(refused, (status_of(code), code.to_owned(), param), "{described}");
        seen.insert(code.to_owned());
    }
    seen.insert(idempotency_in_progress(&mut world));
    seen.insert(unavailable(&mut world));
    seen.insert(internal_error(&mut world));
    seen.insert(rate_limited());
    let all: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(seen, all);
}

/// Errors of the request itself.
fn requests(world: &World) -> Vec<Expected> {
    let post = |path| Call::post(path, &json!({})).on(&world.account);
    vec![
        expected(post("/v1/events").body("application/json", "{"), "malformed_json"),
        naming(post("/v1/events").json(&json!({ "x": 1 })), "unknown_field", "x"),
        naming(Call::get("/v1/account?x=1").on(&world.account), "unknown_field", "x"),
        naming(Call::get("/v1/accounts?cursor=x"), "invalid_cursor", "cursor"),
        expected(Call::get("/v1/nothing"), "not_found"),
        expected(Call::get("/v1/accounts/nonsense"), "not_found"),
        expected(
            Call::get("/v1/webhooks/wh_01jgz2v6nv6e0w5dj3c5rqm8ta").on(&world.account),
            "not_found",
        ),
        expected(Call::delete("/v1/accounts"), "method_not_allowed"),
        expected(post("/v1/events").body("text/plain", "x"), "unsupported_media_type"),
        expected(
            post("/v1/events").body("application/json", vec![b' '; 262_145]),
            "payload_too_large",
        ),
        naming(post("/v1/events"), "missing_field", "type"),
        naming(Call::get("/v1/logs?per_page=0").on(&world.account), "invalid_field", "per_page"),
    ]
}

/// Errors of the caller.
fn callers(world: &mut World) -> Vec<Expected> {
    let expired = world.simulation.create_key(&world.account, "secret", "test");
    let keys = world.simulation.list(&world.account, "/v1/api_keys");
    let path = format!("/v1/api_keys/{}", keys[0]["id"].as_str().unwrap());
    let expire = Call::post(&format!("{path}/expire"), &json!({})).on(&world.account);
    _ = world.simulation.call(expire.clone()).expect(200);
    let closed = world.simulation.open_account();
    let closed_key = world.simulation.create_key(&closed, "secret", "test");
    _ = world.simulation.call(Call::delete(&format!("/v1/accounts/{closed}"))).expect(200);
    let mistyped = format!("{}x", &expired[..expired.len() - 1]);
    let get = |path| Call::get(path);
    vec![
        expected(get("/v1/webhooks"), "account_required"),
        expected(call_of("get", "/v1/webhooks"), "bad_authentication"),
        expected(get("/v1/webhooks").bearer(&mistyped), "bad_authentication"),
        expected(get("/v1/webhooks").bearer(&expired), "key_expired"),
        expected(get("/v1/api_keys").bearer(&world.secret_key), "permission_denied"),
        expected(get("/v1/webhooks").bearer(&closed_key), "account_closed"),
        naming(
            get("/v1/webhooks?environment=live").bearer(&world.secret_key),
            "wrong_environment",
            "environment",
        ),
        expected(expire, "key_already_expired"),
        naming(
            Call::post(&format!("{path}/expire"), &json!({ "expires_at": "2020-01-01T00:00:00Z" }))
                .on(&world.account),
            "invalid_field",
            "expires_at",
        ),
    ]
}

/// Errors of settings.
fn settings(world: &mut World) -> Vec<Expected> {
    let named = json!({ "name": "Bob", "external_id": "bob" });
    _ = world.simulation.call(Call::post("/v1/accounts", &named)).expect(201);
    let full = world.simulation.open_account();
    for name in ["one", "two"] {
        world.simulation.create_webhook(&full, &format!("https://bob.example/{name}"));
    }
    let webhook = |account: &str, url: &str, environment: &str| {
        let body = json!({ "webhook_url": url, "environment": environment });
        Call::post("/v1/webhooks", &body).on(account)
    };
    let live_key = json!({ "type": "secret", "environment": "live" });
    let imported = json!({ "api_keys": [{
        "type": "secret", "environment": "test", "hash": { "algorithm": "sha256", "value": "0f".repeat(32) },
    }] });
    let import = Call::post("/v1/api_keys/import", &imported).on(&world.account);
    let hashed = world.simulation.call(import.clone()).expect(201).text("/data/0/id");
    let reveal = Call::post(&format!("/v1/api_keys/{hashed}/reveal"), &json!({}));
    let scope = Call::put("/v1/key_scopes/reports:read", &json!({}));
    _ = world.simulation.call(scope).expect(200);
    let scoped = json!({ "type": "secret", "environment": "test", "scopes": ["reports:write"] });
    let elsewhere =
        json!({ "type": "secret", "environment": "test", "allowed_networks": ["192.0.2.0/24"] });
    let elsewhere = Call::post("/v1/api_keys", &elsewhere).on(&world.account);
    let elsewhere = world.simulation.call(elsewhere).expect(201).text("/key");
    let account = &world.account;
    let filter = json!({
        "webhook_url": "https://ada.example/x", "environment": "test",
        "filter": { "data": { "object": { "status": "clear" } } },
    });
    let filter = Call::post("/v1/webhooks", &filter).on(account);
    vec![
        naming(filter, "invalid_filter", "filter.data.object.status"),
        naming(import, "key_taken", "api_keys[0]"),
        expected(reveal.on(account), "not_revealable"),
        naming(Call::post("/v1/api_keys", &scoped).on(account), "unknown_scope", "scopes"),
        expected(Call::get("/v1/webhooks").bearer(&elsewhere), "ip_not_allowed"),
        naming(Call::post("/v1/accounts", &named), "conflict", "external_id"),
        expected(Call::post("/v1/api_keys", &live_key).on(account), "account_not_credentialed"),
        naming(webhook(account, URL, "test"), "url_taken", "webhook_url"),
        naming(
            webhook(&full, "https://bob.example/3", "test"),
            "quota_limit_exceeded",
            "webhook_url",
        ),
        naming(
            webhook(account, "https://private.example/", "test"),
            "url_not_public",
            "webhook_url",
        ),
        naming(
            webhook(account, "ftp://ada.example/", "test"),
            "url_scheme_not_allowed",
            "webhook_url",
        ),
        naming(
            webhook(account, "http://ada.example/", "live"),
            "url_scheme_not_allowed",
            "webhook_url",
        ),
        naming(webhook(account, "sns://nonsense", "test"), "invalid_sns_url", "webhook_url"),
        naming(webhook(account, "nonsense", "test"), "invalid_field", "webhook_url"),
    ]
}

/// Errors of posted events.
fn events(world: &mut World) -> Vec<Expected> {
    let schema = json!({ "schema": { "type": "object", "required": ["status"] } });
    let put = Call::put("/v1/event_types/report.completed", &schema);
    _ = world.simulation.call(put).expect(200);
    let with_status = |event_type: &str, status: Value| {
        let mut event = event();
        event["type"] = event_type.into();
        event["data"]["object"]["status"] = status;
        Call::post("/v1/events", &event).on(&world.account)
    };
    let good = with_status("report.completed", json!("clear")).once("k1");
    _ = world.simulation.call(good.clone()).expect(202);
    let post = Call::post("/v1/events", &event()).on(&world.account);
    let webhook = json!({
        "webhook_url": "https://ada.example/x", "environment": "test", "event_types": ["a.b"],
    });
    vec![
        naming(with_status("report.created", json!("x")), "unknown_event_type", "type"),
        naming(
            Call::post("/v1/webhooks", &webhook).on(&world.account),
            "unknown_event_type",
            "event_types",
        ),
        naming(post, "invalid_field", "data.object"),
        expected(with_status("report.completed", json!("x")).once("k1"), "idempotency_mismatch"),
    ]
}

fn idempotency_in_progress(world: &mut World) -> String {
    let call = Call::post("/v1/accounts", &json!({ "name": "Eve" })).once("k2");
    let tickets: Vec<Ticket> = (0..4).map(|_| world.simulation.send(call.clone())).collect();
    world.simulation.run_for(seconds(1));
    let answers = tickets.iter().map(|ticket| ticket.answer().unwrap());
    let refused = answers.into_iter().find(|answer| answer.status == 409).unwrap();
    refused.text("/code")
}

/// Code for a session whose document a newer release has written.
fn internal_error(world: &mut World) -> String {
    let disk = &world.simulation.disk;
    for (document, _) in disk.documents(&[Collection("portal_tokens")]) {
        let newer = Write::Put {
            key: document.key,
            body: r#"{"format":999}"#.into(),
            expires_at: document.expires_at,
            index: vec![],
            condition: Condition::None,
        };
        let commit = Commit { writes: vec![newer], ..Commit::default() };
        disk.commit(commit).now_or_never().unwrap().unwrap();
    }
    let call = Call::get("/v1/account").bearer(&world.session);
    let (status, code, param) = refused(&mut world.simulation, call);
    assert_eq!((status, param), (500, Value::Null));
    code
}

fn unavailable(world: &mut World) -> String {
    world.simulation.faults.set(Rates { before: 1000, ..Rates::NONE });
    let (status, code, param) = world.refused(Call::get("/v1/webhooks"));
    world.simulation.faults.set(Rates::NONE);
    assert_eq!((status, param), (503, Value::Null));
    code
}

fn rate_limited() -> String {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.limits.key_requests = domain::Rate::per_minute(2);
    }));
    let get = Call::get("/v1/account").bearer(&world.secret_key);
    for remaining in ["1", "0"] {
        let answer = world.simulation.call(get.clone()).expect(200);
        assert_eq!(answer.header("x-ratelimit-limit"), "2");
        assert_eq!(answer.header("x-ratelimit-remaining"), remaining);
    }
    let (_, code, param) = refused(&mut world.simulation, get.clone());
    assert_eq!(param, Value::Null);
    let answer = world.simulation.call(get.clone()).expect(429);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    world.simulation.run_for(seconds(wait));
    _ = world.simulation.call(get).expect(200);
    code
}
