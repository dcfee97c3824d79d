//! Default retry schedule, at its real length.

use std::time::Duration;

use latchhook_simulation::{Hit, Reply, Simulation, hours, minutes, seconds};
use serde_json::json;

const URL: &str = "https://ada.example/hooks";

/// Documented schedule: every minute for 10 minutes, then every hour for 24 hours.
fn documented() -> Vec<Duration> {
    let by_minute = (0..=10).map(minutes);
    let by_hour = (1..=24).map(|hour| minutes(10) + hours(hour));
    by_minute.chain(by_hour).collect()
}

/// Times of arrival, relative to the first.
fn offsets(hits: &[Hit]) -> Vec<Duration> {
    hits.iter().map(|hit| hit.at.since(hits[0].at)).collect()
}

/// Offsets of all attempts of one event, whose receiver is scripted by the offset.
fn attempts(script: impl Fn(Duration) -> Reply + Send + Sync + 'static) -> Vec<Duration> {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    let began = simulation.now();
    simulation.network.on(URL, move |hit| script(hit.at.since(began)));
    simulation.post_event(&account);
    simulation.run_until_quiet();
    offsets(&simulation.network.hits())
}

#[test]
fn a_receiver_that_always_fails_gets_35_attempts_at_exactly_the_due_times() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    let accepted_at = simulation.now();
    let event = simulation.post_event(&account);
    simulation.run_until_quiet();

    let hits = simulation.network.hits();
    assert_eq!(hits[0].at, accepted_at);
    assert_eq!(offsets(&hits), documented());
    assert!(hits.iter().all(|hit| hit.event == event));
    let expected = json!({
        "webhook_id": webhook.id,
        "status": "exhausted",
        "attempts": 35,
        "next_attempt_at": null,
        "last_response_status": 500,
    });
    assert_eq!(simulation.delivery(&account, &event), expected);
}

#[test]
fn an_attempt_for_which_there_is_no_socket_is_none_and_is_made_later() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 200);
    simulation.network.lack_sockets(3);
    let event = simulation.post_event(&account);
    simulation.run_until_quiet();

    assert_eq!(simulation.network.hits().len(), 1);
    let rows = simulation.list(&account, &format!("/v1/logs?event_id={event}"));
    assert_eq!(rows.len(), 1, "{rows:?}");
    let expected = json!({
        "webhook_id": webhook.id,
        "status": "delivered",
        "attempts": 1,
        "next_attempt_at": null,
        "last_response_status": 200,
    });
    assert_eq!(simulation.delivery(&account, &event), expected);
}

#[test]
fn each_log_row_has_the_next_due_time() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    simulation.create_webhook(&account, URL);
    simulation.network.answers(URL, 500);
    let event = simulation.post_event(&account);
    simulation.run_until_quiet();

    let mut rows = simulation.list(&account, &format!("/v1/logs?event_id={event}"));
    rows.reverse();
    assert_eq!(rows.len(), 35);
    let due: Vec<_> = documented()
        .into_iter()
        .map(|offset| simulation.network.hits()[0].at.plus(offset).to_string())
        .collect();
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row["attempt"], index + 1);
        assert_eq!(row["created_at"], due[index]);
        assert_eq!(row["next_attempt_at"], json!(due.get(index + 1)));
        assert_eq!((&row["trigger"], &row["status"]), (&json!("schedule"), &json!("failed")));
    }
}

#[test]
fn due_times_do_not_drift_with_slow_answers() {
    let slow = seconds(14);
    let expected: Vec<_> = documented().into_iter().collect();
    assert_eq!(attempts(move |_| Reply::status(500).after(slow)), expected);
}

#[test]
fn the_first_acknowledgement_ends_the_schedule() {
    let script = |offset| Reply::status(if offset < minutes(3) { 503 } else { 204 });
    assert_eq!(attempts(script), [0, 1, 2, 3].map(minutes));
}

#[test]
fn retry_after_delays_the_next_attempt() {
    for (status, wait, second) in [
        (503, seconds(90), seconds(90)),
        (429, seconds(90), seconds(90)),
        // Never earlier than the schedule.
        (503, seconds(1), minutes(1)),
        // Ignored on any other status.
        (500, seconds(90), minutes(1)),
    ] {
        let wait = u32::try_from(wait.as_secs()).unwrap();
        let offsets = attempts(move |offset| match offset {
            Duration::ZERO => Reply::status(status).retry_after(wait),
            _ => Reply::status(500),
        });
        let rest = documented().into_iter().skip(2);
        let expected: Vec<_> = [Duration::ZERO, second].into_iter().chain(rest).collect();
        assert_eq!(offsets, expected, "{status} {wait}");
    }
}

#[test]
fn retry_after_skips_the_slots_that_it_takes() {
    let offsets = attempts(|offset| match offset {
        Duration::ZERO => Reply::status(429).retry_after(200),
        _ => Reply::status(500),
    });
    let rest = documented().into_iter().filter(|offset| *offset > seconds(200));
    let expected: Vec<_> = [Duration::ZERO, seconds(200)].into_iter().chain(rest).collect();
    assert_eq!(offsets, expected);
}

#[test]
fn retry_after_never_delays_beyond_the_schedule() {
    let offsets = attempts(|offset| match offset {
        Duration::ZERO => Reply::status(503).retry_after(u32::MAX),
        _ => Reply::status(500),
    });
    assert_eq!(offsets, [Duration::ZERO, minutes(10) + hours(24)]);
}
