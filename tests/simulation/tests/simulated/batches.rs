//! Batches of events under faults: all of the events are accepted and delivered, or none.

use std::collections::BTreeSet;

use latchhook_simulation::{Call, Rates, Simulation, minutes, seconds};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";
/// Number of events in a batch: more than are put in place at a time.
const EVENTS: usize = 20;

fn split(seed: u64) -> (Simulation, String) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 200);
    simulation.faults.split_commits();
    (simulation, account)
}

/// Batch of which every second event has an idempotency key, and one needs a document of its own.
fn batch(account: &str) -> Call {
    let event = |number: usize| {
        let text = "x".repeat(if number == 7 { 200 * 1024 } else { 4096 });
        let object = json!({ "id": format!("rep_{number}"), "object": "report", "text": text });
        let data = json!({ "object": object });
        let mut event = json!({ "type": "report.completed", "environment": "test", "data": data });
        if number.is_multiple_of(2) {
            event["idempotency_key"] = json!(format!("event-{number}"));
        }
        event
    };
    let events: Vec<Value> = (0..EVENTS).map(event).collect();
    Call::post("/v1/events/batch", &json!({ "events": events })).on(account)
}

/// Asserts that all of the events were accepted once and delivered, or none; returns whether they
/// were.
fn all_or_none(simulation: &mut Simulation, account: &str, context: &str) -> bool {
    let events = simulation.list(account, "/v1/events?per_page=100");
    assert!(events.is_empty() || events.len() == EVENTS, "{} events, {context}", events.len());
    let is_delivered = |event: &Value| event["deliveries"][0]["status"] == "delivered";
    assert!(events.iter().all(is_delivered), "{context}");
    let reached: BTreeSet<String> =
        simulation.network.hits().into_iter().map(|hit| hit.event).collect();
    assert_eq!(reached.len(), events.len(), "{context}");
    !events.is_empty()
}

#[test]
fn wherever_a_process_dies_all_events_of_a_batch_are_accepted_or_none() {
    let (mut accepted, mut dropped) = (0, 0);
    for others in 0.. {
        let (mut simulation, account) = split(others);
        simulation.workers_rest = true;
        simulation.faults.hold_after(others);
        let ticket = simulation.send(batch(&account));
        while !simulation.faults.is_holding() && ticket.answer().is_none() {
            simulation.step();
        }
        let died = simulation.faults.is_holding();
        simulation.faults.let_go();
        if died {
            simulation.crash(seconds(1));
        }
        simulation.workers_rest = false;
        simulation.run_until_quiet();
        if all_or_none(&mut simulation, &account, &format!("after {others}")) {
            accepted += 1;
        } else {
            dropped += 1;
        }
        if !died {
            break;
        }
    }
    assert!(accepted > EVENTS && dropped > 5, "{accepted} accepted, {dropped} dropped");
}

#[test]
fn a_batch_that_is_repeated_after_a_death_is_accepted_once() {
    for others in (0..60).step_by(3) {
        let (mut simulation, account) = split(others);
        let batch = batch(&account).once("b1");
        simulation.faults.hold_after(others);
        let ticket = simulation.send(batch.clone());
        while !simulation.faults.is_holding() && ticket.answer().is_none() {
            simulation.step();
        }
        simulation.faults.let_go();
        simulation.crash(seconds(1));
        // Keys of a batch that may still be accepted are in use for a while.
        let mut answer = simulation.call(batch.clone());
        if answer.status == 409 {
            assert_eq!(answer.text("/code"), "idempotency_in_progress");
            simulation.run_for(minutes(3));
            answer = simulation.call(batch);
        }
        let ids: BTreeSet<String> = (0..EVENTS)
            .map(|number| answer.clone().expect(202).text(&format!("/data/{number}/id")))
            .collect();
        simulation.run_until_quiet();
        assert!(all_or_none(&mut simulation, &account, &format!("after {others}")));
        let events = simulation.list(&account, "/v1/events?per_page=100");
        let listed = events.iter().map(|event| event["id"].as_str().unwrap().to_owned());
        assert_eq!(listed.collect::<BTreeSet<_>>(), ids, "after {others}");
    }
}

#[test]
fn a_worker_that_dies_over_a_batch_leaves_nothing_undone() {
    for seed in 0..20 {
        let (mut simulation, account) = split(seed);
        simulation.workers_rest = true;
        _ = simulation.call(batch(&account)).expect(202);
        simulation.workers_rest = false;
        simulation.faults.set(Rates { before: 30, after: 30, crash: 20, ..Rates::NONE });
        simulation.run_for(minutes(2));
        simulation.faults.set(Rates::NONE);
        simulation.run_until_quiet();
        assert!(all_or_none(&mut simulation, &account, &format!("seed {seed}")), "seed {seed}");
    }
}
