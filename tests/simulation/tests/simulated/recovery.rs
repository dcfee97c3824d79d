//! Recovery of failed deliveries.

use std::collections::BTreeMap;

use latchhook_simulation::{Call, Hit, NewWebhook, Simulation, hours, minutes, seconds};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

struct Recovery {
    simulation: Simulation,
    account: String,
    webhook: NewWebhook,
    since: String,
    events: Vec<String>,
}

impl Recovery {
    fn new() -> Self {
        let mut simulation = Simulation::new(1);
        let account = simulation.open_account();
        let webhook = simulation.create_webhook(&account, URL);
        let since = simulation.now().to_string();
        Self { simulation, account, webhook, since, events: vec![] }
    }

    fn post(&mut self, number: usize) {
        for _ in 0..number {
            self.events.push(self.simulation.post_event(&self.account));
        }
    }

    fn change(&mut self, status: &str) {
        let change = json!({ "status": status });
        self.simulation.change_webhook(&self.account, &self.webhook, &change);
    }

    /// Recovers deliveries; returns their number.
    fn recover(&mut self) -> u64 {
        self.recover_with(&json!({ "since": self.since }))
    }

    fn recover_including(&mut self, statuses: &[&str]) -> u64 {
        self.recover_with(&json!({ "since": self.since, "include": statuses }))
    }

    fn recover_with(&mut self, body: &Value) -> u64 {
        let path = format!("/v1/webhooks/{}/recover", self.webhook.id);
        let call = Call::post(&path, body).on(&self.account);
        self.simulation.call(call).expect(202).json()["count"].as_u64().unwrap()
    }

    fn status(&mut self, event: &str) -> String {
        self.simulation.delivery(&self.account, event)["status"].as_str().unwrap().to_owned()
    }

    fn status_of_first(&mut self) -> String {
        self.status(&self.events[0].clone())
    }

    /// Asserts that every event is delivered, and was acknowledged once.
    fn assert_all_delivered_once(&mut self) {
        let mut acknowledged: BTreeMap<String, u32> = BTreeMap::new();
        for hit in self.simulation.network.hits().into_iter().filter(Hit::is_acknowledged) {
            *acknowledged.entry(hit.event).or_default() += 1;
        }
        for event in self.events.clone() {
            assert_eq!(acknowledged.get(&event), Some(&1), "{event}");
            assert_eq!(self.status(&event), "delivered");
        }
    }
}

#[test]
fn after_410_everything_is_cancelled_and_recovered_once() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 500);
    recovery.post(30);
    recovery.simulation.run_for(minutes(5));
    recovery.simulation.network.answers(URL, 410);
    recovery.simulation.run_for(minutes(1));
    let path = format!("/v1/webhooks/{}", recovery.webhook.id);
    let shown = recovery.simulation.show(&recovery.account, &path);
    assert_eq!(shown["disabled_reason"], "gone");
    // Posted while the receiver is gone.
    recovery.post(5);
    for event in recovery.events.clone() {
        assert_eq!(recovery.status(&event), "cancelled");
    }

    recovery.simulation.network.answers(URL, 200);
    recovery.change("enabled");
    recovery.simulation.run_for(hours(2));
    assert!(!recovery.simulation.network.hits().iter().any(Hit::is_acknowledged));
    assert_eq!(recovery.recover(), 35);
    assert_eq!(recovery.recover(), 0, "they are on their way");
    recovery.simulation.run_until_quiet();
    recovery.assert_all_delivered_once();
}

#[test]
fn deliveries_open_when_a_webhook_was_disabled_are_recovered_once() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 500);
    recovery.post(3);
    recovery.simulation.run_for(minutes(3));
    recovery.change("disabled");
    recovery.post(3);
    recovery.change("enabled");
    recovery.simulation.network.answers(URL, 200);
    assert_eq!(recovery.recover(), 6);
    recovery.simulation.run_until_quiet();
    recovery.assert_all_delivered_once();
}

#[test]
fn what_waits_for_a_retry_is_sent_at_once_if_it_is_included() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 500);
    recovery.post(3);
    recovery.simulation.run_for(hours(2));
    recovery.simulation.network.answers(URL, 200);
    assert_eq!(recovery.recover(), 0, "by default what waits is left to its schedule");
    assert_eq!(recovery.recover_including(&["exhausted", "cancelled"]), 0);
    assert_eq!(recovery.recover_including(&["retrying"]), 3);
    recovery.simulation.run_for(seconds(1));
    recovery.assert_all_delivered_once();
    assert_eq!(recovery.recover_including(&["retrying"]), 0);
    recovery.simulation.run_until_quiet();
    recovery.assert_all_delivered_once();
}

#[test]
fn only_what_can_be_recovered_is_included() {
    let mut recovery = Recovery::new();
    let path = format!("/v1/webhooks/{}/recover", recovery.webhook.id);
    for include in [json!([]), json!(["delivered"]), json!(["pending"]), json!(["retrying", "x"])] {
        let body = json!({ "since": recovery.since, "include": include });
        let refused = recovery.simulation.call(Call::post(&path, &body).on(&recovery.account));
        assert_eq!((refused.status, refused.text("/code")), (422, "invalid_field".to_owned()));
        assert!(refused.text("/param").starts_with("include"), "{}", refused.text("/param"));
    }
}

#[test]
fn deliveries_never_attempted_before_disabling_are_recovered_too() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 200);
    // Accepted, then the webhook is disabled and enabled before a worker gets to them.
    recovery.simulation.workers_rest = true;
    recovery.post(3);
    recovery.change("disabled");
    recovery.change("enabled");
    assert_eq!(recovery.status(&recovery.events[0].clone()), "cancelled");
    recovery.simulation.workers_rest = false;
    recovery.simulation.run_until_quiet();
    assert_eq!(recovery.simulation.network.hits().len(), 0);
    assert_eq!(recovery.recover(), 3);
    recovery.simulation.run_until_quiet();
    recovery.assert_all_delivered_once();
}

#[test]
fn deliveries_untouched_since_disabling_are_recovered_at_once() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 200);
    recovery.simulation.workers_rest = true;
    recovery.post(60);
    recovery.change("disabled");
    recovery.change("enabled");
    assert_eq!(recovery.recover(), 60);
    assert_eq!(recovery.recover(), 0, "they are on their way");
    recovery.simulation.workers_rest = false;
    recovery.simulation.run_until_quiet();
    recovery.assert_all_delivered_once();
}

#[test]
fn exhausted_deliveries_get_a_full_schedule_again() {
    let mut recovery = Recovery::new();
    recovery.simulation.network.answers(URL, 500);
    recovery.post(1);
    recovery.simulation.run_until_quiet();
    let event = recovery.events[0].clone();
    assert_eq!(recovery.status(&event), "exhausted");
    assert_eq!(recovery.recover(), 1);
    recovery.simulation.run_until_quiet();
    assert_eq!(recovery.status(&event), "exhausted");
    assert_eq!(recovery.simulation.network.hits().len(), 70);
}

/// A backend whose messages are not sent as part of the commit: they are sent before it.
#[test]
fn a_recovery_that_died_before_its_answer_is_complete() {
    for before_the_commit in [true, false] {
        let mut recovery = Recovery::new();
        recovery.simulation.network.answers(URL, 500);
        recovery.post(3);
        recovery.simulation.run_until_quiet();
        recovery.simulation.network.answers(URL, 200);
        recovery.simulation.faults.split_commits();
        let path = format!("/v1/webhooks/{}/recover", recovery.webhook.id);
        let call = Call::post(&path, &json!({ "since": recovery.since })).on(&recovery.account);
        _ = recovery.simulation.faults.take_calls();
        let ticket = recovery.simulation.send(call);
        let last = if before_the_commit { "queue.send" } else { "store.commit" };
        while !recovery.simulation.faults.take_calls().contains_key(last) {
            recovery.simulation.step();
        }
        recovery.simulation.crash(seconds(1));
        assert!(ticket.answer().is_none());
        let status = if before_the_commit { "exhausted" } else { "pending" };
        assert_eq!(
            (recovery.simulation.disk.waiting(), recovery.status_of_first()),
            (3, status.to_owned())
        );

        // Messages that belong to no commit are dropped.
        recovery.simulation.run_until_quiet();
        let left = if before_the_commit { 3 } else { 0 };
        assert_eq!(recovery.recover(), left);
        recovery.simulation.run_until_quiet();
        recovery.assert_all_delivered_once();
    }
}
