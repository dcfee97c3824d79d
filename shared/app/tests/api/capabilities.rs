//! Capabilities of portal sessions: every route of the OpenAPI document, called with every capability.

use domain::{Capability, Timestamp};
use serde_json::{Value, json};
use simulation::{Call, Simulation, hours};

use crate::{
    permissions::{Needs, needs},
    world::{URL, World, call_of, event, filled, routes},
};

/// Capabilities with any of which a portal session is admitted at a route that is open to one; none:
/// it is admitted with none.
fn admitting(method: &str, path: &str) -> &'static [Capability] {
    use Capability::{KeysRead, KeysReveal, KeysWrite, LogsRead, WebhooksRead, WebhooksWrite};
    match (method, path) {
        ("get", "/v1/account") | ("delete", "/v1/portal_sessions/{id}") => &[],
        ("get", "/v1/portal_sessions/{id}" | "/v1/key_scopes") => Capability::ALL,
        ("get", "/v1/api_keys" | "/v1/api_keys/{id}") => &[KeysRead],
        ("post", "/v1/api_keys/{id}/reveal") => &[KeysReveal],
        ("patch", "/v1/api_keys/{id}")
        | ("post", "/v1/api_keys" | "/v1/api_keys/{id}/expire" | "/v1/api_keys/{id}/roll") => {
            &[KeysWrite]
        }
        (
            "get",
            "/v1/webhooks"
            | "/v1/webhooks/{id}"
            | "/v1/webhooks/{id}/statement"
            | "/v1/event_types"
            | "/v1/retry_schedule",
        ) => &[WebhooksRead],
        ("patch" | "delete", "/v1/webhooks/{id}")
        | (
            "post",
            "/v1/webhooks"
            | "/v1/events/{id}/resend"
            | "/v1/events/{id}/advance"
            | "/v1/webhooks/{id}/reveal_secret"
            | "/v1/webhooks/{id}/rotate_secret"
            | "/v1/webhooks/{id}/ping"
            | "/v1/webhooks/{id}/recover",
        ) => &[WebhooksWrite],
        (
            "get",
            "/v1/logs" | "/v1/logs/{id}" | "/v1/audit_events" | "/v1/delivery_stats" | "/v1/events"
            | "/v1/events/{id}",
        ) => &[LogsRead],
        _ => panic!("place {method} {path} in this table"),
    }
}

impl World {
    /// Opens a session on these terms; returns its identifier and token.
    fn session_with(&mut self, terms: &Value) -> (String, String) {
        let call = Call::post("/v1/portal_sessions", terms).on(&self.account);
        let session = self.simulation.call(call).expect(201);
        (session.text("/id"), session.text("/token"))
    }
}

#[test]
fn every_route_admits_sessions_with_its_capability_alone() {
    let mut world = World::new();
    let mut sessions = vec![(vec![], world.session_with(&json!({ "capabilities": [] })).1)];
    for capability in Capability::ALL {
        let (_, token) = world.session_with(&json!({ "capabilities": [capability] }));
        sessions.push((vec![*capability], token));
    }
    let (_, all) = world.session_with(&json!({ "capabilities": Capability::ALL }));
    sessions.push((Capability::ALL.to_vec(), all));
    for (method, path) in routes(&world.simulation) {
        if !matches!(
            needs(&method, &path),
            Needs::Anyone | Needs::Developer | Needs::AnyDeveloper | Needs::Settings
        ) {
            continue;
        }
        let admitting = admitting(&method, &path);
        for (capabilities, token) in &sessions {
            let call = call_of(&method, &filled(&path)).bearer(token);
            let answer = world.simulation.call(call);
            let refused = answer.status == 403 && answer.text("/code") == "permission_denied";
            let admitted =
                admitting.is_empty() || admitting.iter().any(|one| capabilities.contains(one));
            assert_eq!(refused, !admitted, "{capabilities:?}: {method} {path}: {}", answer.json());
        }
    }
}

#[test]
fn what_is_refused_happens_neither_now_nor_for_a_repeat() {
    let mut world = World::new();
    let (_, token) = world.session_with(&json!({ "capabilities": ["webhooks:read", "logs:read"] }));
    let event = world.simulation.post_event(&world.account);
    world.simulation.run_until_quiet();
    let hits = world.simulation.network.hits_at(URL).len();
    let resend = json!({ "webhook_id": world.webhook.id });
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    for call in [
        Call::post(&format!("/v1/events/{event}/resend"), &resend),
        Call::post(&format!("{webhook}/ping"), &json!({})),
        Call::post(&format!("{webhook}/reveal_secret"), &json!({})),
        Call::patch(&webhook, &json!({ "description": "changed" })),
        Call::delete(&webhook),
    ] {
        for _ in 0..2 {
            let answer = world.simulation.call(call.clone().bearer(&token).once("again"));
            assert_eq!((answer.status, &*answer.text("/code")), (403, "permission_denied"));
        }
    }
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits_at(URL).len(), hits);
    let shown = world.simulation.call(Call::get(&webhook).bearer(&token)).expect(200).json();
    assert_eq!((&shown["description"], &shown["status"]), (&Value::Null, &json!("enabled")));
}

#[test]
fn a_session_begun_with_a_link_may_do_what_its_terms_say() {
    let mut world = World::new();
    let terms = json!({ "capabilities": ["keys:read"], "actor": { "id": "user_7" } });
    let call = Call::post("/v1/portal_sessions", &terms).on(&world.account);
    let url = world.simulation.call(call).expect(201).text("/url");
    let code = json!({ "code": url.split("code=").nth(1).unwrap() });
    let redeem = Call::post("/v1/portal_sessions/redeem", &code).anonymous();
    let token = world.simulation.call(redeem).expect(201).text("/token");
    _ = world.simulation.call(Call::get("/v1/api_keys").bearer(&token)).expect(200);
    assert_eq!(world.simulation.call(Call::get("/v1/logs").bearer(&token)).status, 403);
}

#[test]
fn the_history_names_the_person_of_a_session() {
    let mut world = World::new();
    let actor = json!({ "id": "user_7", "name": "Grace Hopper", "email": "grace@example.com" });
    let (id, token) = world.session_with(&json!({ "actor": actor }));
    let path = format!("/v1/webhooks/{}", world.webhook.id);
    let change = Call::patch(&path, &json!({ "description": "hers" })).bearer(&token);
    _ = world.simulation.call(change).expect(200);
    let newest = world.simulation.list(&world.account, "/v1/audit_events").remove(0);
    assert_eq!(newest["actor"], json!({ "type": "portal_session", "id": id, "person": actor }));
    let (id, token) = world.session_with(&json!({ "actor": { "id": "user_8" } }));
    let change = Call::patch(&path, &json!({ "description": "theirs" })).bearer(&token);
    _ = world.simulation.call(change).expect(200);
    let newest = world.simulation.list(&world.account, "/v1/audit_events").remove(0);
    let person = json!({ "id": "user_8", "name": null, "email": null });
    assert_eq!(newest["actor"], json!({ "type": "portal_session", "id": id, "person": person }));
    let change = Call::patch(&path, &json!({ "description": "nobody" })).bearer(&world.session);
    _ = world.simulation.call(change).expect(200);
    let newest = world.simulation.list(&world.account, "/v1/audit_events").remove(0);
    assert!(newest["actor"].get("person").is_none(), "{newest}");
}

#[test]
fn rows_show_who_is_there_and_what_they_may_do() {
    let mut world = World::new();
    let (id, token) = world.session_with(&json!({
        "actor": { "id": "user_7", "email": "grace@example.com" },
        "capabilities": ["logs:read", "keys:read", "logs:read"],
        "return_url": "https://app.example.com/settings?tab=api",
    }));
    let path = format!("/v1/portal_sessions/{id}");
    let row = world.simulation.show(&world.account, &path);
    let actor = json!({ "id": "user_7", "name": null, "email": "grace@example.com" });
    assert_eq!((&row["actor"], &row["capabilities"]), (&actor, &json!(["keys:read", "logs:read"])));
    assert_eq!(world.simulation.call(Call::get(&path).bearer(&token)).expect(200).json(), row);
    let rows = world.simulation.list(&world.account, "/v1/portal_sessions");
    assert_eq!(rows[0], row);
    assert_eq!(
        (&rows[1]["actor"], &rows[1]["capabilities"]),
        (&Value::Null, &json!(Capability::ALL))
    );
}

#[test]
fn a_session_without_capabilities_may_see_its_account_and_end_itself() {
    let mut world = World::new();
    let (id, token) = world.session_with(&json!({ "capabilities": [] }));
    let own = format!("/v1/portal_sessions/{id}");
    let account = world.simulation.call(Call::get("/v1/account").bearer(&token)).expect(200);
    assert_eq!(account.text("/id"), world.account);
    assert_eq!(world.simulation.call(Call::get(&own).bearer(&token)).status, 403);
    _ = world.simulation.call(Call::delete(&own).bearer(&token)).expect(200);
    assert_eq!(world.simulation.call(Call::get("/v1/account").bearer(&token)).status, 401);
}

#[test]
fn terms_that_are_wrong_are_refused_by_their_field() {
    let mut world = World::new();
    for (terms, code, param) in [
        (json!({ "capabilities": ["keys:read", "keys:own"] }), "invalid_field", "capabilities"),
        (json!({ "capabilities": "keys:read" }), "invalid_field", "capabilities"),
        (json!({ "actor": {} }), "missing_field", "actor.id"),
        (json!({ "actor": { "id": "" } }), "invalid_field", "actor.id"),
        (json!({ "actor": { "id": "x", "role": "boss" } }), "unknown_field", "actor.role"),
        (
            json!({ "actor": { "id": "x", "email": "a".repeat(321) } }),
            "invalid_field",
            "actor.email",
        ),
        (json!({ "return_url": "javascript:alert(1)" }), "invalid_field", "return_url"),
        (json!({ "return_url": "/settings" }), "invalid_field", "return_url"),
        (json!({ "return_url": "https://" }), "invalid_field", "return_url"),
        (json!({ "return_url": "ftp://app.example.com/" }), "invalid_field", "return_url"),
    ] {
        let (_, refused, named) = world.refused(Call::post("/v1/portal_sessions", &terms));
        assert_eq!((&*refused, named), (code, json!(param)), "{terms}");
    }
}

#[test]
fn keys_and_the_operator_need_no_capability() {
    let mut world = World::new();
    _ = world.simulation.call(Call::get("/v1/logs").basic(&world.secret_key)).expect(200);
    _ = world.simulation.call(Call::post("/v1/events", &event()).on(&world.account)).expect(202);
}

#[test]
fn capabilities_last_as_long_as_the_session() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let terms = json!({ "capabilities": ["logs:read"], "expires_in": 3600 });
    let call = Call::post("/v1/portal_sessions", &terms).on(&account);
    let session = simulation.call(call).expect(201);
    let ends: Timestamp = session.text("/expires_at").parse().unwrap();
    let token = session.text("/token");
    _ = simulation.call(Call::get("/v1/logs").bearer(&token)).expect(200);
    simulation.run_for(hours(1));
    assert!(simulation.now() >= ends);
    assert_eq!(simulation.call(Call::get("/v1/logs").bearer(&token)).status, 401);
}
