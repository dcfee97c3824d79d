//! Resend and recover: sending failed deliveries again.

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Hook, Receiver, Reply, Settings, clock, json};

async fn resend(account: &Account, event: &str, hook: &Hook) {
    let path = format!("/v1/events/{event}/resend");
    account.operator.post(&path, json!({"webhook_id": hook.id})).await.is(202);
}

#[tokio::test]
async fn a_resend_that_is_acknowledged_settles_an_exhausted_delivery() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let (exhausted, attempts) = account.exhausted(&event, &hook).await;
    assert_eq!(exhausted["last_response_status"], 500);

    receiver.now_always(Reply::ok());
    resend(&account, &event, &hook).await;
    let delivered = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(delivered["attempts"], attempts + 1);
    let last = receiver.all().pop().unwrap();
    assert!(last.event() == event && last.verifies(&hook.secret));
    let rows = account.attempts(&event, attempts + 1).await;
    assert_eq!((&rows[0]["trigger"], &rows[0]["status"]), (&json!("resend"), &json!("succeeded")));
    assert_eq!(rows[1]["trigger"], "schedule");
}

#[tokio::test]
async fn an_acknowledged_resend_ends_the_schedule() {
    let Some(backend) = Backend::with(&Settings::default().schedule("2x20s")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let retrying = account.delivery_at("retrying", &event, &hook).await;

    resend(&account, &event, &hook).await;
    receiver.first_of(2).await;
    account.attempts(&event, 2).await;
    let still = account.delivery(&event, &hook).await;
    assert_eq!(still["status"], "retrying");
    assert_eq!(still["next_attempt_at"], retrying["next_attempt_at"], "the schedule is untouched");

    receiver.now_always(Reply::ok());
    resend(&account, &event, &hook).await;
    let settled = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(settled["next_attempt_at"], serde_json::Value::Null);
    assert_eq!(settled["attempts"], 3);
}

#[tokio::test]
async fn a_delivered_event_can_be_sent_once_more() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    resend(&account, &event, &hook).await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!((first.event(), &first.body), (second.event(), &second.body));
}

#[tokio::test]
async fn a_secret_key_may_resend_in_its_own_environment() {
    let account = Account::credentialed(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let (test, live) = (account.secret_key("test").await, account.secret_key("live").await);
    let event = account.event("report.completed").await;
    let path = format!("/v1/events/{event}/resend");
    test.caller.post(&path, json!({"webhook_id": hook.id})).await.is(202);
    receiver.first_of(2).await;
    live.caller.post(&path, json!({"webhook_id": hook.id})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_resend_to_a_webhook_without_the_event_is_refused() {
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let event = account.event("report.completed").await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let theirs = Account::open(&backend).await.webhook("https://127.0.0.1:9/").await;
    let operator = &account.operator;
    let path = format!("/v1/events/{event}/resend");
    operator.post(&path, json!({"webhook_id": hook.id})).await.refused_for(
        422,
        "invalid_field",
        "webhook_id",
    );
    for nobodys in [theirs.id.as_str(), "wh_01arz3ndektsv4rrffq69g5fav"] {
        operator.post(&path, json!({"webhook_id": nobodys})).await.refused(404, "not_found");
    }
    operator.post(&path, json!({})).await.refused_for(422, "missing_field", "webhook_id");
    operator
        .post("/v1/events/evt_01arz3ndektsv4rrffq69g5fav/resend", json!({"webhook_id": hook.id}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn recover_retries_deliveries_that_were_exhausted_in_the_period() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let before = account.event("report.completed").await;
    account.delivery_at("exhausted", &before, &hook).await;
    let since = clock::now();
    clock::past(clock::later(since, Duration::from_millis(2))).await;
    let mut lost = Vec::new();
    for _ in 0..5 {
        lost.push(account.event("report.completed").await);
    }
    let mut made = Vec::new();
    for event in &lost {
        made.push(account.exhausted(event, &hook).await.1);
    }
    let until = clock::later(clock::now(), Duration::from_millis(2));
    clock::past(until).await;
    receiver.now_always(Reply::ok());
    let fine = account.event("report.completed").await;
    account.delivery_at("delivered", &fine, &hook).await;

    let path = format!("{}/recover", hook.path);
    let asked = json!({"since": clock::text(since), "until": clock::text(until)});
    let recovered = account.operator.post(&path, asked.clone()).await.is(202);
    assert_eq!(recovered["count"], 5);
    for (event, made) in lost.iter().zip(made) {
        let delivery = account.delivery_at("delivered", event, &hook).await;
        assert_eq!(delivery["attempts"], made + 1);
        assert_eq!(account.attempts(event, made + 1).await[0]["trigger"], "recover");
    }
    assert_eq!(account.delivery(&before, &hook).await["status"], "exhausted");
    assert_eq!(account.operator.post(&path, asked).await.is(202)["count"], 0);
}

#[tokio::test]
async fn recover_sends_deliveries_cancelled_while_the_webhook_was_disabled() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let since = clock::text(clock::now());
    account.operator.patch(&hook.path, json!({"status": "disabled"})).await.is(200);
    let mut missed = Vec::new();
    for _ in 0..5 {
        missed.push(account.event("report.completed").await);
    }
    account.operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    let path = format!("{}/recover", hook.path);
    let recovered = account.operator.post(&path, json!({"since": since})).await.is(202);
    assert_eq!(recovered["count"], 5);

    let arrived = receiver.first_of(5).await;
    let mut arrived: Vec<_> = arrived.iter().map(|delivery| delivery.event().to_owned()).collect();
    arrived.sort();
    assert_eq!(arrived, missed);
    for event in &missed {
        account.delivery_at("delivered", event, &hook).await;
    }
}

#[tokio::test]
async fn disabling_stops_the_retries_and_recover_resumes_them() {
    let Some(backend) = Backend::with(&Settings::default().schedule("100x300ms")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let since = clock::text(clock::now());
    let event = account.event("report.completed").await;
    receiver.first_of(2).await;
    account.operator.patch(&hook.path, json!({"status": "disabled"})).await.is(200);
    assert_eq!(account.delivery(&event, &hook).await["status"], "cancelled");
    let made = receiver.count();
    // Three slots pass; one attempt may have been in flight.
    clock::pass(Duration::from_secs(1)).await;
    assert!(receiver.count() <= made + 1, "attempts went on");

    receiver.now_always(Reply::ok());
    account.operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    assert_eq!(account.delivery(&event, &hook).await["status"], "cancelled");
    let path = format!("{}/recover", hook.path);
    assert_eq!(account.operator.post(&path, json!({"since": since})).await.is(202)["count"], 1);
    account.delivery_at("delivered", &event, &hook).await;
}

#[tokio::test]
async fn a_recovered_delivery_gets_a_full_schedule_again() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let since = clock::text(clock::now());
    let event = account.event("report.completed").await;
    let (_, made) = account.exhausted(&event, &hook).await;
    let path = format!("{}/recover", hook.path);
    assert_eq!(account.operator.post(&path, json!({"since": since})).await.is(202)["count"], 1);
    // It is exhausted again at the end of the schedule, counted from the first attempt of this run.
    let again = receiver.first_of(made + 1).await[made].instant;
    clock::eventually("the schedule has ended once more", || async {
        let last = receiver.all().pop()?;
        (last.instant + Duration::from_millis(100) > again + Settings::LASTS).then_some(())
    })
    .await;
    let (_, in_all) = account.exhausted(&event, &hook).await;
    assert_eq!(in_all, receiver.count());
}

#[tokio::test]
async fn a_recovery_without_a_window_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let path = format!("{}/recover", hook.path);
    let operator = &account.operator;
    operator.post(&path, json!({})).await.refused_for(422, "missing_field", "since");
    for since in [json!("yesterday"), json!(0), json!(null)] {
        let answer = operator.post(&path, json!({"since": since})).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["param"], "since");
    }
}
