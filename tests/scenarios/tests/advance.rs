//! Advance: a schedule that takes a day passes in a moment, in the test environment.

use latchhook_scenarios::{Account, Backend, Receiver, Reply, Settings, json};

#[tokio::test]
async fn every_attempt_of_a_long_schedule_is_made_at_once() {
    let Some(backend) = Backend::with(&Settings::default().schedule("3x1h,2x1d")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let path = format!("/v1/events/{event}/advance");
    let body = || json!({"webhook_id": hook.id});
    let first = account.delivery_at("retrying", &event, &hook).await;
    for made in 1..6 {
        account.attempts(&event, made).await;
        account.operator.post(&path, body()).await.is(202);
        receiver.first_of(made + 1).await;
    }
    let (exhausted, attempts) = account.exhausted(&event, &hook).await;
    assert_eq!((attempts, &exhausted["next_attempt_at"]), (6, &serde_json::Value::Null));
    assert_ne!(first["next_attempt_at"], serde_json::Value::Null);
    let rows = account.attempts(&event, 6).await;
    assert!(rows.iter().all(|row| row["trigger"] == "schedule"));
    account.operator.post(&path, body()).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_live_event_is_not_advanced() {
    let account = Account::credentialed(&Backend::visit()).await;
    let live = account.secret_key("live").await;
    let posted = json!({"type": "report.completed", "environment": "live",
        "data": {"object": {"id": "1", "object": "report"}}});
    let event = account.operator.post("/v1/events", posted).await.is(202);
    let path = format!("/v1/events/{}/advance", event["id"].as_str().unwrap());
    let body = json!({"webhook_id": "wh_01arz3ndektsv4rrffq69g5fav"});
    live.caller.post(&path, body).await.refused(403, "wrong_environment");
}
