//! Settings of a webhook's own: signing secret, filter, headers, public key.

use domain::signing::{PublicKey, SignedHeaders, TOLERANCE};
use serde_json::{Value, json};
use simulation::{Answer, Call, Hit, Simulation, minutes};

use crate::world::{World, refused};

pub(crate) const HOOK: &str = "https://own.example/hooks";
/// Secret of 24 bytes, as short as any.
const SHORTEST: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Creates a webhook at [`HOOK`] with these settings.
fn create(world: &mut World, settings: &Value) -> Answer {
    world.simulation.network.answers(HOOK, 200);
    let mut body = json!({ "webhook_url": HOOK, "environment": "test" });
    body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    world.simulation.call(Call::post("/v1/webhooks", &body).on(&world.account))
}

/// Creates a webhook with these settings, and returns its path.
pub(crate) fn created(world: &mut World, settings: &Value) -> String {
    create(world, settings).expect(201).text("/uri")
}

pub(crate) fn patch(world: &mut World, path: &str, change: &Value) -> Answer {
    world.simulation.call(Call::patch(path, change).on(&world.account))
}

/// Posts an event with this object; returns it.
pub(crate) fn post(world: &mut World, object: &Value) -> Value {
    let event =
        json!({ "type": "report.completed", "environment": "test", "data": { "object": object } });
    world.simulation.call(Call::post("/v1/events", &event).on(&world.account)).expect(202).json()
}

pub(crate) fn report(status: &str) -> Value {
    json!({ "id": "rep_1", "object": "report", "status": status })
}

pub(crate) fn hits(world: &World) -> Vec<Hit> {
    world.simulation.network.hits_at(HOOK)
}

fn header(hit: &Hit, name: &str) -> String {
    let headers = hit.outgoing.headers.iter();
    headers.clone().find(|(known, _)| **known == *name).unwrap().1.clone()
}

#[test]
fn a_signing_secret_that_customers_have_signs_and_is_shown() {
    let mut world = World::new();
    let made = create(&mut world, &json!({ "signing_secret": SHORTEST })).expect(201);
    assert_eq!(made.text("/signing_secret"), SHORTEST);
    let reveal = format!("{}/reveal_secret", made.text("/uri"));
    let revealed = world.simulation.call(Call::post(&reveal, &json!({})).on(&world.account));
    assert_eq!(revealed.expect(200).text("/signing_secret"), SHORTEST);
    _ = post(&mut world, &report("clear"));
    world.simulation.run_until_quiet();
    let hit = &hits(&world)[0];
    let secret = domain::signing::SigningSecret::parse(SHORTEST).unwrap();
    let seconds = header(hit, "webhook-timestamp").parse().unwrap();
    let signature = secret.sign(&hit.event, seconds, &hit.outgoing.body);
    assert_eq!(header(hit, "webhook-signature"), signature);
}

#[test]
fn a_signing_secret_has_24_to_64_bytes() {
    let mut world = World::new();
    for secret in [
        json!("whsec_"),
        json!("whsec_AAAA"),
        json!(SHORTEST.replace("whsec_", "")),
        json!(SHORTEST.replace("whsec_", "whsk_")),
        json!(format!("whsec_{}", "AAAA".repeat(22))),
        json!(5),
    ] {
        let body = json!({ "webhook_url": HOOK, "environment": "test", "signing_secret": secret });
        let refused = world.refused(Call::post("/v1/webhooks", &body));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("signing_secret")), "{secret}");
    }
    let path = created(&mut world, &json!({}));
    let refused = patch(&mut world, &path, &json!({ "signing_secret": SHORTEST })).expect(400);
    assert_eq!(refused.text("/code"), "unknown_field");
}

#[test]
fn a_repeat_shows_the_given_secret_again() {
    let mut world = World::new();
    let body = json!({ "webhook_url": HOOK, "environment": "test", "signing_secret": SHORTEST });
    let call = || Call::post("/v1/webhooks", &body).once("once").on(&world.account);
    let (first, second) = (call(), call());
    let first = world.simulation.call(first).expect(201).json();
    assert_eq!(world.simulation.call(second).expect(201).json(), first);
    assert_eq!(first["signing_secret"], SHORTEST);
}

#[test]
fn only_events_that_match_the_filter_are_delivered() {
    let mut world = World::new();
    let filter = json!({ "data": { "object": { "status": [{ "anything-but": "clear" }] } } });
    let path = created(&mut world, &json!({ "filter": filter }));
    let account = world.account.clone();
    assert_eq!(world.simulation.show(&account, &path)["filter"], filter);
    let id = path.rsplit('/').next().unwrap().to_owned();
    let receivers = |event: &Value| {
        let deliveries = event["deliveries"].as_array().unwrap().iter();
        deliveries.filter(|delivery| delivery["webhook_id"] == json!(id)).count()
    };
    assert_eq!(receivers(&post(&mut world, &report("consider"))), 1);
    assert_eq!(receivers(&post(&mut world, &report("clear"))), 0);
    world.simulation.run_until_quiet();
    assert_eq!(hits(&world).len(), 1);
    // Removed, it receives everything.
    _ = patch(&mut world, &path, &json!({ "filter": null })).expect(200);
    assert_eq!(receivers(&post(&mut world, &report("clear"))), 1);
}

#[test]
fn a_filter_is_over_the_event_as_it_is_shown() {
    for (filter, matches) in [
        (json!({}), true),
        (json!({ "type": [{ "prefix": "report." }], "environment": ["test"] }), true),
        (json!({ "object": ["event"], "account_id": [{ "prefix": "acct_" }] }), true),
        (json!({ "jurisdiction": ["US"] }), true),
        (json!({ "jurisdiction": ["CA"] }), false),
        (json!({ "created_at": [{ "wildcard": "2*T*Z" }] }), true),
        (json!({ "status": ["clear"] }), false),
        (
            json!({ "data": { "object": { "score": [{ "numeric": [">", 800, "<=", 812] }] } } }),
            true,
        ),
        (json!({ "deliveries": [{ "exists": false }] }), true),
        (json!({ "$or": [{ "type": ["x"] }, { "data": { "object": { "tags": ["b"] } } }] }), true),
    ] {
        let mut world = World::new();
        _ = created(&mut world, &json!({ "filter": filter }));
        let object = json!({ "id": "rep_1", "object": "report", "score": 812, "tags": ["a", "b"] });
        let deliveries = post(&mut world, &object)["deliveries"].as_array().unwrap().len();
        assert_eq!(deliveries == 2, matches, "{filter}");
    }
}

#[test]
fn a_filter_that_is_none_is_refused_with_its_path() {
    let mut world = World::new();
    let path = created(&mut world, &json!({}));
    for (filter, param) in [
        (json!("x"), "filter"),
        (json!({ "data": "x" }), "filter.data"),
        (
            json!({ "data": { "object": { "a": [{ "regex": "x" }] } } }),
            "filter.data.object.a[0].regex",
        ),
        (json!({ "a": [{ "wildcard": "**" }] }), "filter.a[0].wildcard"),
        (json!({ "data": { "$or": [{ "a": [1] }] } }), "filter.data"),
        (json!({ "a": ["x".repeat(5000)] }), "filter"),
    ] {
        let expected = (422, "invalid_filter".to_owned(), json!(param));
        let body =
            json!({ "webhook_url": "https://x.example/", "environment": "test", "filter": filter });
        assert_eq!(world.refused(Call::post("/v1/webhooks", &body)), expected, "{filter}");
        let change = Call::patch(&path, &json!({ "filter": filter }));
        assert_eq!(world.refused(change), expected, "{filter}");
    }
    let twice = r#"{"filter":{"a":{"b":[1],"b":[2]}}}"#;
    let call = Call::patch(&path, &json!({})).body("application/json", twice);
    assert_eq!(world.refused(call), (422, "invalid_field".to_owned(), json!("filter.a.b")));
}

#[test]
fn a_test_event_passes_every_filter() {
    let mut world = World::new();
    let path = created(&mut world, &json!({ "filter": { "type": ["nothing.else"] } }));
    let ping = Call::post(&format!("{path}/ping"), &json!({})).on(&world.account);
    _ = world.simulation.call(ping).expect(202);
    world.simulation.run_until_quiet();
    assert_eq!(hits(&world).len(), 1);
}

#[test]
fn headers_are_sent_and_shown_masked() {
    let mut world = World::new();
    let headers = json!({ "X-Tenant": "acme-7777", "Authorization": "Bearer t0ken-of-ours" });
    let masked = json!({ "X-Tenant": "****", "Authorization": "****" });
    let made = create(&mut world, &json!({ "headers": headers })).expect(201);
    assert_eq!(made.json()["headers"], masked);
    let (path, account) = (made.text("/uri"), world.account.clone());
    assert_eq!(world.simulation.show(&account, &path)["headers"], masked);
    _ = post(&mut world, &report("clear"));
    world.simulation.run_until_quiet();
    let sent = |hit: &Hit| {
        let headers = hit.outgoing.webhook_headers.iter();
        headers.map(|(name, value)| (name.clone(), json!(value.expose()))).collect::<Value>()
    };
    assert_eq!(sent(&hits(&world)[0]), headers);
    for kept in world.simulation.disk.everything() {
        assert!(!kept.contains("acme-7777") && !kept.contains("t0ken-of-ours"), "{kept}");
    }
    let logs = world.simulation.list(&account, "/v1/logs?kind=webhook_delivery");
    let row = logs.iter().find(|row| row["webhook_url"] == HOOK).unwrap();
    assert_eq!(row["request"]["headers"]["X-Tenant"], "****");

    // A mask keeps its value, in whatever case; what is not sent is gone.
    let change = json!({ "headers": { "x-tenant": "****", "X-New": "n" } });
    _ = patch(&mut world, &path, &change).expect(200);
    _ = post(&mut world, &report("clear"));
    world.simulation.run_until_quiet();
    assert_eq!(sent(&hits(&world)[1]), json!({ "x-tenant": "acme-7777", "X-New": "n" }));
    let history = |world: &mut World| world.simulation.list(&account, "/v1/audit_events").len();
    let before = history(&mut world);
    _ = patch(&mut world, &path, &json!({ "headers": { "x-tenant": "****", "X-New": "****" } }));
    assert_eq!(history(&mut world), before, "a change of nothing is no event");
    _ = patch(&mut world, &path, &json!({ "headers": null })).expect(200);
    assert_eq!(world.simulation.show(&account, &path)["headers"], json!({}));
    _ = post(&mut world, &report("clear"));
    world.simulation.run_until_quiet();
    assert_eq!(sent(&hits(&world)[2]), json!({}));
}

#[test]
fn headers_that_cannot_be_sent_are_refused() {
    let mut world = World::new();
    let many: serde_json::Map<String, Value> =
        (0..21).map(|number| (format!("X-{number}"), json!("x"))).collect();
    for headers in [
        json!({ "Host": "x" }),
        json!({ "content-type": "x" }),
        json!({ "User-Agent": "x" }),
        json!({ "Transfer-Encoding": "x" }),
        json!({ "webhook-signature": "x" }),
        json!({ "a b": "x" }),
        json!({ "X-A": "a\r\nb: c" }),
        json!({ "X-A": "" }),
        json!({ "X-A": "é" }),
        json!({ "X-A": "x".repeat(1025) }),
        json!({ "X-A": "1", "x-a": "2" }),
        json!({ "X-A": "****" }),
        Value::Object(many),
    ] {
        let body = json!({ "webhook_url": HOOK, "environment": "test", "headers": headers });
        let (status, code, param) = world.refused(Call::post("/v1/webhooks", &body));
        assert_eq!((status, code.as_str()), (422, "invalid_field"), "{headers}");
        assert!(param.as_str().unwrap().starts_with("headers"), "{param}");
    }
    let with_credentials = json!({ "webhook_url": "https://me:secretsecret@own.example/hooks",
        "environment": "test", "headers": { "authorization": "Bearer x" } });
    let refused = world.refused(Call::post("/v1/webhooks", &with_credentials));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("headers")));
}

#[test]
fn a_public_key_verifies_and_is_open_to_all() {
    let mut world = World::new();
    let made = create(&mut world, &json!({ "signing": "ed25519" })).expect(201);
    assert_eq!(made.text("/signing"), "ed25519");
    let (path, id) = (made.text("/uri"), made.text("/id"));
    let first: PublicKey = made.text("/signing_secret").parse().unwrap();
    let jwks = format!("/jwks/{id}");
    let set = |world: &mut World| {
        let call = Call::get(&jwks).anonymous();
        let keys = world.simulation.call(call).expect(200).json()["keys"].clone();
        let x = |key: &Value| key["x"].as_str().unwrap().to_owned();
        keys.as_array().unwrap().iter().map(x).collect::<Vec<_>>()
    };
    assert_eq!(set(&mut world), [first.jwk_x()]);
    let rotate = Call::post(&format!("{path}/rotate_secret"), &json!({ "overlap_seconds": 60 }));
    let rotated = world.simulation.call(rotate.on(&world.account)).expect(200);
    let second: PublicKey = rotated.text("/signing_secret").parse().unwrap();
    assert_eq!(set(&mut world), [second.jwk_x(), first.jwk_x()]);
    _ = post(&mut world, &report("clear"));
    world.simulation.run_until_quiet();
    let hit = &hits(&world)[0];
    let (timestamp, signature) =
        (header(hit, "webhook-timestamp"), header(hit, "webhook-signature"));
    let headers = SignedHeaders { id: &hit.event, timestamp: &timestamp, signature: &signature };
    for key in [first, second] {
        let verified = headers.verify_asymmetric(&key, &hit.outgoing.body, hit.at, TOLERANCE);
        assert_eq!(verified, Ok(()));
    }
    world.simulation.run_for(minutes(1));
    assert_eq!(set(&mut world), [second.jwk_x()]);
    let reveal = Call::post(&format!("{path}/reveal_secret"), &json!({})).on(&world.account);
    let revealed = world.simulation.call(reveal).expect(200);
    assert_eq!(revealed.text("/signing_secret"), second.to_string());
    _ = world.simulation.call(Call::delete(&path).on(&world.account)).expect(200);
    _ = world.simulation.call(Call::get(&jwks).anonymous()).expect(404);
}

#[test]
fn a_webhook_with_a_secret_has_no_public_keys() {
    let mut world = World::new();
    for id in [world.webhook.id.clone(), "wh_01jgz2v6nv6e0w5dj3c5rqm8ta".to_owned(), "x".to_owned()]
    {
        let call = Call::get(&format!("/jwks/{id}")).anonymous();
        let (status, code, _) = refused(&mut world.simulation, call);
        assert_eq!((status, code.as_str()), (404, "not_found"));
    }
    let both = json!({ "webhook_url": HOOK, "environment": "test", "signing": "ed25519",
        "signing_secret": SHORTEST });
    let refused = world.refused(Call::post("/v1/webhooks", &both));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("signing_secret")));
}

#[test]
fn headers_that_sign_a_delivery_can_not_be_a_webhooks_own() {
    let mut world = World::of(Simulation::with(1, |settings| {
        settings.envelope.signature_headers = "webhook,x-acme".parse().unwrap();
    }));
    for name in ["x-acme-signature", "X-Acme-Id", "X-ACME-Timestamp", "webhook-id"] {
        let body = json!({ "webhook_url": HOOK, "environment": "test", "headers": { name: "a" } });
        let refused = world.refused(Call::post("/v1/webhooks", &body));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("headers")), "{name}");
    }
    let path = created(&mut world, &json!({ "headers": { "X-Acme-Tenant": "a" } }));
    let change = Call::patch(&path, &json!({ "headers": { "x-acme-id": "a" } }));
    assert_eq!(world.refused(change).2, json!("headers"));
}
