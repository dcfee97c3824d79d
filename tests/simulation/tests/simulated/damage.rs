//! Damage: stored documents and events that can't be read.

use app::views::collections;
use bytes::Bytes;
use domain::{
    Environment, Timestamp,
    id::{AccountId, AuditId, Ulid},
};
use futures_util::FutureExt as _;
use latchhook_simulation::{Call, Simulation, hours, minutes};
use ports::{
    Commit, Store as _,
    store::{
        Actor, ActorKind, Append, Condition, EventName, Key, Metadata, NewEvent, StreamId, Write,
    },
};
use serde_json::{Value, json, value::RawValue};

const URL: &str = "https://ada.example/hooks";

/// Replaces the document under `key`; returns what it said.
fn replace(simulation: &Simulation, key: &Key, body: Bytes) -> Bytes {
    let found = simulation.disk.get(std::slice::from_ref(key)).now_or_never().unwrap().unwrap();
    let document = found.into_iter().flatten().next().unwrap();
    let put = Write::Put {
        key: key.clone(),
        body,
        expires_at: document.expires_at,
        index: vec![],
        condition: Condition::Present,
    };
    let commit = Commit { writes: vec![put], ..Commit::default() };
    simulation.disk.commit(commit).now_or_never().unwrap().unwrap();
    document.body
}

/// Appends an event that can't be read, so that no state can be folded from the stream.
fn append_nonsense(simulation: &Simulation, stream: StreamId) {
    let actor = Actor { kind: ActorKind::System, id: None, name: None, person: None };
    let at = Timestamp::EPOCH;
    let event = NewEvent {
        id: AuditId(Ulid::from(1)),
        name: EventName { name: "nonsense".to_owned(), schema_version: 1 },
        payload: RawValue::from_string("{}".to_owned()).unwrap(),
        metadata: Metadata { actor, request_id: None, ip: None, environment: None, at },
    };
    let append = Append { stream, expected_version: None, events: vec![event] };
    let commit = Commit { appends: vec![append], ..Commit::default() };
    simulation.disk.commit(commit).now_or_never().unwrap().unwrap();
}

#[test]
fn a_damaged_document_is_an_error_that_no_repeat_helps() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let event = simulation.post_event(&account);
    let key = collections::events(account.parse().unwrap(), Environment::Test).first().key(&event);
    replace(&simulation, &key, Bytes::from_static(b"{\"version\":"));
    let answer = simulation.call(Call::get(&format!("/v1/events/{event}")).on(&account));
    let answer = answer.expect(500);
    assert_eq!(answer.text("/code"), "internal");
    assert_eq!(answer.header("retry-after"), "");
}

#[test]
fn an_attempt_that_meets_damage_waits_ten_minutes_and_is_made_once_that_is_repaired() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 503);
    let event = simulation.post_event(&account);
    simulation.run_for(minutes(0));
    let tried = simulation.network.hits().len();
    let key = collections::events(account.parse().unwrap(), Environment::Test).first().key(&event);
    let whole = replace(&simulation, &key, Bytes::from_static(b"nonsense"));
    simulation.network.answers(URL, 200);
    _ = simulation.faults.take_calls();
    simulation.run_for(minutes(9));
    // The retry found the damage once, and has been waiting since.
    assert_eq!(simulation.network.hits().len(), tried);
    let reads = simulation.faults.take_calls().get("store.get").copied().unwrap_or_default();
    assert!(reads <= 2, "{reads}");
    replace(&simulation, &key, whole);
    simulation.run_for(minutes(10));
    assert_eq!(simulation.delivery(&account, &event)["status"], "delivered");
}

#[test]
fn an_attempt_that_meets_damage_leaves_those_beside_it_made_and_counted_once() {
    const BESIDE: &str = "https://ada.example/beside";
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let [_, damaged] = [URL, BESIDE].map(|url| simulation.create_webhook(&account, url));
    simulation.network.answers(URL, 200);
    simulation.network.answers(BESIDE, 200);
    simulation.work_by_functions();
    let (owner, webhook) = (account.parse().unwrap(), damaged.id.parse().unwrap());
    let key = collections::webhooks(owner, Environment::Test).key(webhook);
    simulation.workers_rest = true;
    let event = simulation.post_event(&account);
    assert_eq!(simulation.disk.waiting(), 1, "one message asks for both");
    let whole = replace(&simulation, &key, Bytes::from_static(b"nonsense"));
    append_nonsense(&simulation, StreamId::Webhook(owner, webhook));
    simulation.workers_rest = false;
    simulation.run_for(minutes(65));
    assert_eq!(simulation.network.hits_at(URL).len(), 1);
    assert_eq!(simulation.network.hits_at(BESIDE).len(), 0);
    replace(&simulation, &key, whole);
    simulation.run_for(minutes(11));
    assert_eq!(simulation.network.hits_at(BESIDE).len(), 1, "{event}");
    let shown = simulation.show(&account, "/v1/delivery_stats?environment=test");
    let buckets = shown["buckets"].as_array().unwrap().iter();
    let counted: u64 = buckets.map(|bucket| bucket["attempts"].as_u64().unwrap()).sum();
    assert_eq!(counted, 2, "{shown}");
}

#[test]
fn a_damaged_account_keeps_nobody_from_hearing_of_other_keys_that_expire() {
    const OPERATIONS: &str = "https://operations.example/hooks";
    let mut simulation = Simulation::new(1);
    simulation.network.answers(OPERATIONS, 200);
    let hook = json!({ "webhook_url": OPERATIONS, "event_types": ["api_key.expiring"] });
    _ = simulation.call(Call::post("/v1/operator_webhooks", &hook)).expect(201);
    let tell = |simulation: &mut Simulation| {
        simulation.ask(|app| async move { app.tell_of_expiring_keys().await }).unwrap().unwrap();
        simulation.run_for(minutes(1));
    };
    tell(&mut simulation);
    let accounts = [simulation.open_account(), simulation.open_account()];
    for account in &accounts {
        let expires_at = simulation.now().plus(hours(24 * 8));
        let key = json!({ "type": "secret", "environment": "test", "name": account, "expires_at": expires_at });
        _ = simulation.call(Call::post("/v1/api_keys", &key).on(account)).expect(201);
    }
    let damaged: AccountId = accounts[0].parse().unwrap();
    replace(&simulation, &collections::accounts().key(damaged), Bytes::from_static(b"nonsense"));
    append_nonsense(&simulation, StreamId::Account(damaged));
    simulation.run_for(hours(25));
    tell(&mut simulation);
    let told = simulation.network.hits_at(OPERATIONS);
    let told: Vec<Value> =
        told.iter().map(|hit| serde_json::from_slice(&hit.outgoing.body).unwrap()).collect();
    let names: Vec<&Value> = told.iter().map(|body| &body["data"]["object"]["name"]).collect();
    assert_eq!(names, [&json!(accounts[1])]);
}
