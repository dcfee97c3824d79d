//! Operator tokens: every route of the OpenAPI document, called with every scope; and their lives.

use domain::OperatorScope;
use futures_util::FutureExt as _;
use ports::Store as _;
use serde_json::{Value, json};
use simulation::{Answer, Call, OPERATOR_TOKEN, minutes, seconds};

use crate::{
    permissions::{Needs, needs},
    world::{World, call_of, event, filled, refused, routes},
};

/// Scopes with any of which a token is admitted at a route. A new route must be added here.
fn admitting(method: &str, path: &str) -> &'static [OperatorScope] {
    use OperatorScope::{
        AccountsRead, AccountsWrite, EventTypesWrite, EventsRead, EventsWrite, KeysRead,
        KeysVerify, KeysWrite, LogsRead, OperatorTokensWrite, PortalSessionsWrite,
        RequestLogsWrite, SecretsReveal, WebhooksRead, WebhooksWrite,
    };
    match (method, path) {
        ("get", "/v1/account" | "/v1/accounts" | "/v1/accounts/{id}") => &[AccountsRead],
        ("post", "/v1/accounts") | ("patch" | "delete", "/v1/accounts/{id}") => &[AccountsWrite],
        ("post", "/v1/api_keys/verify") => &[KeysVerify],
        ("get", "/v1/api_keys" | "/v1/api_keys/{id}") => &[KeysRead],
        ("patch", "/v1/api_keys/{id}")
        | (
            "post",
            "/v1/api_keys"
            | "/v1/api_keys/import"
            | "/v1/api_keys/{id}/expire"
            | "/v1/api_keys/{id}/roll",
        ) => &[KeysWrite],
        ("post", "/v1/api_keys/{id}/reveal" | "/v1/webhooks/{id}/reveal_secret") => {
            &[SecretsReveal]
        }
        ("get", "/v1/key_scopes") => &[KeysRead, KeysWrite, EventTypesWrite],
        ("get", "/v1/event_types") => {
            &[EventsRead, EventsWrite, WebhooksRead, WebhooksWrite, EventTypesWrite]
        }
        ("put" | "delete", "/v1/key_scopes/{name}" | "/v1/event_types/{name}") => {
            &[EventTypesWrite]
        }
        ("get", "/v1/webhooks" | "/v1/webhooks/{id}" | "/v1/retry_schedule") => &[WebhooksRead],
        ("patch" | "delete", "/v1/webhooks/{id}")
        | (
            "post",
            "/v1/webhooks"
            | "/v1/webhooks/{id}/rotate_secret"
            | "/v1/webhooks/{id}/ping"
            | "/v1/webhooks/{id}/recover"
            | "/v1/events/{id}/resend"
            | "/v1/events/{id}/advance",
        ) => &[WebhooksWrite],
        ("get", "/v1/events" | "/v1/events/{id}") => &[EventsRead],
        ("post", "/v1/events" | "/v1/events/batch") | ("delete", "/v1/events/{id}") => {
            &[EventsWrite]
        }
        ("post", "/v1/request_logs") => &[RequestLogsWrite],
        (
            "get",
            "/v1/logs"
            | "/v1/logs/{id}"
            | "/v1/audit_events"
            | "/v1/delivery_stats"
            | "/v1/delivery_health"
            | "/v1/webhooks/{id}/statement",
        ) => &[LogsRead],
        (_, "/v1/portal_sessions" | "/v1/portal_sessions/{id}") => &[PortalSessionsWrite],
        (
            _,
            "/v1/operator_tokens"
            | "/v1/operator_tokens/{id}"
            | "/v1/operator_webhooks"
            | "/v1/operator_webhooks/{id}",
        ) => &[OperatorTokensWrite],
        _ => panic!("place {method} {path} in this table"),
    }
}

/// Token that was made.
struct Made {
    id: String,
    text: String,
}

impl World {
    /// Makes a token with `body`'s fields beside its name.
    #[track_caller]
    fn token(&mut self, mut body: Value) -> Made {
        body["name"] = json!("gateway");
        let made = self.simulation.call(Call::post("/v1/operator_tokens", &body)).expect(201);
        Made { id: made.text("/id"), text: made.text("/token") }
    }

    fn scoped(&mut self, scopes: &[&str]) -> Made {
        self.token(json!({ "scopes": scopes }))
    }

    fn end(&mut self, token: &Made) -> Answer {
        self.simulation.call(Call::delete(&path(token))).expect(200)
    }

    /// Status and code with which a call with the token on the account is answered.
    fn told(&mut self, token: &Made, call: Call) -> (u16, String) {
        let answer = self.simulation.call(call.bearer(&token.text).on(&self.account));
        (answer.status, if answer.status < 300 { String::new() } else { answer.text("/code") })
    }
}

fn path(token: &Made) -> String {
    format!("/v1/operator_tokens/{}", token.id)
}

fn denied(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn every_route_admits_tokens_with_its_scope_alone() {
    let mut world = World::new();
    let tokens: Vec<_> = OperatorScope::ALL
        .iter()
        .map(|scope| (*scope, world.token(json!({ "scopes": [scope] }))))
        .collect();
    let document = world.simulation.app().openapi();
    for (method, path) in routes(&world.simulation) {
        if needs(&method, &path) == Needs::Nothing {
            continue;
        }
        let admitting = admitting(&method, &path);
        for (scope, token) in &tokens {
            let call = call_of(&method, &filled(&path)).bearer(&token.text).on(&world.account);
            let answer = world.simulation.call(call);
            let refused = answer.status == 403 && answer.text("/code") == "permission_denied";
            let admitted = admitting.contains(scope);
            assert_eq!(refused, !admitted, "{scope}: {method} {path}: {}", answer.json());
        }
        let told = &document["paths"][&path][&method]["x-operator-scopes"];
        assert_eq!(*told, json!(admitting), "{method} {path}");
    }
}

#[test]
fn a_token_with_every_scope_is_refused_nowhere() {
    let mut world = World::new();
    let token = world.token(json!({ "scopes": OperatorScope::ALL }));
    for (method, path) in routes(&world.simulation) {
        if needs(&method, &path) == Needs::Nothing {
            continue;
        }
        let call = call_of(&method, &filled(&path)).on(&world.account);
        let answer = world.simulation.call(call.bearer(&token.text));
        assert!(!matches!(answer.status, 401 | 403), "{method} {path}: {}", answer.json());
    }
}

/// Calls of a gateway that lets its customers' requests in.
#[test]
fn a_verifier_verifies_and_does_nothing_else() {
    let mut world = World::new();
    let gateway = world.scoped(&["keys:verify"]);
    let request = json!({ "method": "GET", "path": "/reports", "ip": "203.0.113.7" });
    let verify = json!({ "key": world.secret_key, "request": request });
    let verify = Call::post("/v1/api_keys/verify", &verify).bearer(&gateway.text);
    let valid = world.simulation.call(verify.clone()).expect(200).json();
    assert_eq!(valid["code"], "valid");
    let rows = world.simulation.list(&world.account, "/v1/logs?kind=api_request");
    assert_eq!(rows[0]["path"], "/reports");
    for call in [
        Call::get("/v1/accounts"),
        Call::get("/v1/api_keys"),
        Call::post("/v1/events", &event()),
        Call::post("/v1/operator_tokens", &json!({ "name": "x", "scopes": ["keys:verify"] })),
        Call::delete(&path(&gateway)),
    ] {
        assert_eq!(world.told(&gateway, call), denied(403, "permission_denied"));
    }
    world.end(&gateway);
    assert_eq!(refused(&mut world.simulation, verify).0, 401);
}

#[test]
fn a_token_is_shown_once_and_kept_nowhere() {
    let mut world = World::new();
    let body = json!({ "name": "gateway", "scopes": ["keys:verify", "keys:verify"] });
    let made = world.simulation.call(Call::post("/v1/operator_tokens", &body)).expect(201);
    let mut told = made.json();
    let text = told.as_object_mut().unwrap().remove("token").unwrap();
    let text = text.as_str().unwrap();
    assert!(text.starts_with("lhop_") && text.len() == 48, "{text}");
    assert_eq!(
        told,
        json!({
            "id": made.text("/id"),
            "object": "operator_token",
            "uri": format!("/v1/operator_tokens/{}", made.text("/id")),
            "name": "gateway",
            "scopes": ["keys:verify"],
            "status": "active",
            "created_at": world.simulation.now().to_string(),
            "expires_at": null,
            "last_used_at": null,
            "ended_at": null,
        })
    );
    let shown = world.simulation.call(Call::get(&made.text("/uri"))).expect(200).json();
    assert_eq!(shown, told);
    let list = world.simulation.call(Call::get("/v1/operator_tokens")).expect(200).json();
    assert_eq!((&list["data"], &list["count"]), (&json!([told]), &json!(1)));
    let kept = world.simulation.disk.everything();
    assert!(kept.iter().all(|kept| !kept.contains(text)));
}

#[test]
fn an_ended_token_opens_nothing_and_stays_listed() {
    let mut world = World::new();
    let token = world.scoped(&["accounts:read"]);
    assert_eq!(world.told(&token, Call::get("/v1/accounts")).0, 200);
    world.simulation.run_for(minutes(2));
    let ended = world.end(&token).json();
    assert_eq!(
        (&ended["status"], &ended["ended_at"]),
        (&json!("ended"), &json!(world.simulation.now()))
    );
    assert!(ended["last_used_at"].is_string() && ended.get("token").is_none(), "{ended}");
    assert_eq!(world.told(&token, Call::get("/v1/accounts")), denied(401, "bad_authentication"));
    world.simulation.run_for(minutes(2));
    assert_eq!(world.end(&token).json(), ended, "it has ended already");
    let list = world.simulation.call(Call::get("/v1/operator_tokens")).expect(200).json();
    assert_eq!(list["data"], json!([ended]));
    let unknown = Call::delete("/v1/operator_tokens/optk_01jgz2v6nv6e0w5dj3c5rqm8ta");
    assert_eq!(refused(&mut world.simulation, unknown).1, "not_found");
}

#[test]
fn a_token_ends_at_its_instant_with_a_code_of_its_own() {
    let mut world = World::new();
    let at = world.simulation.now().plus(minutes(5));
    let token = world.token(json!({ "scopes": ["accounts:read"], "expires_at": at }));
    world.simulation.run_for(seconds(299));
    assert_eq!(world.told(&token, Call::get("/v1/accounts")).0, 200);
    world.simulation.run_for(seconds(1));
    assert_eq!(world.told(&token, Call::get("/v1/accounts")), denied(401, "key_expired"));
    let shown = world.simulation.call(Call::get(&path(&token))).expect(200).json();
    assert_eq!((&shown["status"], &shown["expires_at"]), (&json!("expired"), &json!(at)));
    world.end(&token);
    assert_eq!(world.told(&token, Call::get("/v1/accounts")), denied(401, "bad_authentication"));
    let past =
        json!({ "name": "x", "scopes": ["keys:read"], "expires_at": world.simulation.now() });
    let past = refused(&mut world.simulation, Call::post("/v1/operator_tokens", &past));
    assert_eq!(past, (422, "invalid_field".to_owned(), json!("expires_at")));
}

#[test]
fn nobody_makes_a_token_with_scopes_they_lack() {
    let mut world = World::new();
    let maker = world.scoped(&["operator_tokens:write", "keys:verify"]);
    let make = |scopes: Value| {
        let body = json!({ "name": "made", "scopes": scopes });
        Call::post("/v1/operator_tokens", &body).bearer(&maker.text)
    };
    _ = world.simulation.call(make(json!(["keys:verify"]))).expect(201);
    for beyond in [json!(["keys:read"]), json!(["keys:verify", "accounts:write"])] {
        let answer = refused(&mut world.simulation, make(beyond));
        assert_eq!(answer, (403, "permission_denied".to_owned(), json!("scopes")));
    }
    for (wrong, code, param) in [
        (json!([]), "invalid_field", "scopes"),
        (json!(["keys:everything"]), "invalid_field", "scopes"),
        (json!("keys:verify"), "invalid_field", "scopes"),
    ] {
        let answer = refused(&mut world.simulation, make(wrong));
        assert_eq!(answer, (422, code.to_owned(), json!(param)));
    }
    let own = Call::delete(&path(&maker)).bearer(&maker.text);
    assert_eq!(world.simulation.call(own).expect(200).text("/status"), "ended");
}

#[test]
fn the_history_names_the_token() {
    let mut world = World::new();
    let token = world.scoped(&["webhooks:write"]);
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let change = Call::patch(&webhook, &json!({ "description": "theirs" }));
    assert_eq!(world.told(&token, change).0, 200);
    let newest = world.simulation.list(&world.account, "/v1/audit_events").remove(0);
    assert_eq!(newest["actor"], json!({ "type": "operator", "id": token.id, "name": "gateway" }));
    let change = Call::patch(&webhook, &json!({ "description": "of the root" })).on(&world.account);
    _ = world.simulation.call(change).expect(200);
    let newest = world.simulation.list(&world.account, "/v1/audit_events").remove(0);
    assert_eq!(newest["actor"], json!({ "type": "operator", "id": null }));
}

#[test]
fn the_last_use_is_known_to_the_minute_and_refusals_are_none() {
    let mut world = World::new();
    let token = world.scoped(&["accounts:read"]);
    let used = |world: &mut World| {
        world.simulation.call(Call::get(&path(&token))).expect(200).json()["last_used_at"].clone()
    };
    assert_eq!(world.told(&token, Call::get("/v1/webhooks")), denied(403, "permission_denied"));
    assert_eq!(used(&mut world), Value::Null);
    let first = world.simulation.now();
    for _ in 0..3 {
        assert_eq!(world.told(&token, Call::get("/v1/account")).0, 200);
        assert_eq!(used(&mut world), json!(first));
        world.simulation.run_for(seconds(20));
    }
    assert_eq!(world.told(&token, Call::get("/v1/account")).0, 200);
    assert_eq!(used(&mut world), json!(world.simulation.now()));
}

#[test]
fn a_repeat_shows_the_token_again_to_its_maker_alone_and_the_stream_says_so() {
    let mut world = World::new();
    let scopes = ["operator_tokens:write", "keys:verify"];
    let (one, other) = (world.scoped(&scopes), world.scoped(&scopes));
    let body = json!({ "name": "made", "scopes": ["keys:verify"] });
    let make = Call::post("/v1/operator_tokens", &body).once("once");
    let first = world.simulation.call(make.clone().bearer(&one.text)).expect(201);
    let again = world.simulation.call(make.clone().bearer(&one.text)).expect(201);
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    let others = world.simulation.call(make.bearer(&other.text)).expect(201);
    assert_ne!(others.text("/id"), first.text("/id"));
    let replayed = world.simulation.disk.replay(None, usize::MAX).now_or_never().unwrap();
    let events =
        replayed.unwrap().0.into_iter().filter(|one| one.event.name.name == "operator_token.shown");
    let shown: Vec<String> = events.map(|one| one.stream.to_string()).collect();
    assert_eq!(shown, [format!("{}/access", first.text("/id"))]);
}

#[test]
fn a_token_that_is_ended_while_a_body_is_held_does_nothing() {
    let mut world = World::new();
    let scopes = ["accounts:write", "keys:verify", "operator_tokens:write"];
    let made = json!({ "name": "made", "scopes": ["keys:verify"] });
    for call in [
        Call::post("/v1/accounts", &json!({ "name": "Late Ltd." })),
        Call::post("/v1/operator_tokens", &made),
        Call::post("/v1/api_keys/verify", &json!({ "key": world.secret_key })),
    ] {
        let token = world.scoped(&scopes);
        let (ticket, held) = world.simulation.send_held(call.bearer(&token.text));
        world.simulation.settle();
        world.end(&token);
        held.let_go();
        let answer = world.simulation.wait_for(&ticket);
        assert_eq!((answer.status, &*answer.text("/code")), (401, "bad_authentication"));
    }
    let accounts = world.simulation.call(Call::get("/v1/accounts")).expect(200).json();
    assert_eq!(accounts["count"], 1);
}

#[test]
fn a_session_at_the_pages_has_the_scopes_of_its_token() {
    let mut world = World::new();
    let token = world.scoped(&["logs:read", "accounts:read"]);
    let sign_in =
        |token: &str| Call::post("/page/operator_sessions", &json!({ "token": token })).anonymous();
    let begun = world.simulation.call(sign_in(&token.text)).expect(200);
    let session = format!("/page/operator_sessions/{}", begun.text("/id"));
    let who = world.simulation.call(Call::get(&session).bearer(&token.text)).expect(200).json();
    assert_eq!(who, json!({ "name": "gateway", "scopes": ["accounts:read", "logs:read"] }));
    let root = world.simulation.call(sign_in(OPERATOR_TOKEN)).expect(200);
    let root = Call::get(&format!("/page/operator_sessions/{}", root.text("/id")));
    let who = world.simulation.call(root).expect(200).json();
    assert_eq!(who, json!({ "name": null, "scopes": OperatorScope::ALL }));
    world.end(&token);
    assert_eq!(refused(&mut world.simulation, sign_in(&token.text)).0, 401);
    assert_eq!(refused(&mut world.simulation, Call::get(&session).bearer(&token.text)).0, 401);
}
