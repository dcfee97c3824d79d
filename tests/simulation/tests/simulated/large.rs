//! Work that is larger than one request: it continues by itself over the queue.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use app::views::collections;
use domain::answers::{LARGEST_CONTENT, length_in_json};
use futures_util::FutureExt as _;
use latchhook_simulation::{Call, NewWebhook, Simulation, seconds};
use ports::{Store as _, store::Collection};
use serde_json::{Value, json};

const WEBHOOKS: usize = 1_600;
const EVENTS: usize = 1_100;
/// Largest quota of webhooks.
const MOST_WEBHOOKS: usize = 10_000;
/// Most events of one batch.
const A_BATCH: usize = 100;
/// Deliveries that the request of a recovery recovers itself, and then each of its messages.
const AT_FIRST: usize = 1_000;
const A_PART: usize = 2_000;
const URL: &str = "https://ada.example/hooks";

fn event() -> Value {
    let object = json!({ "id": "rep_1", "object": "report" });
    json!({ "type": "report.completed", "environment": "test", "data": { "object": object } })
}

/// Simulation with an account that has so many webhooks, which all acknowledge.
fn many_webhooks(seed: u64, webhooks: usize) -> (Simulation, String) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    let quota = json!({ "webhook_quota": 10_000 });
    let path = format!("/v1/accounts/{account}");
    _ = simulation.call(Call::patch(&path, &quota)).expect(200);
    for number in 0..webhooks {
        let url = format!("https://ada.example/{number}");
        simulation.create_webhook(&account, &url);
        simulation.network.answers(&url, 200);
    }
    (simulation, account)
}

#[test]
fn an_event_for_many_webhooks_is_accepted_by_one_message_and_delivered_to_each() {
    for (is_split, crashes) in [(false, false), (true, false), (true, true)] {
        let (mut simulation, account) = many_webhooks(7, WEBHOOKS);
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

#[test]
fn an_event_for_as_many_webhooks_as_an_account_may_have_is_delivered_to_each() {
    let (mut simulation, account) = many_webhooks(1, MOST_WEBHOOKS);
    simulation.work_by_functions();
    let path = format!("/v1/accounts/{account}");
    let more = Call::patch(&path, &json!({ "webhook_quota": MOST_WEBHOOKS + 1 }));
    assert_eq!(simulation.call(more).expect(422).text("/param"), "webhook_quota");
    let accepted = simulation.call(Call::post("/v1/events", &event()).on(&account)).expect(202);
    let urls = |simulation: &Simulation| {
        let hits = simulation.network.hits().into_iter();
        hits.map(|hit| hit.url).collect::<BTreeSet<_>>().len()
    };
    while urls(&simulation) < MOST_WEBHOOKS {
        simulation.run_for(seconds(1));
    }
    simulation.run_until_quiet();
    assert_eq!(simulation.network.hits().len(), MOST_WEBHOOKS);
    let path = format!("/v1/events/{}", accepted.text("/id"));
    let shown = simulation.show(&account, &path);
    let deliveries = shown["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.len(), MOST_WEBHOOKS);
    assert!(deliveries.iter().all(|delivery| delivery["status"] == "delivered"));
    let shown = shown.to_string();
    assert!(length_in_json(shown.as_bytes()) < LARGEST_CONTENT);
}

/// Simulation with an account whose webhook was disabled when so many events came.
fn many_cancelled(seed: u64, events: usize) -> (Simulation, String, NewWebhook) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 200);
    simulation.change_webhook(&account, &webhook, &json!({ "status": "disabled" }));
    for left in (0..events).step_by(A_BATCH).map(|posted| events - posted) {
        let batch = json!({ "events": vec![event(); left.min(A_BATCH)] });
        _ = simulation.call(Call::post("/v1/events/batch", &batch).on(&account)).expect(202);
    }
    simulation.change_webhook(&account, &webhook, &json!({ "status": "enabled" }));
    (simulation, account, webhook)
}

#[test]
fn a_large_recovery_continues_by_itself_wherever_a_worker_dies() {
    for (is_split, deaths) in [(false, 0), (true, 6)] {
        let (mut simulation, account, webhook) = many_cancelled(3, EVENTS);
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

/// Part of a recovery, which a message asks for.
#[derive(Debug)]
struct Part {
    /// Number of deliveries that are queued once it is done.
    count: usize,
    /// Number of commits.
    commits: u64,
    /// Size of the progress that is kept, in bytes.
    kept: usize,
}

/// Recovers so many deliveries; returns the parts that messages asked for.
fn parts_of(events: usize) -> Vec<Part> {
    let (mut simulation, account, webhook) = many_cancelled(5, events);
    let key = collections::webhook_recovery(account.parse().unwrap(), webhook.id.parse().unwrap());
    let path = format!("/v1/webhooks/{}/recover", webhook.id);
    let recover = Call::post(&path, &json!({ "since": "2020-01-01T00:00:00.000Z" }));
    _ = simulation.call(recover.on(&account)).expect(202);
    let (mut parts, mut last) = (Vec::<Part>::new(), AT_FIRST);
    _ = simulation.faults.take_calls();
    loop {
        simulation.step();
        let kept = simulation.disk.get(slice::from_ref(&key)).now_or_never().unwrap().unwrap();
        let body = &kept[0].as_ref().unwrap().body;
        let progress: Value = serde_json::from_slice(body).unwrap();
        let count = progress["count"].as_u64().unwrap().try_into().unwrap();
        if count > last {
            let commits = simulation.faults.take_calls()["store.commit"];
            parts.push(Part { count, commits, kept: body.len() });
            last = count;
        }
        if progress["ended_at"].is_string() {
            return parts;
        }
    }
}

/// So a recovery of a million deliveries is five hundred messages, none of which takes longer than those here.
#[test]
fn a_recovery_of_twice_as_many_is_twice_as_many_parts_and_none_is_larger() {
    let (some, twice) = (parts_of(AT_FIRST + 2 * A_PART), parts_of(AT_FIRST + 4 * A_PART));
    for (parts, number) in [(&some, 2), (&twice, 4)] {
        let counts: Vec<_> = parts.iter().map(|part| part.count).collect();
        let expected: Vec<_> = (1..=number).map(|part| AT_FIRST + part * A_PART).collect();
        assert_eq!(counts, expected);
    }
    let (before, after) = (some.last().unwrap(), twice.last().unwrap());
    for part in some.iter().chain(&twice) {
        assert!(part.commits <= 90, "{part:?}");
    }
    assert!(after.kept.abs_diff(before.kept) <= 1, "{before:?}, then {after:?}");
}
