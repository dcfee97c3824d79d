//! Advancing a delivery in the test environment: its next scheduled attempt is made now.

use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation, minutes, seconds};

use crate::world::{URL, World, event};

impl World {
    /// Makes a world whose receiver answers `status`, and posts an event to it.
    fn with_event(status: u16) -> (Self, String) {
        let mut world = Self::of(Simulation::new(1));
        world.simulation.network.answers(URL, status);
        let id = world.simulation.post_event(&world.account);
        world.simulation.run_for(seconds(5));
        (world, id)
    }

    fn advance(&mut self, event: &str) -> Answer {
        let body = json!({ "webhook_id": self.webhook.id });
        let path = format!("/v1/events/{event}/advance");
        self.simulation.call(Call::post(&path, &body).on(&self.account))
    }

    fn delivery(&mut self, event: &str) -> Value {
        self.simulation.show(&self.account, &format!("/v1/events/{event}"))["deliveries"][0].clone()
    }
}

#[test]
fn the_next_attempt_is_made_now_in_its_slot_and_later_ones_keep_their_times() {
    let (mut world, id) = World::with_event(500);
    let before = world.delivery(&id);
    assert_eq!((&before["status"], &before["attempts"]), (&json!("retrying"), &json!(1)));
    let first: domain::Timestamp = before["next_attempt_at"].as_str().unwrap().parse().unwrap();
    let answer = world.advance(&id).expect(202).json();
    assert_eq!(answer["id"], json!(id));
    let now = world.simulation.now().to_string();
    assert!(answer["deliveries"][0]["next_attempt_at"].as_str().unwrap() <= now.as_str());
    world.simulation.run_for(seconds(1));
    let after = world.delivery(&id);
    assert_eq!(after["attempts"], 2);
    assert_eq!(after["next_attempt_at"], json!(first.plus(minutes(1))), "slot 2 at its own time");
    world.simulation.run_until(first.plus(seconds(30)));
    assert_eq!(world.delivery(&id)["attempts"], 2, "slot 1 is not made again");
    world.simulation.run_until(first.plus(seconds(90)));
    assert_eq!(world.delivery(&id)["attempts"], 3);
    let rows = world.simulation.list(&world.account, &format!("/v1/logs?event_id={id}"));
    assert!(rows.iter().all(|row| row["trigger"] == "schedule"), "{rows:?}");
}

#[test]
fn thirty_five_attempts_are_made_in_a_minute() {
    let (mut world, id) = World::with_event(500);
    let began = world.simulation.now();
    for made in 2..=35 {
        _ = world.advance(&id).expect(202);
        world.simulation.run_for(seconds(1));
        assert_eq!(world.delivery(&id)["attempts"], made);
    }
    assert_eq!(world.delivery(&id)["status"], "exhausted");
    assert!(world.simulation.now().since(began) < minutes(1));
    let told = world.advance(&id).expect(409).text("/code");
    assert_eq!(told, "conflict");
    world.simulation.run_until_quiet();
    assert_eq!(world.simulation.network.hits_at(URL).len(), 35);
}

#[test]
fn an_attempt_that_is_due_or_under_way_is_not_made_twice() {
    let mut world = World::of(Simulation::new(1));
    let slow = |_: &simulation::Hit| simulation::Reply::status(500).after(seconds(5));
    world.simulation.network.on(URL, slow);
    let id = world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(1));
    _ = world.advance(&id).expect(202);
    world.simulation.run_for(seconds(10));
    for _ in 0..3 {
        _ = world.advance(&id).expect(202);
        world.simulation.run_for(seconds(1));
    }
    world.simulation.run_for(seconds(10));
    assert_eq!(world.delivery(&id)["attempts"], 2);
}

#[test]
fn what_is_settled_is_not_advanced() {
    let (mut world, id) = World::with_event(200);
    assert_eq!(world.delivery(&id)["status"], "delivered");
    assert_eq!(world.advance(&id).expect(409).text("/code"), "conflict");
    let (mut world, id) = World::with_event(500);
    let (account, webhook) = (world.account.clone(), &world.webhook);
    world.simulation.change_webhook(&account, webhook, &json!({ "status": "disabled" }));
    assert_eq!(world.advance(&id).expect(409).text("/code"), "conflict");
}

#[test]
fn only_the_test_environment_has_attempts_ahead_of_their_time() {
    let mut world = World::new();
    let account = world.account.clone();
    world.simulation.credential(&account);
    let live = json!({ "webhook_url": "https://ada.example/live", "environment": "live" });
    let webhook = world.simulation.call(Call::post("/v1/webhooks", &live).on(&account)).expect(201);
    let mut posted = event();
    posted["environment"] = json!("live");
    let id = world.simulation.call(Call::post("/v1/events", &posted).on(&account)).text("/id");
    world.simulation.run_for(seconds(5));
    let body = json!({ "webhook_id": webhook.text("/id") });
    let path = format!("/v1/events/{id}/advance");
    let refused = world.refused(Call::post(&path, &body));
    assert_eq!(refused, (403, "wrong_environment".to_owned(), Value::Null));
    // A key of the other environment does not learn that there is such an event.
    let by_key = Call::post(&path, &body).basic(&world.secret_key);
    assert_eq!(world.simulation.call(by_key).expect(404).text("/code"), "not_found");
}

#[test]
fn an_event_is_advanced_for_a_webhook_that_it_was_meant_for_by_key_and_session() {
    let (mut world, id) = World::with_event(500);
    let other = "https://other.example/hooks";
    let account = world.account.clone();
    let later = world.simulation.create_webhook(&account, other);
    let path = format!("/v1/events/{id}/advance");
    let refused = world.refused(Call::post(&path, &json!({ "webhook_id": later.id })));
    assert_eq!(refused, (422, "invalid_field".to_owned(), json!("webhook_id")));
    let body = json!({ "webhook_id": world.webhook.id });
    let calls = [
        Call::post(&path, &body).basic(&world.secret_key),
        Call::post(&path, &body).bearer(&world.session),
    ];
    for call in calls {
        _ = world.simulation.call(call).expect(202);
        world.simulation.run_for(seconds(1));
    }
    assert_eq!(world.delivery(&id)["attempts"], 3);
}
