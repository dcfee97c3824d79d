//! Operational webhooks: what the operator is told, and who may hear it.

use std::time::Duration;

use domain::signing::SigningSecret;
use serde_json::{Value, json};
use simulation::{Answer, Call, Hit, Simulation, hours, minutes};

use crate::world::{World, refused};

const HOOK: &str = "https://operations.example/hooks";
/// Account of the operator's own.
const OWN: &str = "acct_00000000000000000000000000";

fn create(simulation: &mut Simulation, settings: &Value) -> Answer {
    let mut body = json!({ "webhook_url": HOOK });
    body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    simulation.call(Call::post("/v1/operator_webhooks", &body))
}

/// World with an operational webhook that subscribes to everything, and its signing secret.
fn listening(simulation: Simulation) -> (World, Value) {
    let mut world = World::of(simulation);
    world.simulation.network.answers(HOOK, 200);
    let made = create(&mut world.simulation, &json!({})).expect(201).json();
    (world, made)
}

fn hits(world: &World) -> Vec<Hit> {
    world.simulation.network.hits_at(HOOK)
}

/// Bodies that the operational webhook has received, in order.
fn told(world: &mut World) -> Vec<Value> {
    let hits = hits(world).into_iter();
    hits.map(|hit| serde_json::from_slice(&hit.outgoing.body).unwrap()).collect()
}

/// Types and accounts of what it has received.
fn types(world: &mut World) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told(world).iter().map(|body| (text(&body["type"]), text(&body["account_id"]))).collect()
}

/// Webhook of the customer, as it is shown.
fn shown_webhook(world: &mut World) -> Value {
    let path = format!("/v1/webhooks/{}", world.webhook.id);
    world.simulation.show(&world.account, &path)
}

#[test]
fn an_operational_webhook_has_the_fields_of_a_webhook_but_environment_and_jurisdiction() {
    let (mut world, made) = listening(Simulation::new(1));
    let uri = made["uri"].as_str().unwrap().to_owned();
    assert_eq!(uri, format!("/v1/operator_webhooks/{}", made["id"].as_str().unwrap()));
    let shown = world.simulation.call(Call::get(&uri)).expect(200).json();
    let fields: Vec<&String> = shown.as_object().unwrap().keys().collect();
    let of_webhook = shown_webhook(&mut world);
    let mut expected: Vec<&String> = of_webhook.as_object().unwrap().keys().collect();
    expected.retain(|name| *name != "environment" && *name != "jurisdiction");
    assert_eq!(fields, expected);
    assert_eq!((&shown["object"], &shown["event_types"]), (&json!("webhook"), &json!(["*"])));
    assert_eq!(shown["include_object"], true);
    assert!(made["signing_secret"].as_str().unwrap().starts_with("whsec_"));
    for field in ["environment", "live", "jurisdiction"] {
        let body = json!({ "webhook_url": "https://other.example/", field: "test" });
        let refused = refused(&mut world.simulation, Call::post("/v1/operator_webhooks", &body));
        assert_eq!(refused, (400, "unknown_field".to_owned(), json!(field)));
    }
    let list = world.simulation.call(Call::get("/v1/operator_webhooks")).expect(200).json();
    assert_eq!((&list["count"], &list["data"]), (&json!(1), &json!([shown])));
    let change = json!({ "event_types": ["webhook.*"], "status": "disabled" });
    let changed = world.simulation.call(Call::patch(&uri, &change)).expect(200).json();
    assert_eq!(
        (&changed["status"], &changed["event_types"]),
        (&json!("disabled"), &json!(["webhook.*"]))
    );
    let deleted = world.simulation.call(Call::delete(&uri)).expect(200).json();
    assert!(deleted["deleted_at"].is_string());
    _ = world.simulation.call(Call::get(&uri)).expect(404);
}

#[test]
fn there_are_five_operational_webhooks_at_most_each_with_its_own_url() {
    let mut world = World::new();
    let path = "/v1/operator_webhooks";
    assert_eq!(world.simulation.call(Call::get(path)).expect(200).json()["count"], 0);
    let url =
        |number: u32| json!({ "webhook_url": format!("https://operations.example/{number}") });
    for number in 0..5 {
        _ = world.simulation.call(Call::post(path, &url(number))).expect(201);
    }
    let sixth = refused(&mut world.simulation, Call::post(path, &url(5)));
    assert_eq!(sixth, (409, "quota_limit_exceeded".to_owned(), json!("webhook_url")));
    let again = refused(&mut world.simulation, Call::post(path, &url(4)));
    assert_eq!(again, (409, "url_taken".to_owned(), json!("webhook_url")));
}

#[test]
fn a_webhook_that_is_refused_leaves_no_account_of_the_operators_own() {
    let mut world = World::new();
    let before = world.simulation.disk.everything();
    let topic = "sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI@us-east-1/123456789012/reports";
    for (settings, code) in [
        (json!({ "webhook_url": "https://private.example/hooks" }), "url_not_public"),
        (json!({ "webhook_url": "ftp://operations.example/" }), "url_scheme_not_allowed"),
        (json!({ "webhook_url": "https://operations.example/****" }), "invalid_field"),
        (json!({ "event_types": ["report.completed"] }), "unknown_event_type"),
        (json!({ "headers": { "X-Team": "****" } }), "invalid_field"),
        (json!({ "webhook_url": topic, "headers": { "X-Team": "a" } }), "invalid_field"),
    ] {
        let answer = create(&mut world.simulation, &settings);
        assert_eq!(answer.text("/code"), code, "{settings}");
        assert_eq!(world.simulation.disk.everything(), before, "{settings}");
    }
}

#[test]
fn only_operational_types_can_be_subscribed_to_by_name() {
    let mut world = World::new();
    let types = json!({ "event_types": ["webhook.failing", "report.completed"] });
    let mut body = json!({ "webhook_url": HOOK });
    body.as_object_mut().unwrap().extend(types.as_object().unwrap().clone());
    let refused = refused(&mut world.simulation, Call::post("/v1/operator_webhooks", &body));
    assert_eq!(refused, (422, "unknown_event_type".to_owned(), json!("event_types")));
    // Whatever customers' events are called.
    let registered = Call::put("/v1/event_types/report.completed", &json!({}));
    _ = world.simulation.call(registered).expect(200);
    _ = create(&mut world.simulation, &json!({ "event_types": ["webhook.failing"] })).expect(201);
}

#[test]
fn a_repeat_of_the_creation_is_answered_with_the_same_secret() {
    let mut world = World::new();
    let call = || Call::post("/v1/operator_webhooks", &json!({ "webhook_url": HOOK })).once("one");
    let first = world.simulation.call(call()).expect(201);
    let second = world.simulation.call(call()).expect(201);
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotent-replayed"), "true");
}

#[test]
fn the_operator_is_told_of_accounts_and_keys_as_the_api_shows_them() {
    let (mut world, made) = listening(Simulation::new(1));
    let account = world.simulation.open_account();
    world.simulation.credential(&account);
    let body = json!({ "type": "secret", "environment": "live", "name": "server" });
    let key =
        world.simulation.call(Call::post("/v1/api_keys", &body).on(&account)).expect(201).json();
    let path = format!("/v1/accounts/{account}");
    let closed = world.simulation.call(Call::delete(&path)).expect(200).json();
    world.simulation.run_until_quiet();
    let mut told = told(&mut world);
    told.sort_by_key(|body| body["id"].as_str().unwrap().to_owned());
    let types: Vec<&str> = told.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let expected = ["account.created", "account.credentialed", "api_key.created", "account.closed"];
    assert_eq!(types, expected);
    assert!(told.iter().all(|body| body["account_id"] == *account && body["object"] == "event"));
    let order: Vec<&String> = told[0].as_object().unwrap().keys().collect();
    assert_eq!(order.len(), 7, "{order:?}");
    let [created, credentialed, of_key, of_closed] = &told[..] else { panic!() };
    assert_eq!(created["data"]["object"]["credentialed"], false);
    assert_eq!(credentialed["data"]["object"]["credentialed"], true);
    assert_eq!(of_closed["data"]["object"], closed);
    let mut shown = key;
    shown.as_object_mut().unwrap().remove("key");
    assert_eq!(of_key["data"]["object"], shown);
    // Signed like every delivery.
    let hit = &hits(&world)[0];
    let secret = SigningSecret::parse(made["signing_secret"].as_str().unwrap()).unwrap();
    let headers = &hit.outgoing.headers;
    let [(_, id), (_, timestamp), (_, signature)] = &headers[..] else { panic!("{headers:?}") };
    let seconds = timestamp.parse().unwrap();
    assert_eq!(*signature, secret.sign(id, seconds, &hit.outgoing.body));
}

#[test]
fn the_operator_is_told_of_a_key_that_replaces_another_and_of_imported_ones() {
    let (mut world, _) = listening(Simulation::new(1));
    let keys = world.simulation.list(&world.account, "/v1/api_keys?environment=test");
    let roll = format!("{}/roll", keys[0]["uri"].as_str().unwrap());
    _ = world.simulation.call(Call::post(&roll, &json!({})).on(&world.account)).expect(201);
    let import = |number: u32| json!({ "type": "secret", "environment": "test", "key": format!("imported-{number:03}") });
    let body = json!({ "api_keys": (0..20).map(import).collect::<Vec<_>>() });
    _ = world
        .simulation
        .call(Call::post("/v1/api_keys/import", &body).on(&world.account))
        .expect(201);
    world.simulation.run_until_quiet();
    let told = told(&mut world);
    assert_eq!(told.len(), 21);
    assert!(told.iter().all(|body| body["type"] == "api_key.created"));
    let imported = told.iter().filter(|body| body["data"]["object"]["imported"] == true);
    assert_eq!(imported.count(), 20);
}

#[test]
fn a_reference_is_sent_to_whoever_wants_no_objects() {
    let mut world = World::new();
    world.simulation.network.answers(HOOK, 200);
    _ = create(&mut world.simulation, &json!({ "include_object": false })).expect(201);
    let account = world.simulation.open_account();
    world.simulation.run_until_quiet();
    let uri = format!("/v1/accounts/{account}");
    let object = json!({ "id": account, "object": "account", "uri": uri });
    assert_eq!(told(&mut world)[0]["data"], json!({ "object": object }));
}

#[test]
fn subscriptions_and_filters_choose_what_the_operator_hears() {
    let mut world = World::new();
    world.simulation.network.answers(HOOK, 200);
    let filter = json!({ "data": { "object": { "environment": ["live"] } } });
    let settings = json!({ "event_types": ["api_key.*"], "filter": filter });
    _ = create(&mut world.simulation, &settings).expect(201);
    let account = world.simulation.open_account();
    world.simulation.credential(&account);
    world.simulation.create_key(&account, "secret", "test");
    world.simulation.create_key(&account, "secret", "live");
    world.simulation.run_until_quiet();
    let told = told(&mut world);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["data"]["object"]["environment"], "live");
}

#[test]
fn the_operator_is_told_of_every_exhausted_delivery_once() {
    let (mut world, _) = listening(Simulation::new(1));
    world.simulation.network.answers(crate::world::URL, 503);
    let event = world.simulation.post_event(&world.account);
    world.simulation.run_for(hours(30));
    let expected = json!({ "object": {
        "id": event, "object": "delivery", "event_id": event, "webhook_id": world.webhook.id,
        "environment": "test", "attempts": 35, "last_response_status": 503,
    } });
    let exhausted = |world: &mut World| -> Vec<Value> {
        let told = told(world).into_iter();
        told.filter(|body| body["type"] == "delivery.exhausted").collect()
    };
    let of_it = exhausted(&mut world);
    assert_eq!(of_it.len(), 1);
    assert_eq!((&of_it[0]["data"], &of_it[0]["account_id"]), (&expected, &json!(world.account)));
    // A resend that fails changes nothing.
    let resend = json!({ "webhook_id": world.webhook.id });
    let path = format!("/v1/events/{event}/resend");
    _ = world.simulation.call(Call::post(&path, &resend).on(&world.account)).expect(202);
    world.simulation.run_for(hours(1));
    assert_eq!(exhausted(&mut world).len(), 1);
}

#[test]
fn the_operator_is_told_once_of_a_webhook_that_fails_and_again_only_after_it_worked() {
    let (mut world, _) = listening(Simulation::new(1));
    let failing = |world: &mut World| {
        types(world).into_iter().filter(|(name, _)| name == "webhook.failing").count()
    };
    let fail = |world: &mut World| {
        world.simulation.network.answers(crate::world::URL, 500);
        world.simulation.post_event(&world.account);
        world.simulation.run_for(minutes(59));
    };
    fail(&mut world);
    assert_eq!(failing(&mut world), 0, "eleven attempts, but not yet an hour");
    world.simulation.run_for(minutes(12));
    assert_eq!(failing(&mut world), 1);
    let told = told(&mut world).pop().unwrap();
    let shown = shown_webhook(&mut world);
    assert_eq!(
        (&told["data"]["object"]["id"], &told["account_id"]),
        (&shown["id"], &json!(world.account))
    );
    assert_eq!(told["data"]["object"]["webhook_url"], crate::world::URL);
    world.simulation.run_for(hours(3));
    assert_eq!(failing(&mut world), 1);
    world.simulation.network.answers(crate::world::URL, 200);
    world.simulation.run_for(hours(2));
    fail(&mut world);
    world.simulation.run_for(hours(2));
    assert_eq!(failing(&mut world), 2);
}

#[test]
fn few_failures_in_an_hour_are_not_told() {
    let simulation = Simulation::with(1, |settings| {
        settings.schedule = "5x20m,1x24h".parse().unwrap();
    });
    let (mut world, _) = listening(simulation);
    world.simulation.network.answers(crate::world::URL, 500);
    world.simulation.post_event(&world.account);
    world.simulation.run_for(hours(3));
    assert_eq!(types(&mut world), []);
    for _ in 0..4 {
        world.simulation.post_event(&world.account);
    }
    world.simulation.run_for(minutes(1));
    let expected = ("webhook.failing".to_owned(), world.account.clone());
    assert_eq!(types(&mut world), [expected]);
}

#[test]
fn the_operator_is_told_why_a_webhook_was_disabled() {
    let (mut world, _) = listening(Simulation::new(1));
    world.simulation.network.answers(crate::world::URL, 410);
    world.simulation.post_event(&world.account);
    world.simulation.run_for(minutes(1));
    let change = |status: &str| json!({ "status": status });
    let (account, webhook) = (world.account.clone(), world.webhook.clone());
    world.simulation.change_webhook(&account, &webhook, &change("enabled"));
    world.simulation.change_webhook(&account, &webhook, &change("disabled"));
    world.simulation.run_for(minutes(1));
    let reasons: Vec<Value> = told(&mut world)
        .iter()
        .filter(|body| body["type"] == "webhook.disabled")
        .map(|body| body["data"]["object"]["disabled_reason"].clone())
        .collect();
    assert_eq!(reasons, ["gone", "manual"]);
}

/// Lets days pass, with the sweep that the server makes; returns the names of the keys that the operator
/// was told of by then.
fn days(world: &mut World, days: u64) -> Vec<String> {
    for _ in 0..days * 24 {
        world.simulation.run_for(hours(1));
        let told = world.simulation.ask(|app| async move { app.tell_of_expiring_keys().await });
        told.unwrap().unwrap();
    }
    world.simulation.run_for(minutes(1));
    let told = told(world).into_iter().filter(|body| body["type"] == "api_key.expiring");
    told.map(|body| body["data"]["object"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_operator_is_told_seven_days_and_one_day_before_a_key_expires() {
    let (mut world, _) = listening(Simulation::new(1));
    assert_eq!(days(&mut world, 1), Vec::<String>::new());
    let now = world.simulation.now();
    let create = |world: &mut World, name: &str, days: u64| {
        let expires_at = now.plus(minutes(24 * 60 * days - 1));
        let body = json!({
            "type": "secret", "environment": "test", "name": name, "expires_at": expires_at,
        });
        let call = Call::post("/v1/api_keys", &body).on(&world.account);
        world.simulation.call(call).expect(201).json()
    };
    create(&mut world, "ten days", 10);
    create(&mut world, "five days", 5);
    create(&mut world, "one day", 1);
    create(&mut world, "a month", 30);
    let moved = create(&mut world, "moved", 8);
    assert_eq!(days(&mut world, 2), ["moved"]);
    // What is put off is told of again, and what ends at once is not.
    let expire = format!("{}/expire", moved["uri"].as_str().unwrap());
    let later = json!({ "expires_at": now.plus(Duration::from_hours(24 * 20)) });
    _ = world.simulation.call(Call::post(&expire, &later).on(&world.account)).expect(200);
    assert_eq!(days(&mut world, 1), ["moved", "ten days"]);
    assert_eq!(days(&mut world, 2), ["moved", "ten days", "five days"]);
    assert_eq!(days(&mut world, 5), ["moved", "ten days", "five days", "ten days"]);
    let all = days(&mut world, 20);
    assert_eq!(all[4..], ["moved", "moved", "a month", "a month"]);
}

#[test]
fn the_operator_is_told_of_keys_whose_notice_is_due_before_the_first_sweep() {
    let (mut world, _) = listening(Simulation::new(1));
    for (name, days) in [("a day", 1), ("a week", 7)] {
        let expires_at = world.simulation.now().plus(Duration::from_secs(24 * 3600 * days + 20));
        let body = json!({
            "type": "secret", "environment": "test", "name": name, "expires_at": expires_at,
        });
        _ = world.simulation.call(Call::post("/v1/api_keys", &body).on(&world.account)).expect(201);
    }
    world.simulation.run_for(minutes(1));
    let mut told = days(&mut world, 1);
    told.sort();
    assert_eq!(told, ["a day", "a week"]);
}

#[test]
fn nothing_is_told_of_the_operators_own_account() {
    let (mut world, _) = listening(Simulation::new(1));
    let other = "https://operations.example/other";
    world.simulation.network.answers(other, 500);
    let body = json!({ "webhook_url": other });
    let second = world.simulation.call(Call::post("/v1/operator_webhooks", &body)).expect(201);
    let account = world.simulation.open_account();
    world.simulation.run_for(hours(30));
    assert_eq!(types(&mut world), [("account.created".to_owned(), account)]);
    assert_eq!(world.simulation.network.hits_at(other).len(), 35);
    let disable = Call::patch(&second.text("/uri"), &json!({ "status": "disabled" }));
    _ = world.simulation.call(disable).expect(200);
    world.simulation.run_for(minutes(5));
    assert_eq!(hits(&world).len(), 1);
}

#[test]
fn the_operator_sees_the_log_of_operational_deliveries_and_nobody_else_reaches_them() {
    let (mut world, made) = listening(Simulation::new(1));
    let uri = made["uri"].as_str().unwrap();
    let account = world.simulation.open_account();
    world.simulation.run_until_quiet();
    let rows = world.simulation.list(OWN, "/v1/logs?kind=webhook_delivery");
    assert_eq!((rows.len(), &rows[0]["event_type"]), (1, &json!("account.created")));
    let events = world.simulation.list(OWN, "/v1/events");
    assert_eq!(
        (&events[0]["account_id"], &events[0]["type"]),
        (&json!(account), &json!("account.created"))
    );
    let ping = format!("{}/ping", uri.replace("operator_webhooks", "webhooks"));
    _ = world.simulation.call(Call::post(&ping, &json!({})).on(OWN)).expect(202);
    // Its account is in no list, and is not one to customers' routes.
    let accounts = world.simulation.call(Call::get("/v1/accounts?per_page=100")).expect(200).json();
    let ids: Vec<&Value> =
        accounts["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!((accounts["count"].as_u64(), ids.len()), (Some(2), 2));
    assert!(!ids.contains(&&json!(OWN)));
    let own = format!("/v1/accounts/{OWN}");
    let key = json!({ "type": "secret", "environment": "test" });
    let webhook = json!({ "webhook_url": "https://a.example/", "environment": "test" });
    for call in [
        Call::get(&own),
        Call::patch(&own, &json!({ "webhook_quota": 100 })),
        Call::delete(&own),
        Call::post("/v1/api_keys", &key).on(OWN),
        Call::post("/v1/webhooks", &webhook).on(OWN),
        Call::post("/v1/events", &crate::world::event()).on(OWN),
        Call::post("/v1/portal_sessions", &json!({})).on(OWN),
    ] {
        assert_eq!(refused(&mut world.simulation, call).0, 404);
    }
    let scopes =
        json!({ "name": "logs", "scopes": ["logs:read", "webhooks:read", "webhooks:write"] });
    let token = world.simulation.call(Call::post("/v1/operator_tokens", &scopes)).expect(201);
    let token = token.text("/token");
    for call in [
        Call::get("/v1/logs").on(OWN),
        Call::get("/v1/webhooks").on(OWN),
        Call::post(&ping, &json!({})).on(OWN),
    ] {
        assert_eq!(refused(&mut world.simulation, call.bearer(&token)).0, 404);
    }
    let denied = refused(&mut world.simulation, Call::get("/v1/operator_webhooks").bearer(&token));
    assert_eq!(denied.0, 403);
}

#[test]
fn what_was_committed_is_told_although_the_server_was_killed() {
    for seed in 0..20 {
        let (mut world, _) = listening(Simulation::new(seed));
        let body = json!({ "name": "Ada", "external_id": "ada" });
        let ticket = world.simulation.send(Call::post("/v1/accounts", &body));
        for _ in 0..seed {
            world.simulation.step();
        }
        world.simulation.crash(Duration::from_secs(5));
        world.simulation.run_until_quiet();
        drop(ticket);
        let found = world.simulation.call(Call::get("/v1/accounts?search=ada")).expect(200).json();
        let there =
            found["data"].as_array().unwrap().iter().filter(|one| one["external_id"] == "ada");
        let told = types(&mut world).len();
        assert!(told >= there.clone().count(), "seed {seed}");
        assert_eq!(told > 0, there.count() > 0, "seed {seed}");
    }
}
