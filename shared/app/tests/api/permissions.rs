//! Permissions: every route of the OpenAPI document, called by every kind of caller.

use simulation::{Answer, Call, OPERATOR_TOKEN};

use crate::world::{World, call_of, filled, routes};

/// Permission that a route requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// No credentials.
    Nothing,
    /// Any credential of an account.
    Anyone,
    /// A secret key, a portal session, or the operator for an account.
    Developer,
    /// A secret key, a portal session, or the operator, with or without an account.
    AnyDeveloper,
    /// A portal session, or the operator for an account.
    Settings,
    /// The operator, for an account.
    OperatorFor,
    /// The operator, with or without an account.
    Operator,
}

/// Table of permissions. A new route must be added here.
pub(crate) fn needs(method: &str, path: &str) -> Needs {
    match (method, path) {
        ("get", "/healthz" | "/readyz" | "/metrics" | "/openapi.json" | "/jwks/{id}")
        | ("post", "/v1/portal_sessions/redeem") => Needs::Nothing,
        ("get", "/v1/account") => Needs::Anyone,
        ("get" | "post", "/v1/accounts" | "/v1/operator_tokens" | "/v1/operator_webhooks")
        | ("get" | "patch" | "delete", "/v1/accounts/{id}" | "/v1/operator_webhooks/{id}")
        | ("put" | "delete", "/v1/event_types/{name}" | "/v1/key_scopes/{name}")
        | ("delete", "/v1/operator_tokens/{id}")
        | ("get", "/v1/operator_tokens/{id}" | "/v1/delivery_health")
        | ("post", "/v1/api_keys/verify") => Needs::Operator,
        ("get", "/v1/portal_sessions")
        | (
            "post",
            "/v1/portal_sessions"
            | "/v1/events"
            | "/v1/events/batch"
            | "/v1/request_logs"
            | "/v1/api_keys/import",
        )
        | ("delete", "/v1/events/{id}") => Needs::OperatorFor,
        ("get" | "post", "/v1/api_keys")
        | ("get" | "patch", "/v1/api_keys/{id}")
        | ("get" | "delete", "/v1/portal_sessions/{id}")
        | (
            "post",
            "/v1/api_keys/{id}/reveal" | "/v1/api_keys/{id}/expire" | "/v1/api_keys/{id}/roll",
        ) => Needs::Settings,
        ("get" | "post", "/v1/webhooks")
        | ("get" | "patch" | "delete", "/v1/webhooks/{id}")
        | (
            "post",
            "/v1/webhooks/{id}/reveal_secret"
            | "/v1/webhooks/{id}/rotate_secret"
            | "/v1/webhooks/{id}/ping"
            | "/v1/webhooks/{id}/recover"
            | "/v1/events/{id}/resend"
            | "/v1/events/{id}/advance",
        )
        | (
            "get",
            "/v1/webhooks/{id}/statement"
            | "/v1/events"
            | "/v1/events/{id}"
            | "/v1/logs"
            | "/v1/logs/{id}"
            | "/v1/audit_events"
            | "/v1/delivery_stats",
        ) => Needs::Developer,
        ("get", "/v1/event_types" | "/v1/key_scopes" | "/v1/retry_schedule") => Needs::AnyDeveloper,
        _ => panic!("place {method} {path} in this table"),
    }
}

/// Kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    OperatorFor,
    Operator,
    Portal,
    SecretKey,
    PublishableKey,
    Nobody,
    Stranger,
}

const CALLERS: [Caller; 7] = [
    Caller::OperatorFor,
    Caller::Operator,
    Caller::Portal,
    Caller::SecretKey,
    Caller::PublishableKey,
    Caller::Nobody,
    Caller::Stranger,
];

/// Error code with which `caller` is refused, if any.
fn refusal(needs: Needs, caller: Caller) -> Option<&'static str> {
    let open_to: &[Needs] = match caller {
        Caller::OperatorFor => return None,
        Caller::Operator => &[Needs::Nothing, Needs::Operator, Needs::AnyDeveloper],
        Caller::Portal => {
            &[Needs::Nothing, Needs::Anyone, Needs::Developer, Needs::AnyDeveloper, Needs::Settings]
        }
        Caller::SecretKey => {
            &[Needs::Nothing, Needs::Anyone, Needs::Developer, Needs::AnyDeveloper]
        }
        Caller::PublishableKey => &[Needs::Nothing, Needs::Anyone],
        Caller::Nobody | Caller::Stranger => &[Needs::Nothing],
    };
    let refusal = match caller {
        Caller::Nobody | Caller::Stranger => "bad_authentication",
        Caller::Operator => "account_required",
        _ => "permission_denied",
    };
    (!open_to.contains(&needs)).then_some(refusal)
}

/// Error code of an answer that was refused because of the caller.
fn gate(answer: &Answer) -> Option<String> {
    const OF_THE_GATE: [&str; 5] = [
        "bad_authentication",
        "key_expired",
        "permission_denied",
        "account_required",
        "account_closed",
    ];
    Some(answer.text("/code")).filter(|code| OF_THE_GATE.contains(&code.as_str()))
}

impl World {
    fn by(&self, caller: Caller, call: Call) -> Call {
        match caller {
            Caller::OperatorFor => call.bearer(OPERATOR_TOKEN).on(&self.account),
            Caller::Operator => call.bearer(OPERATOR_TOKEN),
            Caller::Portal => call.bearer(&self.session),
            Caller::SecretKey => call.basic(&self.secret_key),
            Caller::PublishableKey => call.bearer(&self.publishable_key),
            Caller::Nobody => call,
            Caller::Stranger => call.bearer("lhop_somebody_elses"),
        }
    }
}

#[test]
fn every_route_admits_exactly_the_documented_callers() {
    let mut world = World::new();
    for (method, path) in routes(&world.simulation) {
        let needs = needs(&method, &path);
        for caller in CALLERS {
            let call = world.by(caller, call_of(&method, &filled(&path)));
            let answer = world.simulation.call(call);
            let refused = gate(&answer);
            assert_eq!(
                refused.as_deref(),
                refusal(needs, caller),
                "{caller:?}: {method} {path}: {}",
                answer.json()
            );
        }
    }
}

#[test]
fn credentials_of_a_closed_account_open_nothing() {
    let mut world = World::new();
    let close = Call::delete(&format!("/v1/accounts/{}", world.account));
    _ = world.simulation.call(close).expect(200);
    for (method, path) in routes(&world.simulation) {
        if needs(&method, &path) == Needs::Nothing {
            continue;
        }
        for caller in [Caller::Portal, Caller::SecretKey, Caller::PublishableKey] {
            let call = world.by(caller, call_of(&method, &filled(&path)));
            let answer = world.simulation.call(call);
            let refused = gate(&answer);
            assert_eq!(refused.as_deref(), Some("account_closed"), "{caller:?}: {method} {path}");
            assert_eq!(answer.status, 403);
        }
    }
}

#[test]
fn the_operator_sees_a_closed_account_and_changes_nothing_of_it() {
    let mut world = World::new();
    let event = world.simulation.post_event(&world.account);
    world.simulation.run_until_quiet();
    let close = Call::delete(&format!("/v1/accounts/{}", world.account));
    _ = world.simulation.call(close).expect(200);
    let webhook = format!("/v1/webhooks/{}", world.webhook.id);
    let events = [format!("/v1/events/{event}"), "/v1/events".to_owned()];
    let lists = ["/v1/webhooks", "/v1/api_keys", "/v1/logs", "/v1/audit_events", "/v1/account"];
    for path in lists.into_iter().chain(events.iter().map(String::as_str)) {
        _ = world.simulation.show(&world.account, path);
    }
    let body = |value: &str| serde_json::from_str(value).unwrap();
    let key = body(r#"{"type":"secret","environment":"test"}"#);
    let new_webhook = body(r#"{"webhook_url":"https://ada.example/new","environment":"test"}"#);
    let resend = body(&format!(r#"{{"webhook_id":"{}"}}"#, world.webhook.id));
    let recover = body(r#"{"since":"2026-01-01T00:00:00.000Z"}"#);
    let empty = body("{}");
    for call in [
        Call::post("/v1/api_keys", &key),
        Call::post("/v1/webhooks", &new_webhook),
        Call::post("/v1/events", &crate::world::event()),
        Call::post("/v1/portal_sessions", &empty),
        Call::post(&format!("/v1/events/{event}/resend"), &resend),
        Call::post(&format!("{webhook}/ping"), &empty),
        Call::post(&format!("{webhook}/recover"), &recover),
        Call::post(&format!("{webhook}/rotate_secret"), &empty),
        Call::patch(&webhook, &body(r#"{"description":"new"}"#)),
    ] {
        let described = format!("{call:?}");
        let (status, code, _) = world.refused(call);
        assert_eq!((status, code.as_str()), (403, "account_closed"), "{described}");
    }
}

#[test]
fn an_id_of_another_account_is_not_found() {
    let mut world = World::new();
    let other = world.simulation.open_account();
    let webhook = world.simulation.create_webhook(&other, "https://bob.example/hooks");
    let event = world.simulation.post_event(&other);
    world.simulation.run_until_quiet();
    for (method, path) in routes(&world.simulation) {
        if !path.contains("{id}") || path.starts_with("/v1/accounts") {
            continue;
        }
        let unknown = filled(&path);
        let id = if path.starts_with("/v1/webhooks") { &webhook.id } else { &event };
        let foreign = path.replace("{id}", id);
        for (token, caller) in [(&world.session, "portal"), (&world.secret_key, "key")] {
            let answers = [&unknown, &foreign].map(|path| {
                let answer = world.simulation.call(call_of(&method, path).bearer(token));
                let mut json = answer.json();
                json.as_object_mut().unwrap().remove("request_id");
                (answer.status, json)
            });
            assert_eq!(answers[0], answers[1], "{caller}: {method} {path}");
            assert!(answers[0].0 >= 400, "{caller}: {method} {path}");
        }
    }
}
