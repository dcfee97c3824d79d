//! Work that is larger than one request: it continues by itself over the queue.

use std::collections::BTreeMap;

use latchhook_simulation::{Call, NewWebhook, Simulation, seconds};
use ports::store::Collection;
use serde_json::{Value, json};

const WEBHOOKS: usize = 1_600;
const EVENTS: usize = 1_100;
const URL: &str = "https://ada.example/hooks";

fn event() -> Value {
    let object = json!({ "id": "rep_1", "object": "report" });
    json!({ "type": "report.completed", "environment": "test", "data": { "object": object } })
}

/// Simulation with an account that has many webhooks, which all acknowledge.
fn many_webhooks(seed: u64) -> (Simulation, String) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    let quota = json!({ "webhook_quota": 10_000 });
    let path = format!("/v1/accounts/{account}");
    _ = simulation.call(Call::patch(&path, &quota)).expect(200);
    for number in 0..WEBHOOKS {
        let url = format!("https://ada.example/{number}");
        simulation.create_webhook(&account, &url);
        simulation.network.answers(&url, 200);
    }
    (simulation, account)
}

#[test]
fn an_event_for_many_webhooks_is_accepted_by_one_message_and_delivered_to_each() {
    for (is_split, crashes) in [(false, false), (true, false), (true, true)] {
        let (mut simulation, account) = many_webhooks(7);
        if is_split {
            simulation.faults.split_commits();
        }
        simulation.workers_rest = true;
        let post = Call::post("/v1/events", &event()).on(&account).once("k1");
        let accepted = simulation.call(post.clone()).expect(202);
        assert_eq!(simulation.disk.waiting(), 1);
        assert_eq!(simulation.call(post).expect(202).body, accepted.body);
        let kept = simulation.disk.documents(&[Collection("idempotency")]).len();
        assert!(kept > 1, "the answer fits into one document");
        simulation.workers_rest = false;
        if crashes {
            // Each time some messages of a part are sent, and the rest is asked for again.
            for _ in 0..3 {
                simulation.faults.hold_after(4);
                while !simulation.faults.is_holding() {
                    simulation.step();
                }
                simulation.faults.let_go();
                simulation.crash(seconds(1));
            }
        }
        simulation.run_until_quiet();
        let mut hits: BTreeMap<String, usize> = BTreeMap::new();
        for hit in simulation.network.hits() {
            *hits.entry(hit.url).or_default() += 1;
        }
        assert_eq!(hits.len(), WEBHOOKS);
        let twice = hits.values().filter(|number| **number > 1).count();
        assert!(crashes || twice == 0, "{twice} attempts were made twice");
        let path = format!("/v1/events/{}", accepted.text("/id"));
        let shown = simulation.show(&account, &path);
        let deliveries = shown["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), WEBHOOKS);
        assert!(deliveries.iter().all(|delivery| delivery["status"] == "delivered"));
    }
}

/// Simulation with an account whose webhook was disabled when many events came.
fn many_cancelled(seed: u64) -> (Simulation, String, NewWebhook) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 200);
    simulation.change_webhook(&account, &webhook, &json!({ "status": "disabled" }));
    for _ in 0..EVENTS {
        simulation.post_event(&account);
    }
    simulation.change_webhook(&account, &webhook, &json!({ "status": "enabled" }));
    (simulation, account, webhook)
}

#[test]
fn a_large_recovery_continues_by_itself_wherever_a_worker_dies() {
    for (is_split, deaths) in [(false, 0), (true, 6)] {
        let (mut simulation, account, webhook) = many_cancelled(3);
        if is_split {
            simulation.faults.split_commits();
        }
        let path = format!("/v1/webhooks/{}/recover", webhook.id);
        let recover = Call::post(&path, &json!({ "since": "2020-01-01T00:00:00.000Z" }));
        let answer = simulation.call(recover.clone().on(&account)).expect(202).json();
        assert_eq!(answer, json!({ "count": 1_000, "continues": true }));
        let webhook_path = format!("/v1/webhooks/{}", webhook.id);
        let progress = |simulation: &mut Simulation| {
            simulation.show(&account, &webhook_path)["recovery"].clone()
        };
        let begun = progress(&mut simulation);
        assert_eq!((&begun["count"], &begun["ended_at"]), (&json!(1_000), &Value::Null));
        assert!(begun["reached_at"].is_string());
        for others in 0..deaths {
            simulation.faults.hold_after(others);
            while !simulation.faults.is_holding() {
                simulation.step();
            }
            simulation.faults.let_go();
            simulation.crash(seconds(1));
        }
        simulation.run_until_quiet();
        let done = progress(&mut simulation);
        assert!(done["ended_at"].is_string(), "{done}");
        let queued = done["count"].as_u64().unwrap();
        assert!(queued == EVENTS as u64 || (deaths > 0 && queued > 1_000), "{done}");
        let again = simulation.call(recover.on(&account)).expect(202).json();
        assert_eq!(again, json!({ "count": 0 }));
        let hits = simulation.network.hits();
        let mut events: Vec<&str> = hits.iter().map(|hit| hit.event.as_str()).collect();
        events.sort_unstable();
        events.dedup();
        assert_eq!(events.len(), EVENTS);
        let allowed = if deaths > 0 { EVENTS + 100 } else { EVENTS };
        assert!(hits.len() <= allowed, "{} attempts", hits.len());
    }
}
