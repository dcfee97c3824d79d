//! Races: conflicting commands, and two messages about one delivery.

use std::time::Duration;

use latchhook_simulation::{Call, Rates, Reply, Simulation, hours, minutes, seconds};
use ports::{
    Queue as _,
    queue::{Lane, Leased},
};
use serde_json::json;

const URL: &str = "https://ada.example/hooks";

#[test]
fn a_command_that_loses_every_race_is_tried_twelve_times_within_a_second() {
    let mut simulation = Simulation::new(1);
    let began = simulation.now();
    _ = simulation.faults.take_calls();
    simulation.faults.set(Rates { contended: 1000, ..Rates::NONE });
    let open = Call::post("/v1/accounts", &json!({ "name": "Ada" }));
    assert_eq!(simulation.call(open).expect(409).json()["code"], "conflict");
    assert_eq!(simulation.faults.take_calls()["store.commit"], 12);
    // Pauses of 2, 4, 8, 16, 32, 64 and five times 100 milliseconds, each between half and whole.
    let took = simulation.now().since(began);
    assert!(took >= Duration::from_millis(313) && took <= Duration::from_millis(626), "{took:?}");
}

/// An identifier is of the try that was committed, like the time of creation.
#[test]
fn lists_are_in_the_order_of_creation_whatever_races_were_lost() {
    let mut simulation = Simulation::new(3);
    let account = simulation.open_account();
    let key = json!({ "type": "secret", "environment": "test" });
    let session = json!({ "expires_in": 600 });
    let calls = [("/v1/api_keys", key), ("/v1/portal_sessions", session)];
    simulation.faults.set(Rates { contended: 400, ..Rates::NONE });
    let mut tickets = Vec::new();
    for _ in 0..20 {
        tickets.extend(
            calls.iter().map(|(path, body)| simulation.send(Call::post(path, body).on(&account))),
        );
        tickets.push(simulation.send(Call::post("/v1/accounts", &json!({ "name": "Ada" }))));
        simulation.run_for(Duration::from_millis(1));
    }
    for ticket in tickets {
        assert_eq!(simulation.wait_for(&ticket).status, 201);
    }
    simulation.faults.set(Rates::NONE);
    for path in ["/v1/api_keys", "/v1/portal_sessions", "/v1/accounts"] {
        let rows = simulation.list(&account, path);
        assert!(rows.len() >= 20);
        let created: Vec<&str> =
            rows.iter().map(|row| row["created_at"].as_str().unwrap()).collect();
        assert!(created.is_sorted_by(|newer, older| newer >= older), "{path}: {created:?}");
    }
}

#[test]
fn a_resend_that_succeeds_during_a_slow_attempt_settles_the_delivery() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    let began = simulation.now();
    simulation.network.on(URL, move |hit| {
        if hit.at == began { Reply::status(500).after(seconds(14)) } else { Reply::status(200) }
    });
    let event = simulation.post_event(&account);
    simulation.run_for(seconds(2));
    let path = format!("/v1/events/{event}/resend");
    let resend = Call::post(&path, &json!({ "webhook_id": webhook.id })).on(&account);
    _ = simulation.call(resend).expect(202);
    simulation.run_for(seconds(2));
    assert_eq!(simulation.delivery(&account, &event)["status"], "delivered");
    simulation.run_until_quiet();

    let delivery = simulation.delivery(&account, &event);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&"delivered".into(), &2.into()));
    assert_eq!(simulation.network.hits().len(), 2);
    let rows = simulation.list(&account, &format!("/v1/logs?event_id={event}"));
    // Rows are listed by their start, newest first.
    let told: Vec<_> = rows.iter().map(|row| (&row["attempt"], &row["trigger"])).collect();
    assert_eq!(json!(told), json!([[1, "resend"], [2, "schedule"]]));
}

#[test]
fn a_recovery_drops_messages_of_the_previous_run() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    let since = simulation.now().to_string();
    simulation.post_event(&account);
    // Its next message is due in 50 minutes.
    simulation.run_for(minutes(20));
    let before = simulation.network.hits().len();
    for status in ["disabled", "enabled"] {
        simulation.change_webhook(&account, &webhook, &json!({ "status": status }));
    }
    let path = format!("/v1/webhooks/{}/recover", webhook.id);
    let recover = Call::post(&path, &json!({ "since": since })).on(&account);
    assert_eq!(simulation.call(recover).expect(202).json()["count"], 1);
    simulation.run_until_quiet();

    let hits = &simulation.network.hits()[before..];
    let offsets: Vec<_> = hits.iter().map(|hit| hit.at.since(hits[0].at)).collect();
    let by_hour = (1..=24).map(|hour| minutes(10) + hours(hour));
    let whole: Vec<_> = (0..=10).map(minutes).chain(by_hour).collect();
    assert_eq!(offsets, whole);
}

/// Simulation with resting workers, commits that are split from their messages, and the message of
/// an attempt that will fail.
async fn to_fail() -> (Simulation, Leased) {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    simulation.faults.split_commits();
    simulation.workers_rest = true;
    simulation.post_event(&account);
    let first = simulation.disk.receive(Lane::First, 1).await.unwrap().remove(0);
    (simulation, first)
}

/// A backend that sends the next message after the commit that records the attempt may fail in
/// between.
#[tokio::test]
async fn a_duplicate_message_sends_the_missing_next_one() {
    let (mut simulation, first) = to_fail().await;
    let (app, disk) = (simulation.app().clone(), simulation.disk.clone());
    let network = simulation.network.clone();
    app.deliver(&*network, &first).await.unwrap();
    simulation.run_for(minutes(1));
    let next = disk.receive(Lane::Retry, 1).await.unwrap().remove(0);
    disk.acknowledge(&next.receipt).await.unwrap();
    assert_eq!(disk.waiting(), 0, "the worker died before it sent the next message");

    app.deliver(&*network, &first).await.unwrap();
    assert_eq!(simulation.network.hits().len(), 1, "the attempt was made");
    let again = disk.receive(Lane::Retry, 1).await.unwrap().remove(0);
    assert_eq!((again.message.due, again.message.task), (next.message.due, next.message.task));
    app.deliver(&*network, &again).await.unwrap();
    assert_eq!(simulation.network.hits().len(), 2);
    // A duplicate message finds the attempt recorded.
    app.deliver(&*network, &first).await.unwrap();
    assert_eq!((simulation.network.hits().len(), disk.waiting()), (2, 1));
}

/// A duplicate creates the next message twice. Different names keep the whole chain from being
/// doubled.
#[tokio::test]
async fn a_duplicate_message_doubles_only_one_attempt() {
    let (mut simulation, first) = to_fail().await;
    let (app, disk) = (simulation.app().clone(), simulation.disk.clone());
    let network = simulation.network.clone();
    for _ in 0..2 {
        app.deliver(&*network, &first).await.unwrap();
    }
    for minute in 1..=10 {
        simulation.run_for(minutes(1));
        let due = disk.receive(Lane::Retry, 10).await.unwrap();
        assert_eq!(due.len(), if minute == 1 { 2 } else { 1 }, "minute {minute}");
        for message in &due {
            app.deliver(&*network, message).await.unwrap();
        }
        assert_eq!(simulation.network.hits().len(), 1 + minute);
    }
}
