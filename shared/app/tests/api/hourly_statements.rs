//! Hourly statements: who is sent `webhook.statement`, of which hours, and what it says.

use domain::{PayloadFormat, Timestamp};
use futures_util::FutureExt as _;
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Write},
};
use serde_json::{Value, json};
use simulation::{Call, Hit, NewWebhook, Simulation, hours, minutes, seconds};

use crate::world::{URL, World, event, refused};

const HOOK: &str = "https://ada.example/statements";

/// World with a webhook that hears statements and reports, at `HOOK`, and the sweep's first round behind it.
fn subscribed(simulation: Simulation) -> (World, NewWebhook) {
    let mut world = World::of(simulation);
    world.simulation.network.answers(HOOK, 200);
    sweep(&mut world);
    let settings = json!({
        "webhook_url": HOOK,
        "environment": "test",
        "include_object": true,
        "event_types": ["webhook.statement", "report.*"],
    });
    let call = Call::post("/v1/webhooks", &settings).on(&world.account);
    let made = world.simulation.call(call).expect(201);
    let (id, secret) = (made.text("/id"), made.text("/signing_secret"));
    let webhook = NewWebhook { id, url: HOOK.to_owned(), secret };
    (world, webhook)
}

/// Has the sweep send what is due.
fn sweep(world: &mut World) {
    world.simulation.ask(|app| async move { app.send_statements().await }).unwrap().unwrap();
}

/// Lets hours pass, with a sweep at each minute that begins them.
fn live(world: &mut World, hours: u64) {
    for _ in 0..hours * 60 {
        world.simulation.run_for(minutes(1));
        sweep(world);
    }
    world.simulation.run_for(seconds(30));
}

/// Statements that were sent to `HOOK`, in order.
fn statements(world: &World) -> Vec<Value> {
    let hits = world.simulation.network.hits_at(HOOK).into_iter().map(|hit: Hit| hit.outgoing.body);
    let bodies = hits.map(|body| serde_json::from_slice::<Value>(&body).unwrap());
    bodies.filter(|body| body["type"] == "webhook.statement").collect()
}

/// Ends of the hours of which statements were sent.
fn ends(world: &World) -> Vec<Timestamp> {
    let until = |body: Value| body["data"]["object"]["until"].as_str().unwrap().parse().unwrap();
    statements(world).into_iter().map(until).collect()
}

/// Beginning of the hour that goes on.
fn hour(world: &World) -> Timestamp {
    let now = world.simulation.now().as_millis();
    Timestamp::from_millis(now - now % 3_600_000)
}

/// Answer to a call of the account.
fn shown(world: &mut World, path: &str) -> Value {
    let account = world.account.clone();
    world.simulation.show(&account, path)
}

#[test]
fn a_webhook_that_names_its_statement_is_sent_it_once_an_hour_for_the_hour_before() {
    let (mut world, webhook) = subscribed(Simulation::new(1));
    let begin = hour(&world);
    let account = world.account.clone();
    let posted = world.simulation.post_event(&account);
    live(&mut world, 3);
    assert_eq!(ends(&world), [1, 2, 3].map(|number| begin.plus(hours(number))));
    let first = statements(&world).remove(0);
    let object = &first["data"]["object"];
    let numbers = ["events", "delivered", "pending", "retrying", "exhausted", "cancelled"];
    assert_eq!(numbers.map(|name| object[name].as_u64().unwrap()), [1, 1, 0, 0, 0, 0]);
    let named = (&object["object"], &object["webhook_id"], &object["id"]);
    assert_eq!(named, (&json!("webhook_statement"), &json!(webhook.id), &json!(webhook.id)));
    assert_eq!((&object["since"], &object["until"]), (&json!(begin), &first["created_at"]));
    assert_eq!(first["account_id"], json!(account));
    // It is what the route answers, at the path that it names.
    let mut route = shown(&mut world, object["uri"].as_str().unwrap());
    for name in ["id", "uri"] {
        route[name] = object[name].clone();
    }
    assert_eq!(*object, route);
    // The statements themselves are in none.
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(statements(&world)[1]["data"]["object"]["digest"], empty);
    // They are events like others.
    let path = format!("/v1/events?webhook_id={}&order=asc", webhook.id);
    let listed = world.simulation.list(&account, &path);
    let types: Vec<&Value> = listed.iter().map(|event| &event["type"]).collect();
    assert_eq!(types.len(), 4, "{types:?}");
    assert_eq!(listed[0]["id"], posted);
    assert_eq!(listed[1]["id"], first["id"]);
    assert_eq!(listed[1]["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(listed[1]["deliveries"][0]["status"], "delivered");
}

#[test]
fn nothing_but_its_name_means_the_statement() {
    let (mut world, webhook) = subscribed(Simulation::new(1));
    let account = world.account.clone();
    for event_types in [json!(["*"]), json!(["webhook.*", "report.*"])] {
        world.simulation.change_webhook(&account, &webhook, &json!({ "event_types": event_types }));
        live(&mut world, 2);
        assert_eq!(ends(&world), []);
    }
    // Neither is one heard that the operator posts.
    let mut posted = event();
    posted["type"] = json!("webhook.statement");
    let call = Call::post("/v1/events", &posted).on(&account);
    let posted = world.simulation.call(call).expect(202).json();
    assert_eq!(posted["deliveries"], json!([]));
    // The webhook that hears all types is at another URL.
    assert!(world.simulation.network.hits_at(URL).is_empty());
}

#[test]
fn a_webhook_may_subscribe_to_its_statement_whatever_types_are_registered() {
    let mut world = World::new();
    let put = Call::put("/v1/event_types/report.completed", &json!({}));
    _ = world.simulation.call(put).expect(200);
    let settings =
        |name: &str| json!({ "webhook_url": HOOK, "environment": "test", "event_types": [name] });
    let unknown = world.refused(Call::post("/v1/webhooks", &settings("webhook.statements")));
    assert_eq!(unknown, (422, "unknown_event_type".to_owned(), json!("event_types")));
    let call = Call::post("/v1/webhooks", &settings("webhook.statement")).on(&world.account);
    let made = world.simulation.call(call).expect(201).json();
    // So it can be tried.
    let ping = format!("{}/ping", made["uri"].as_str().unwrap());
    let test = json!({ "type": "webhook.statement" });
    _ = world.simulation.call(Call::post(&ping, &test).on(&world.account)).expect(202);
    // The operator's own webhooks are in no account that has statements.
    let own = json!({ "webhook_url": HOOK, "event_types": ["webhook.statement"] });
    let call = Call::post("/v1/operator_webhooks", &own);
    assert_eq!(refused(&mut world.simulation, call).1, "unknown_event_type");
}

#[test]
fn a_webhook_that_wants_no_objects_is_told_where_its_statement_is() {
    let (mut world, webhook) = subscribed(Simulation::new(1));
    let account = world.account.clone();
    world.simulation.change_webhook(&account, &webhook, &json!({ "include_object": false }));
    live(&mut world, 1);
    let object = statements(&world).remove(0)["data"]["object"].clone();
    let fields: Vec<&String> = object.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["id", "object", "uri"]);
    let uri = object["uri"].as_str().unwrap();
    assert_eq!(shown(&mut world, uri)["object"], "webhook_statement");
}

#[test]
fn statements_of_missed_hours_are_made_up_for_a_day_of_them() {
    for (down, made_up) in [(5, 5), (40, 24)] {
        let (mut world, _) = subscribed(Simulation::new(1));
        live(&mut world, 1);
        let known = ends(&world);
        world.simulation.run_for(hours(down));
        live(&mut world, 0);
        sweep(&mut world);
        world.simulation.run_for(minutes(1));
        let end = hour(&world);
        let mut made = ends(&world).split_off(known.len());
        made.sort();
        let expected: Vec<Timestamp> =
            (0..made_up).rev().map(|before| end.minus(hours(before))).collect();
        assert_eq!(made, expected, "{down} hours");
    }
}

#[test]
fn a_webhook_has_no_statements_of_hours_before_it_was_made() {
    let mut world = World::new();
    sweep(&mut world);
    world.simulation.run_for(hours(5));
    world.simulation.network.answers(HOOK, 200);
    let settings = json!({
        "webhook_url": HOOK,
        "environment": "test",
        "include_object": true,
        "event_types": ["webhook.statement"],
    });
    let call = Call::post("/v1/webhooks", &settings).on(&world.account);
    _ = world.simulation.call(call).expect(201);
    let begin = hour(&world);
    live(&mut world, 1);
    assert_eq!(ends(&world), [begin.plus(hours(1))]);
}

#[test]
fn whoever_may_not_be_sent_anything_is_sent_no_statement() {
    let stops: [fn(&mut World, &NewWebhook); 3] = [
        |world, webhook| {
            let account = world.account.clone();
            let change = json!({ "status": "disabled" });
            world.simulation.change_webhook(&account, webhook, &change);
        },
        |world, webhook| {
            let delete = Call::delete(&format!("/v1/webhooks/{}", webhook.id));
            _ = world.simulation.call(delete.on(&world.account)).expect(200);
        },
        |world, _| {
            let close = Call::delete(&format!("/v1/accounts/{}", world.account));
            _ = world.simulation.call(close).expect(200);
        },
    ];
    for stop in stops {
        let (mut world, webhook) = subscribed(Simulation::new(1));
        live(&mut world, 1);
        assert_eq!(ends(&world).len(), 1);
        stop(&mut world, &webhook);
        live(&mut world, 2);
        assert_eq!(ends(&world).len(), 1);
    }
}

#[test]
fn a_statement_takes_the_layout_of_payloads() {
    let simulation =
        Simulation::with(1, |settings| settings.envelope.format = PayloadFormat::Standard);
    let (mut world, webhook) = subscribed(simulation);
    live(&mut world, 1);
    let sent = statements(&world).remove(0);
    let named = (&sent["data"]["object"], &sent["data"]["webhook_id"]);
    assert_eq!(named, (&json!("webhook_statement"), &json!(webhook.id)));
    assert_eq!(sent["timestamp"], sent["data"]["until"]);
}

#[test]
fn an_erased_statement_is_not_made_again() {
    let (mut world, _) = subscribed(Simulation::new(1));
    live(&mut world, 1);
    let id = statements(&world).remove(0)["id"].as_str().unwrap().to_owned();
    let erase = Call::delete(&format!("/v1/events/{id}")).on(&world.account);
    _ = world.simulation.call(erase).expect(200);
    live(&mut world, 1);
    assert_eq!(ends(&world).len(), 2);
    assert!(shown(&mut world, &format!("/v1/events/{id}"))["data"].is_null());
}

#[test]
fn a_statement_that_can_not_be_made_holds_up_no_others_and_no_later_hour() {
    let (mut world, _) = subscribed(Simulation::new(1));
    let other = world.simulation.call(Call::post("/v1/accounts", &json!({ "name": "Bob" })));
    let other = other.expect(201).text("/id");
    let settings = json!({
        "webhook_url": "https://bob.example/statements",
        "environment": "test",
        "event_types": ["*", "webhook.statement"],
    });
    _ = world.simulation.call(Call::post("/v1/webhooks", &settings).on(&other)).expect(201);
    let post = Call::post("/v1/events", &event()).on(&other);
    _ = world.simulation.call(post).expect(202);
    let disk = &world.simulation.disk;
    let damaged = disk.documents(&[Collection("events")]).into_iter().map(|(document, index)| {
        let (key, expires_at) = (document.key, document.expires_at);
        Write::Put { key, body: "{".into(), expires_at, index, condition: Condition::None }
    });
    let commit = Commit { writes: damaged.collect(), ..Commit::default() };
    disk.commit(commit).now_or_never().unwrap().unwrap();
    for _ in 0..3 * 60 {
        world.simulation.run_for(minutes(1));
        _ = world.simulation.ask(|app| async move { app.send_statements().await });
    }
    world.simulation.run_for(seconds(30));
    assert_eq!(ends(&world).len(), 3);
}
