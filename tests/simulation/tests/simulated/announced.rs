//! A backend whose messages are not sent as part of a commit: what is accepted is delivered, and
//! nothing else.

use latchhook_simulation::{Call, Rates, Simulation, Ticket, minutes, seconds};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

/// Simulation whose commits are split from their messages, and an account with a webhook that
/// acknowledges.
fn split(seed: u64) -> (Simulation, String) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 200);
    simulation.faults.split_commits();
    (simulation, account)
}

fn post(account: &str) -> Call {
    let object = json!({ "id": "rep_1", "object": "report" });
    let event =
        json!({ "type": "report.completed", "environment": "test", "data": { "object": object } });
    Call::post("/v1/events", &event).on(account)
}

/// Statuses of the deliveries of all events.
fn statuses(simulation: &mut Simulation, account: &str) -> Vec<Value> {
    let events = simulation.list(account, "/v1/events?environment=test");
    let status = |event: &Value| event["deliveries"][0]["status"].clone();
    events.iter().map(status).collect()
}

#[test]
fn wherever_a_process_dies_what_it_accepted_is_delivered() {
    let (mut accepted, mut dropped) = (0, 0);
    for others in 0.. {
        let (mut simulation, account) = split(others);
        simulation.workers_rest = true;
        simulation.faults.hold_after(others);
        let ticket = simulation.send(post(&account));
        while !simulation.faults.is_holding() && ticket.answer().is_none() {
            simulation.step();
        }
        let died = simulation.faults.is_holding();
        simulation.faults.let_go();
        if died {
            simulation.crash(seconds(1));
        }
        let sent = simulation.disk.waiting();
        simulation.workers_rest = false;
        simulation.run_until_quiet();
        let made = statuses(&mut simulation, &account);
        assert!(made.iter().all(|status| status == "delivered"), "after {others}: {made:?}");
        assert_eq!(simulation.network.hits().len(), made.len(), "after {others}");
        (accepted, dropped) = (accepted + made.len(), dropped + sent - made.len());
        if !died {
            break;
        }
    }
    // It died once with the messages sent and nothing accepted, and lived in the end.
    assert_eq!((accepted, dropped), (1, 1));
}

#[test]
fn nothing_is_accepted_of_which_the_messages_can_not_be_sent() {
    let (mut refused, mut delivered) = (0, 0);
    for seed in 0..40 {
        let (mut simulation, account) = split(seed);
        simulation.faults.set(Rates { before: 150, ..Rates::NONE });
        let answer = simulation.call(post(&account));
        simulation.faults.set(Rates::NONE);
        simulation.run_until_quiet();
        let made = statuses(&mut simulation, &account);
        if answer.status == 503 {
            assert_eq!(made, Vec::<Value>::new(), "seed {seed}");
            refused += 1;
        } else {
            assert_eq!((answer.status, made), (202, vec![json!("delivered")]), "seed {seed}");
            delivered += 1;
        }
    }
    assert!(refused > 5 && delivered > 5, "{refused} refused, {delivered} delivered");
}

#[test]
fn a_repeat_sends_no_message_again() {
    let (mut simulation, account) = split(1);
    simulation.workers_rest = true;
    let post = post(&account).once("k1");
    for _ in 0..3 {
        _ = simulation.call(post.clone()).expect(202);
    }
    assert_eq!(simulation.disk.waiting(), 1);
}

/// Posts an event, whose commit is held once its message was sent.
fn held_at_its_commit(simulation: &mut Simulation, account: &str) -> Ticket {
    simulation.workers_rest = true;
    // Reads: the account, the event's type, the webhooks; then the message; then the commit.
    simulation.faults.hold_after(4);
    let ticket = simulation.send(post(account));
    while !simulation.faults.is_holding() {
        simulation.step();
    }
    simulation.workers_rest = false;
    ticket
}

#[test]
fn a_message_that_is_faster_than_its_commit_waits_for_it() {
    let (mut simulation, account) = split(1);
    let ticket = held_at_its_commit(&mut simulation, &account);
    let began = simulation.now();
    simulation.run_until(began.plus(seconds(20)));
    assert!(simulation.network.hits().is_empty() && simulation.disk.waiting() == 1);
    simulation.faults.let_go();
    _ = simulation.wait_for(&ticket).expect(202);
    simulation.run_until_quiet();
    assert_eq!(statuses(&mut simulation, &account), ["delivered"]);
    assert!(simulation.now().since(began) < seconds(30));
}

#[test]
fn a_commit_that_comes_when_its_messages_may_be_dropped_is_refused() {
    let (mut simulation, account) = split(1);
    let ticket = held_at_its_commit(&mut simulation, &account);
    let began = simulation.now();
    simulation.run_until(began.plus(minutes(3)));
    assert_eq!(simulation.disk.waiting(), 0, "the message is dropped");
    simulation.faults.let_go();
    assert_eq!(simulation.wait_for(&ticket).status, 409);
    assert_eq!(statuses(&mut simulation, &account), Vec::<Value>::new());
}
