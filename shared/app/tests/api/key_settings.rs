//! Settings of keys: scopes, metadata, a rate limit and networks of their own.

use serde_json::{Value, json};
use simulation::{Answer, Call, seconds};

use crate::world::World;

/// Settings that can be given to a key.
fn settings() -> Value {
    json!({
        "name": "reports",
        "scopes": ["reports:read", "reports:write"],
        "metadata": { "plan": "free" },
        "rate_limit": { "limit": 2, "period_seconds": 60 },
        "allowed_networks": ["203.0.113.0/24", "2001:db8::/32"],
    })
}

impl World {
    /// Makes a key with these settings.
    fn key_with(&mut self, settings: &Value) -> Value {
        let mut body = settings.clone();
        (body["type"], body["environment"]) = ("secret".into(), "test".into());
        let call = Call::post("/v1/api_keys", &body).on(&self.account);
        self.simulation.call(call).expect(201).json()
    }

    fn patch(&mut self, key: &Value, change: &Value) -> Answer {
        let path = format!("/v1/api_keys/{}", key["id"].as_str().unwrap());
        self.simulation.call(Call::patch(&path, change).on(&self.account))
    }

    fn verify(&mut self, key: &Value, more: Value) -> Value {
        let mut body = more;
        body["key"] = key["key"].clone();
        self.simulation.call(Call::post("/v1/api_keys/verify", &body)).expect(200).json()
    }
}

fn from(ip: &str) -> Value {
    json!({ "request": { "method": "GET", "path": "/", "ip": ip } })
}

#[test]
fn a_key_has_the_settings_that_it_was_given() {
    let mut world = World::new();
    let key = world.key_with(&settings());
    let plain = world.key_with(&json!({}));
    for (name, value) in settings().as_object().unwrap() {
        assert_eq!(&key[name], value);
    }
    for (name, value) in [
        ("scopes", Value::Null),
        ("metadata", json!({})),
        ("rate_limit", Value::Null),
        ("allowed_networks", Value::Null),
        ("imported", json!(false)),
        ("revealable", json!(true)),
    ] {
        assert_eq!(plain[name], value);
    }
}

#[test]
fn a_patch_changes_what_it_names() {
    let mut world = World::new();
    let key = world.key_with(&settings());
    let changed = world.patch(&key, &json!({ "metadata": { "a": "b" }, "name": null })).expect(200);
    let changed = changed.json();
    assert_eq!((&changed["metadata"], &changed["name"]), (&json!({ "a": "b" }), &Value::Null));
    assert_eq!(changed["scopes"], settings()["scopes"]);
    let open = json!({ "scopes": null, "rate_limit": null, "allowed_networks": null });
    let changed = world.patch(&key, &open).expect(200).json();
    for name in ["scopes", "rate_limit", "allowed_networks"] {
        assert_eq!(changed[name], Value::Null);
    }
}

#[test]
fn settings_are_checked() {
    let mut world = World::new();
    let key = world.key_with(&json!({}));
    let path = format!("/v1/api_keys/{}", key["id"].as_str().unwrap());
    let pairs: serde_json::Map<_, _> = (0..21).map(|at| (format!("n{at}"), "v".into())).collect();
    for (change, param) in [
        (json!({ "scopes": ["A"] }), "scopes"),
        (json!({ "scopes": "a" }), "scopes"),
        (json!({ "metadata": pairs }), "metadata"),
        (json!({ "metadata": { "n": "v".repeat(501) } }), "metadata"),
        (json!({ "metadata": { "n".repeat(41): "v" } }), "metadata"),
        (json!({ "metadata": { "plan": 1 } }), "metadata.plan"),
        (json!({ "rate_limit": { "limit": 0, "period_seconds": 1 } }), "rate_limit.limit"),
        (json!({ "rate_limit": { "limit": 1, "period_seconds": 0 } }), "rate_limit.period_seconds"),
        (json!({ "allowed_networks": ["10.0.0.0/33"] }), "allowed_networks"),
        (json!({ "allowed_networks": vec!["10.0.0.0/8"; 51] }), "allowed_networks"),
    ] {
        let (_, code, at) = world.refused(Call::patch(&path, &change));
        assert_eq!((code.as_str(), &at), ("invalid_field", &json!(param)), "{change}");
    }
}

#[test]
fn metadata_and_rate_limits_are_the_operators() {
    let mut world = World::new();
    let key = world.key_with(&json!({}));
    let path = format!("/v1/api_keys/{}", key["id"].as_str().unwrap());
    for name in ["metadata", "rate_limit"] {
        let value = settings()[name].clone();
        let new = json!({ "type": "secret", "environment": "test", name: value });
        for call in [
            Call::patch(&path, &json!({ name: value })),
            Call::patch(&path, &json!({ name: null })),
            Call::post("/v1/api_keys", &new),
        ] {
            let refused = world.simulation.call(call.bearer(&world.session)).expect(403);
            assert_eq!(refused.text("/code"), "permission_denied");
        }
    }
    let change = json!({ "scopes": [], "allowed_networks": ["203.0.113.7"], "name": "mine" });
    let patched = Call::patch(&path, &change).bearer(&world.session);
    let patched = world.simulation.call(patched).expect(200).json();
    assert_eq!(patched["allowed_networks"], json!(["203.0.113.7/32"]));
}

#[test]
fn a_verification_says_what_is_missing_and_enough_when_nothing_is() {
    let mut world = World::new();
    let key =
        world.key_with(&json!({ "name": "CI", "scopes": ["a", "b"], "metadata": { "p": "q" } }));
    let lacking = world.verify(&key, json!({ "scopes": ["c", "a", "d"] }));
    assert_eq!(
        (&lacking["valid"], &lacking["code"]),
        (&json!(false), &json!("insufficient_scope"))
    );
    assert_eq!(lacking["missing_scopes"], json!(["c", "d"]));
    assert_eq!(lacking["name"], Value::Null);
    let valid = world.verify(&key, json!({ "scopes": ["b"] }));
    assert_eq!((&valid["code"], &valid["name"]), (&json!("valid"), &json!("CI")));
    assert_eq!((&valid["scopes"], &valid["metadata"]), (&json!(["a", "b"]), &json!({ "p": "q" })));
    assert_eq!(
        (&valid["rate_limit"]["limit"], &valid["missing_scopes"]),
        (&json!(1200), &Value::Null)
    );
    let nothing = world.key_with(&json!({ "scopes": [] }));
    let lacking = world.verify(&nothing, json!({ "scopes": ["a"] }));
    assert_eq!(lacking["code"], "insufficient_scope");
    assert_eq!(world.verify(&nothing, json!({}))["code"], "valid");
}

#[test]
fn a_key_is_verified_from_its_networks_alone() {
    let mut world = World::new();
    let key = world.key_with(&json!({ "allowed_networks": ["203.0.113.0/24"] }));
    assert_eq!(world.verify(&key, json!({}))["code"], "ip_not_allowed");
    assert_eq!(world.verify(&key, from("203.0.114.7"))["code"], "ip_not_allowed");
    assert_eq!(world.verify(&key, from("203.0.113.7"))["code"], "valid");
    assert_eq!(world.verify(&key, from("::ffff:203.0.113.7"))["code"], "valid");
}

#[test]
fn a_rate_limit_of_its_own_starts_full_and_fills_again() {
    let mut world = World::new();
    let key = world.key_with(&json!({ "rate_limit": { "limit": 2, "period_seconds": 60 } }));
    for remaining in [1, 0] {
        let valid = world.verify(&key, json!({}));
        assert_eq!(valid["rate_limit"]["limit"], 2);
        assert_eq!(valid["rate_limit"]["remaining"], remaining);
    }
    assert_eq!(world.verify(&key, json!({}))["code"], "rate_limited");
    world.simulation.run_for(seconds(30));
    assert_eq!(world.verify(&key, json!({}))["code"], "valid");
    let call = Call::get("/v1/webhooks").bearer(key["key"].as_str().unwrap());
    let refused = world.simulation.call(call).expect(429);
    assert_eq!(refused.header("x-ratelimit-limit"), "2");
}

#[test]
fn a_successor_has_the_settings_of_the_key_before() {
    let mut world = World::new();
    let key = world.key_with(&settings());
    let roll = format!("/v1/api_keys/{}/roll", key["id"].as_str().unwrap());
    let roll = Call::post(&roll, &json!({})).on(&world.account);
    let successor = world.simulation.call(roll).expect(201).json();
    for (name, value) in settings().as_object().unwrap() {
        assert_eq!(&successor[name], value);
    }
}

#[test]
fn scopes_are_those_of_the_catalogue_once_there_is_one() {
    let mut world = World::new();
    let free = json!({ "scopes": ["anything"] });
    let key = world.key_with(&free);
    let put = Call::put("/v1/key_scopes/reports:read", &json!({ "description": "Read reports." }));
    let scope = world.simulation.call(put).expect(200).json();
    assert_eq!((&scope["name"], &scope["object"]), (&json!("reports:read"), &json!("key_scope")));
    _ = world.simulation.call(Call::put("/v1/key_scopes/reports:write", &json!({}))).expect(200);
    let listed = Call::get("/v1/key_scopes").bearer(&world.secret_key);
    let listed = world.simulation.call(listed).expect(200).json();
    assert_eq!(listed["count"], 2);
    let names: Vec<_> =
        listed["data"].as_array().unwrap().iter().map(|scope| &scope["name"]).collect();
    assert_eq!(names, ["reports:write", "reports:read"]);
    let refused = world.patch(&key, &free).expect(422);
    assert_eq!(
        (refused.text("/code"), refused.text("/param")),
        ("unknown_scope".into(), "scopes".into())
    );
    _ = world.patch(&key, &json!({ "name": "kept" })).expect(200);
    let kept = world.verify(&key, json!({ "scopes": ["anything"] }));
    assert_eq!(kept["code"], "valid");
    for name in ["reports:write", "reports:read"] {
        let removed = Call::delete(&format!("/v1/key_scopes/{name}"));
        _ = world.simulation.call(removed.clone()).expect(200);
        _ = world.simulation.call(removed).expect(404);
    }
    _ = world.patch(&key, &free).expect(200);
    _ = world.simulation.call(Call::put("/v1/key_scopes/A", &json!({}))).expect(422);
}

#[test]
fn the_catalogue_is_listed_in_pages() {
    let mut world = World::new();
    for name in ["a", "b", "c"] {
        let put = Call::put(&format!("/v1/key_scopes/{name}"), &json!({}));
        _ = world.simulation.call(put).expect(200);
    }
    let first = world.simulation.call(Call::get("/v1/key_scopes?per_page=2")).expect(200).json();
    assert_eq!(first["data"][1]["name"], "b");
    let next = first["next_href"].as_str().unwrap();
    let second = world.simulation.call(Call::get(next)).expect(200).json();
    assert_eq!((&second["data"][0]["name"], &second["next_href"]), (&json!("a"), &Value::Null));
}
