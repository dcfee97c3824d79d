//! Restarts of the process.

use std::collections::BTreeSet;

use latchhook_simulation::{Reply, Simulation, minutes, seconds};

const URL: &str = "https://ada.example/hooks";

#[test]
fn slots_missed_while_down_collapse_into_one_attempt() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    simulation.post_event(&account);
    simulation.run_for(minutes(2));
    // Down during the slots of minutes 3 to 7.
    simulation.crash(seconds(330));
    simulation.run_for(seconds(150));

    let hits = simulation.network.hits();
    let offsets: Vec<_> = hits.iter().map(|hit| hit.at.since(hits[0].at)).collect();
    let expected = [0, 60, 120, 450, 480, 540, 600].map(seconds);
    assert_eq!(offsets, expected);
}

#[test]
fn everything_due_is_picked_up_at_the_start() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    let mut events = BTreeSet::new();
    for number in 0..30 {
        simulation.network.answers(URL, if number % 2 == 0 { 500 } else { 200 });
        events.insert(simulation.post_event(&account));
        simulation.run_for(seconds(1));
    }
    simulation.network.answers(URL, 200);
    let before = simulation.network.hits().len();
    simulation.crash(minutes(120));
    let started = simulation.now();
    simulation.run_until_quiet();

    assert_eq!(simulation.now(), started);
    let hits = simulation.network.hits();
    assert_eq!(hits.len() - before, 15);
    let acknowledged: Vec<_> =
        hits.iter().filter(|hit| hit.is_acknowledged()).map(|hit| hit.event.clone()).collect();
    assert_eq!(acknowledged.len(), 30, "each once");
    assert_eq!(acknowledged.into_iter().collect::<BTreeSet<_>>(), events);
}

#[test]
fn an_attempt_is_not_repeated_while_its_outcome_can_not_be_recorded() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.on(URL, |_| Reply::status(200).after(seconds(2)));
    let event = simulation.post_event(&account);
    // The receiver has the request; meanwhile the disk is full.
    simulation.run_for(seconds(1));
    simulation.faults.set_full(true);
    simulation.run_for(seconds(20));
    assert_eq!(simulation.network.hits().len(), 1);

    simulation.faults.set_full(false);
    simulation.run_until_quiet();
    assert_eq!(simulation.network.hits().len(), 1);
    let delivery = simulation.delivery(&account, &event);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&"delivered".into(), &1.into()));
}

#[test]
fn an_attempt_whose_outcome_is_lost_is_made_again_with_the_same_id() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.on(URL, |_| Reply::status(200).after(seconds(10)));
    let event = simulation.post_event(&account);
    // The receiver has the request, and its answer is on the way back.
    simulation.run_for(seconds(6));
    assert_eq!(simulation.network.hits().len(), 1);
    simulation.crash(seconds(1));
    simulation.run_until_quiet();

    let hits = simulation.network.hits();
    assert_eq!(hits.len(), 2);
    assert!(hits.iter().all(|hit| hit.event == event));
    let delivery = simulation.delivery(&account, &event);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&"delivered".into(), &1.into()));
}
