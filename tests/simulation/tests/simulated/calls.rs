//! Number of calls to store and vault of each operation: a test fails when one call is added.

use std::collections::BTreeMap;

use latchhook_simulation::{Call, Simulation, seconds};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "test",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    })
}

/// Simulation with resting workers, and an account with two webhooks.
fn prepared() -> (Simulation, String) {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.create_webhook(&account, "https://ada.example/more");
    simulation.workers_rest = true;
    (simulation, account)
}

/// Counts the calls that answering `call` takes.
#[track_caller]
fn calls(simulation: &mut Simulation, call: Call) -> BTreeMap<&'static str, u64> {
    _ = simulation.faults.take_calls();
    let answer = simulation.call(call);
    assert!(answer.status < 300, "{}", answer.json());
    simulation.faults.take_calls()
}

#[test]
fn an_event_for_two_webhooks_is_one_commit() {
    let (mut simulation, account) = prepared();
    let post = Call::post("/v1/events", &event()).on(&account);
    // Reads: the account, the event's type, the webhooks.
    let expected = BTreeMap::from([("store.get", 2), ("store.query", 1), ("store.commit", 1)]);
    assert_eq!(calls(&mut simulation, post.clone()), expected);
    assert_eq!(simulation.disk.waiting(), 2);
    // With an idempotency key: reads the previous answer, and seals this one.
    let mut with_key = expected;
    with_key.extend([("store.get", 3), ("vault.seal", 1)]);
    assert_eq!(calls(&mut simulation, post.once("k1")), with_key);
}

#[test]
fn a_first_attempt_that_succeeds_is_one_read_and_one_commit() {
    let (mut simulation, account) = prepared();
    simulation.network.answers(URL, 200);
    simulation.network.answers("https://ada.example/more", 200);
    for cold in [true, false] {
        simulation.workers_rest = true;
        simulation.post_event(&account);
        _ = simulation.faults.take_calls();
        simulation.workers_rest = false;
        simulation.run_for(seconds(1));
        assert_eq!(simulation.disk.waiting(), 0);
        let mut expected =
            BTreeMap::from([("queue.receive", 1), ("store.get", 2), ("store.commit", 2)]);
        if cold {
            // Reads the signing secrets, which then stay in memory for a few minutes.
            expected.insert("vault.reveal", 2);
        }
        assert_eq!(simulation.faults.take_calls(), expected, "cold: {cold}");
    }
}

#[test]
fn a_failed_attempt_is_one_read_and_one_commit() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    simulation.post_event(&account);
    simulation.run_for(seconds(1));
    for _ in 0..3 {
        _ = simulation.faults.take_calls();
        simulation.run_for(seconds(60));
        let expected = [("queue.receive", 1), ("store.get", 1), ("store.commit", 1)];
        assert_eq!(simulation.faults.take_calls(), BTreeMap::from(expected));
    }
}

#[test]
fn verifying_a_key_is_one_read_and_a_write_a_minute() {
    let (mut simulation, account) = prepared();
    let key = simulation.create_key(&account, "secret", "test");
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
    // Reads the key by its fingerprint, then its account; once the account is known, both at once.
    // Before recording the use: reads whether another process has done so within the minute.
    let first = BTreeMap::from([("store.get", 3), ("store.commit", 1)]);
    assert_eq!(calls(&mut simulation, verify.clone()), first, "its first use");
    let reads = BTreeMap::from([("store.get", 1)]);
    let with_write = BTreeMap::from([("store.get", 1), ("store.commit", 1)]);
    let scoped = Call::post("/v1/api_keys/verify", &json!({ "key": key, "scopes": ["a", "b"] }));
    for verify in [verify.clone(), scoped, verify.clone()] {
        assert_eq!(calls(&mut simulation, verify), reads);
    }
    let request = json!({ "method": "GET", "path": "/v1/reports" });
    let logged = json!({ "key": key, "request": request });
    let logged = Call::post("/v1/api_keys/verify", &logged);
    assert_eq!(calls(&mut simulation, logged), with_write, "a row of the log");
    simulation.run_for(seconds(60));
    let a_minute_later = BTreeMap::from([("store.get", 2), ("store.commit", 1)]);
    assert_eq!(calls(&mut simulation, verify), a_minute_later, "a use a minute later");
}

#[test]
fn a_key_that_is_not_one_is_refused_without_a_read() {
    let (mut simulation, _) = prepared();
    for text in ["lh_sk_test_00000000000000000000000000000000000000", "hunter2", ""] {
        let verify = Call::post("/v1/api_keys/verify", &json!({ "key": text }));
        assert_eq!(calls(&mut simulation, verify), BTreeMap::new(), "{text}");
    }
}

/// Anybody can make such texts up: each costs what a key costs that ends in a right checksum.
#[test]
fn a_key_of_any_other_form_is_one_read() {
    let (mut simulation, _) = prepared();
    for text in
        ["sk_live_51Habcdefghijklmnop", "acme_sk_test_00000000000000000000000000000000000000"]
    {
        let verify = Call::post("/v1/api_keys/verify", &json!({ "key": text }));
        assert_eq!(calls(&mut simulation, verify), BTreeMap::from([("store.get", 1)]), "{text}");
    }
}

#[test]
fn every_command_is_at_most_one_commit() {
    let (mut simulation, account) = prepared();
    let more = Call::patch(&format!("/v1/accounts/{account}"), &json!({ "webhook_quota": 5 }));
    _ = simulation.call(more).expect(200);
    let created = json!({ "type": "secret", "environment": "test" });
    let created = simulation.call(Call::post("/v1/api_keys", &created).on(&account)).expect(201);
    let key = format!("/v1/api_keys/{}", created.text("/id"));
    let webhook = simulation.create_webhook(&account, "https://u:p@ada.example/secret");
    let webhook = format!("/v1/webhooks/{}", webhook.id);
    let posted = simulation.post_event(&account);
    let webhook_id = webhook.trim_start_matches("/v1/webhooks/");
    let to = |path: &str, action: &str| format!("{path}/{action}");
    let new_webhook =
        json!({ "webhook_url": "https://u:p@ada.example/new", "environment": "test" });
    let new_key = json!({ "type": "secret", "environment": "test" });
    let row = json!({ "environment": "test", "method": "GET", "path": "/", "status": 200 });
    let commands = [
        Call::post("/v1/accounts", &json!({ "name": "Bob", "external_id": "b" })),
        Call::patch(&format!("/v1/accounts/{account}"), &json!({ "credentialed": true })),
        Call::post("/v1/portal_sessions", &json!({})),
        Call::post("/v1/api_keys", &new_key),
        Call::post(&to(&key, "reveal"), &json!({})),
        Call::post(&to(&key, "roll"), &json!({})),
        Call::post("/v1/webhooks", &new_webhook),
        Call::patch(&webhook, &json!({ "webhook_url": "https://a:b@ada.example/moved" })),
        Call::post(&to(&webhook, "reveal_secret"), &json!({})),
        Call::post(&to(&webhook, "rotate_secret"), &json!({})),
        Call::post(&to(&webhook, "ping"), &json!({})),
        Call::post("/v1/events", &event()),
        Call::post(&format!("/v1/events/{posted}/resend"), &json!({ "webhook_id": webhook_id })),
        Call::post("/v1/request_logs", &json!({ "request_logs": [row] })),
        Call::put("/v1/event_types/report.completed", &json!({})),
        Call::delete("/v1/event_types/report.completed"),
        Call::delete(&webhook),
        Call::delete(&format!("/v1/accounts/{account}")),
    ];
    for (number, command) in commands.into_iter().enumerate() {
        let command = command.on(&account).once(&format!("k{number}"));
        let described = format!("{command:?}");
        let calls = calls(&mut simulation, command);
        assert_eq!(calls.get("store.commit"), Some(&1), "{described}");
    }
}
