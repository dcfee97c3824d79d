//! First attempts that one message asks for, where messages are not part of a commit: all are made, whatever
//! becomes of the others.

use latchhook_simulation::{Reply, Simulation, seconds};
use serde_json::json;

/// Receiver that acknowledges.
const FINE: &str = "https://ada.example/fine";
/// Receiver that fails the first time.
const LATER: &str = "https://ada.example/later";

/// Simulation whose commits are split from their messages, and an account with a webhook for each receiver.
fn split(seed: u64) -> (Simulation, String) {
    let mut simulation = Simulation::new(seed);
    let account = simulation.open_account();
    for url in [FINE, LATER] {
        simulation.create_webhook(&account, url);
    }
    simulation.network.answers(FINE, 200);
    let began = simulation.now();
    let is_early = move |at: domain::Timestamp| at.since(began) < seconds(30);
    simulation
        .network
        .on(LATER, move |hit| Reply::status(if is_early(hit.at) { 500 } else { 200 }));
    simulation.faults.split_commits();
    (simulation, account)
}

/// Numbers of requests that each receiver got.
fn hits(simulation: &Simulation) -> [usize; 2] {
    [FINE, LATER].map(|url| simulation.network.hits_at(url).len())
}

#[test]
fn one_message_asks_for_the_first_attempts_at_several_webhooks() {
    let (mut simulation, account) = split(1);
    simulation.workers_rest = true;
    simulation.post_event(&account);
    assert_eq!(simulation.disk.waiting(), 1);
    simulation.workers_rest = false;
    simulation.run_for(seconds(1));
    assert_eq!(hits(&simulation), [1, 1]);
    assert_eq!(simulation.disk.waiting(), 1, "only the retry is left");
    simulation.run_until_quiet();
    assert_eq!(hits(&simulation), [1, 2]);
}

#[test]
fn wherever_a_process_dies_all_first_attempts_are_made_and_retried() {
    for others in 0.. {
        let (mut simulation, account) = split(others);
        simulation.workers_rest = true;
        let event = simulation.post_event(&account);
        simulation.faults.hold_after(others);
        simulation.workers_rest = false;
        while !simulation.faults.is_holding() && simulation.disk.waiting() > 0 {
            simulation.step();
        }
        let died = simulation.faults.is_holding();
        simulation.faults.let_go();
        if died {
            simulation.crash(seconds(1));
        }
        simulation.run_until_quiet();
        let shown = simulation.show(&account, &format!("/v1/events/{event}"));
        for delivery in shown["deliveries"].as_array().unwrap() {
            assert_eq!(delivery["status"], json!("delivered"), "after {others}: {shown}");
        }
        // What was under way is made again at most; made late, the first attempt succeeds.
        let [fine, later] = hits(&simulation);
        assert!(
            (1..=2).contains(&fine) && (1..=3).contains(&later),
            "after {others}: {fine}, {later}"
        );
        if !died {
            assert!(others > 10 && (fine, later) == (1, 2));
            break;
        }
    }
}
