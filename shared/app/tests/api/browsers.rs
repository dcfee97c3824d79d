//! Cross-origin requests: pages of other origins may use a publishable key, and nothing else.

use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation};

use crate::world::{World, call_of, filled, routes};

const ORIGIN: &str = "https://shop.example";

fn preflight(path: &str, method: &str) -> Call {
    Call::new("OPTIONS".parse().unwrap(), path)
        .header("origin", ORIGIN)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization")
}

fn may_be_read(answer: &Answer) -> bool {
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    answer.header("access-control-allow-origin") == "*"
}

#[test]
fn pages_of_other_origins_reach_the_routes_of_publishable_keys_and_no_others() {
    let mut world = World::new();
    let mut public = Vec::new();
    for (method, path) in routes(&world.simulation) {
        let call = call_of(&method, &filled(&path)).header("origin", ORIGIN);
        let unknown = world.simulation.call(call.clone());
        let known = world.simulation.call(call.bearer(&world.publishable_key));
        let takes_the_key = unknown.status == 401 && known.status != 403 && known.status != 401;
        let asked = world.simulation.call(preflight(&filled(&path), &method.to_uppercase()));
        assert_eq!(may_be_read(&known), takes_the_key, "{method} {path}");
        assert_eq!(may_be_read(&unknown), takes_the_key, "{method} {path}");
        assert_eq!(may_be_read(&asked), takes_the_key, "{method} {path}");
        if takes_the_key {
            assert_eq!(asked.status, 204, "{path}");
            let methods = asked.header("access-control-allow-methods");
            assert!(methods.split(", ").any(|known| known == method.to_uppercase()), "{methods}");
            public.push(path);
        } else {
            assert_eq!((asked.status, asked.text("/code").as_str()), (405, "method_not_allowed"));
        }
    }
    assert_eq!(public, ["/v1/account"]);
}

#[test]
fn a_preflight_needs_no_credential_and_is_not_a_request_of_the_key() {
    let mut world = World::new();
    let asked = world.simulation.call(preflight("/v1/account", "GET")).expect(204);
    assert!(asked.body.is_empty());
    assert_eq!(asked.header("allow"), "GET, HEAD, OPTIONS");
    let headers = asked.header("access-control-allow-headers").to_ascii_lowercase();
    for sent in ["authorization", "content-type", "idempotency-key"] {
        assert!(headers.split(", ").any(|known| known == sent), "{headers}");
    }
    assert!(asked.header("access-control-max-age").parse::<u32>().unwrap() >= 600);
    assert_eq!(asked.header("vary"), "Origin");
    assert_eq!(asked.header("x-ratelimit-limit"), "");
    assert!(asked.header("x-request-id").starts_with("req_"));
    assert_eq!(world.simulation.list(&world.account, "/v1/logs?kind=api_request").len(), 0);
}

#[test]
fn errors_of_public_routes_are_readable_cross_origin() {
    let mut world = World::new();
    let get = |query: &str| Call::get(&format!("/v1/account{query}")).header("origin", ORIGIN);
    let key = world.publishable_key.clone();
    for (call, code) in [
        (get("").anonymous(), "bad_authentication"),
        (get("").bearer("lh_pk_test_unknown"), "bad_authentication"),
        (get("?x=1").bearer(&key), "unknown_field"),
        (get("").header("x-padding", &"x".repeat(70_000)).bearer(&key), "payload_too_large"),
        (Call::post("/v1/account", &json!({})).bearer(&key), "method_not_allowed"),
    ] {
        let answer = world.simulation.call(call);
        assert_eq!(answer.text("/code"), code);
        assert!(may_be_read(&answer), "{code}");
    }
    _ = world.simulation.call(Call::delete(&format!("/v1/accounts/{}", world.account)));
    let closed = world.simulation.call(get("").bearer(&key));
    assert!(may_be_read(&closed));
    assert_eq!(closed.text("/code"), "account_closed");
}

#[test]
fn rate_limit_headers_are_readable_cross_origin() {
    let mut simulation =
        Simulation::with(7, |settings| settings.limits.key_requests = domain::Rate::per_minute(1));
    let account = simulation.open_account();
    let key = simulation.create_key(&account, "publishable", "test");
    let get = Call::get("/v1/account").bearer(&key);
    _ = simulation.call(get.clone()).expect(200);
    let limited = simulation.call(get).expect(429);
    assert!(may_be_read(&limited));
    let exposed = limited.header("access-control-expose-headers").to_ascii_lowercase();
    let exposed: Vec<&str> = exposed.split(", ").collect();
    for name in ["x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "retry-after"] {
        assert!(exposed.contains(&name), "{name}");
        assert_ne!(limited.header(name), "", "{name}");
    }
}

#[test]
fn a_publishable_key_that_asks_for_more_is_counted_logged_and_refused() {
    let mut world = World::new();
    let key = world.publishable_key.clone();
    let refused = world.simulation.call(Call::get("/v1/webhooks").bearer(&key)).expect(403);
    assert_eq!(refused.text("/code"), "permission_denied");
    assert_ne!(refused.header("x-ratelimit-remaining"), "");
    let logs = world.simulation.list(&world.account, "/v1/logs?kind=api_request");
    let logged: Vec<&Value> = logs.iter().map(|row| &row["error_code"]).collect();
    assert_eq!(logged, ["permission_denied"]);
}
