//! Retry schedule, scaled down.

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Need, Receiver, Reply, Settings, clock, json};

/// Due times of the scaled schedule, from the first attempt on.
fn due(slot: u32) -> Duration {
    let (minutes, hours) = (slot.min(10), slot.saturating_sub(10));
    Duration::from_millis(300) * minutes + Duration::from_millis(400) * hours
}

/// Lateness that an attempt may have on a busy machine: less than the shortest step, so that no
/// attempt is mistaken for its neighbour.
const LATE: Duration = Duration::from_millis(280);

#[tokio::test]
async fn a_delivery_that_always_fails_is_attempted_35_times_at_the_due_times() {
    let Some(backend) =
        Backend::alone(Need::Settings, &Settings::default().schedule("10x300ms,24x400ms"))
    else {
        return;
    };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let exhausted = account.delivery_at("exhausted", &event, &hook).await;
    assert_eq!(
        exhausted,
        json!({"webhook_id": hook.id, "status": "exhausted", "attempts": 35,
            "next_attempt_at": null, "last_response_status": 500})
    );
    let arrived = receiver.all();
    assert_eq!(arrived.len(), 35);
    for (slot, delivery) in (0..).zip(&arrived) {
        let at = delivery.instant - arrived[0].instant;
        // The schedule starts when the first attempt began, a little before it arrived.
        let earliest = due(slot).saturating_sub(LATE);
        assert!((earliest..due(slot) + LATE).contains(&at), "slot {slot} at {at:?}");
        assert_eq!(delivery.event(), event);
        assert!(delivery.verifies(&hook.secret));
    }
}

#[tokio::test]
async fn the_log_lists_every_attempt_with_the_next_due_time() {
    let Some(backend) = Backend::with(&Settings::default().schedule("3x400ms")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    account.delivery_at("exhausted", &event, &hook).await;
    let mut rows = account.attempts(&event, 4).await;
    assert_eq!(rows.len(), 4);
    rows.reverse();
    for (number, row) in (1..).zip(&rows) {
        assert_eq!(row["attempt"], number);
        assert_eq!((&row["trigger"], &row["status"]), (&json!("schedule"), &json!("failed")));
    }
    assert_eq!(rows[3]["next_attempt_at"], serde_json::Value::Null);
    let next = |row: usize| clock::parse(rows[row]["next_attempt_at"].as_str().unwrap());
    // Due times are counted from the first attempt, so they are exactly a step apart.
    for row in 0..2 {
        assert_eq!(next(row).duration_until(next(row + 1)).as_millis(), 400);
    }
}

#[tokio::test]
async fn a_pending_delivery_shows_its_next_attempt() {
    let Some(backend) = Backend::with(&Settings::default().schedule("2x20s")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let arrived = receiver.next().await.at;
    let retrying = account.delivery_at("retrying", &event, &hook).await;
    assert_eq!(
        (&retrying["attempts"], &retrying["last_response_status"]),
        (&json!(1), &json!(500))
    );
    let next = clock::parse(retrying["next_attempt_at"].as_str().unwrap());
    let wait = arrived.duration_until(next).as_millis();
    assert!((19_000..=20_001).contains(&wait), "{wait} ms");
}

#[tokio::test]
async fn slots_missed_while_the_system_was_down_collapse_into_one_attempt() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default().schedule("20x500ms"))
    else {
        return;
    };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let first = receiver.next().await;
    account.delivery_at("retrying", &event, &hook).await;
    backend.terminate();
    assert!(backend.ended().await.status.success());
    let before = receiver.count();
    // Down for more than six slots.
    clock::past(clock::later(first.at, Duration::from_millis(3700))).await;
    backend.restart().await;
    let restarted = clock::instant();

    account.delivery_at("exhausted", &event, &hook).await;
    let after = receiver.all().split_off(before);
    assert!(after[0].instant - restarted < Duration::from_secs(5), "in-flight work resumes");
    let missed = (after[0].instant - first.instant).as_millis() / 500;
    let left = 20 - usize::try_from(missed).unwrap();
    // One attempt for all missed slots, and one for each slot that was still to come.
    assert!((left..=left + 1).contains(&after.len()), "{} attempts, {left} slots", after.len());
    for pair in after.windows(2).skip(1) {
        let step = pair[1].instant - pair[0].instant;
        assert!(step > Duration::from_millis(250), "slots were caught up on: {step:?}");
    }
    let last = after[after.len() - 1].instant - first.instant;
    assert!(last > Duration::from_millis(9800), "the schedule still ends at its end: {last:?}");
}

#[tokio::test]
async fn an_acknowledged_delivery_is_not_retried() {
    let Some(backend) = Backend::visit_for(Need::FineSlots) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::first(3, Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let delivered = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(
        delivered,
        json!({"webhook_id": hook.id, "status": "delivered", "attempts": 4,
            "next_attempt_at": null, "last_response_status": 200})
    );
    // Waits until the schedule would have ended.
    clock::pass(Settings::LASTS).await;
    assert_eq!(receiver.count(), 4);
}
