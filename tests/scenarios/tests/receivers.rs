//! Receivers that answer badly, late, endlessly or not at all.

use std::time::Duration;

use futures_util::future::join_all;
use latchhook_scenarios::{Account, Backend, Gate, Receiver, Reply, Settings, clock, json};

#[tokio::test]
async fn any_2xx_acknowledges() {
    let account = Account::open(&Backend::visit()).await;
    let statuses = [200, 201, 202, 204, 206, 299];
    let receiver =
        Receiver::with(move |request| Reply::status(statuses[request.index]).body("")).await;
    let hook = account.webhook(&receiver.url("/")).await;
    for status in statuses {
        let event = account.event("report.completed").await;
        let delivery = account.delivery_at("delivered", &event, &hook).await;
        assert_eq!(
            (&delivery["attempts"], &delivery["last_response_status"]),
            (&json!(1), &json!(status))
        );
    }
}

#[tokio::test]
async fn any_other_status_fails_and_is_retried() {
    let account = Account::open(&Backend::visit()).await;
    let statuses = [300, 302, 304, 400, 401, 404, 409, 422, 500, 501, 502, 599];
    for status in statuses {
        let receiver = Receiver::first(1, Reply::status(status).body("")).await;
        let hook = account.webhook(&receiver.url("/")).await;
        let event = account.event("report.completed").await;
        let delivery = account.delivery_at("delivered", &event, &hook).await;
        assert_eq!(delivery["attempts"], 2, "{status}");
        let rows = account.attempts(&event, 2).await;
        let failed = &rows[1];
        assert_eq!(
            (&failed["status"], &failed["response_status"]),
            (&json!("failed"), &json!(status))
        );
        assert_eq!(failed["error"]["code"], "bad_status");
        account.operator.delete(&hook.path).await.is(200);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let account = Account::open(&Backend::visit()).await;
    let target = Receiver::start().await;
    let redirect = Reply::status(307).header("location", &target.url("/stolen"));
    let receiver = Receiver::first(1, redirect).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let delivery = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!((&delivery["attempts"], target.count()), (&json!(2), 0));
}

#[tokio::test]
async fn a_410_disables_the_webhook_and_cancels_its_deliveries() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::with(|request| {
        Reply::status(if request.path == "/" && request.index == 0 { 500 } else { 410 })
    })
    .await;
    let hook = account.webhook(&receiver.url("/")).await;
    let waiting = account.event("report.completed").await;
    receiver.next().await;
    let gone = account.event("report.completed").await;

    let disabled = clock::eventually("the webhook is disabled", || async {
        let hook = account.operator.get(&hook.path).await.is(200);
        (hook["status"] == "disabled").then_some(hook)
    })
    .await;
    assert_eq!(disabled["disabled_reason"], "gone");
    for event in [&gone, &waiting] {
        let delivery = account.delivery_at("cancelled", event, &hook).await;
        assert_eq!(delivery["next_attempt_at"], serde_json::Value::Null);
    }
    let later = account.event("report.completed").await;
    assert_eq!(account.delivery(&later, &hook).await["status"], "cancelled");

    let by_system = clock::eventually("the history tells", || async {
        let path = format!("/v1/audit_events?subject={}&type=webhook.disabled", hook.id);
        account.operator.list(&path).await.pop()
    })
    .await;
    assert_eq!(by_system["actor"]["type"], "system");
}

#[tokio::test]
async fn retry_after_delays_the_next_attempt() {
    let Some(backend) = Backend::with(&Settings::default().schedule("20x250ms")) else { return };
    for status in [429, 503] {
        let account = Account::open(&backend).await;
        let busy = Reply::status(status).header("retry-after", "2");
        let receiver = Receiver::first(1, busy).await;
        let hook = account.webhook(&receiver.url("/")).await;
        let event = account.event("report.completed").await;
        let (first, second) = (receiver.next().await, receiver.next().await);
        let waited = second.instant - first.instant;
        assert!(waited >= Duration::from_millis(1990), "{status}: after {waited:?}");
        assert!(waited < Duration::from_secs(4), "{status}: after {waited:?}");
        let delivery = account.delivery_at("delivered", &event, &hook).await;
        assert_eq!(delivery["attempts"], 2);
    }
}

#[tokio::test]
async fn retry_after_is_ignored_on_other_statuses_and_never_advances_an_attempt() {
    let Some(backend) = Backend::with(&Settings::default().schedule("2x600ms")) else { return };
    for (status, after) in [(500, "3600"), (503, "0"), (429, "soon"), (503, "-5")] {
        let account = Account::open(&backend).await;
        let reply = Reply::status(status).header("retry-after", after);
        let receiver = Receiver::first(1, reply).await;
        account.webhook(&receiver.url("/")).await;
        account.event("report.completed").await;
        let (first, second) = (receiver.next().await, receiver.next().await);
        let waited = second.instant - first.instant;
        let due = Duration::from_millis(550)..Duration::from_millis(1150);
        assert!(due.contains(&waited), "{status} {after}: after {waited:?}");
    }
}

#[tokio::test]
async fn retry_after_never_delays_beyond_the_schedule() {
    let Some(backend) = Backend::with(&Settings::default().schedule("4x250ms")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::always(Reply::status(503).header("retry-after", "86400")).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let delivery = account.delivery_at("exhausted", &event, &hook).await;
    assert_eq!(delivery["attempts"], 2, "the first and the schedule's last");
    let all = receiver.all();
    let waited = all[1].instant - all[0].instant;
    assert!((950..2000).contains(&waited.as_millis()), "after {waited:?}");
}

#[tokio::test]
async fn an_attempt_ends_at_its_time_out() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::first(1, Reply::hanging()).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    let rows = account.attempts(&event, 2).await;
    let timed_out = &rows[1];
    assert_eq!(timed_out["error"]["code"], "timeout");
    assert_eq!(timed_out["response_status"], serde_json::Value::Null);
    let took = timed_out["duration_ms"].as_u64().unwrap();
    assert!((2900..4500).contains(&took), "{took} ms");
}

#[tokio::test]
async fn a_receiver_that_refuses_connections_or_speaks_no_http_fails_by_its_own_code() {
    let account = Account::open(&Backend::visit()).await;
    let closed = {
        let receiver = Receiver::start().await;
        receiver.url("/")
    };
    let hook = account.webhook(&closed).await;
    let event = account.event("report.completed").await;
    let (_, attempts) = account.exhausted(&event, &hook).await;
    let rows = account.attempts(&event, attempts).await;
    assert!(rows.iter().all(|row| row["error"]["code"] == "connection_error"), "{rows:?}");

    let hook = account.webhook("http://hooks.latchhook-scenarios.invalid/").await;
    let event = account.event("report.completed").await;
    let row = account.attempts(&event, 1).await.pop().unwrap();
    let own = row["webhook_id"] == hook.id.as_str() || row["error"]["code"] == "connection_error";
    assert!(own, "{row}");
    clock::eventually("the name fails to resolve", || async {
        let path = format!("/v1/logs?kind=webhook_delivery&webhook_id={}", hook.id);
        let rows = account.operator.list(&path).await;
        rows.into_iter().find(|row| row["error"]["code"] == "dns_error")
    })
    .await;
}

#[tokio::test]
async fn a_body_of_100_megabytes_or_a_byte_a_second_holds_no_worker_past_the_time_out() {
    let account = Account::with_quota(&Backend::visit(), 3).await;
    let long = Receiver::always(Reply::ok().long_body(100 << 20)).await;
    let dripping = Receiver::always(Reply::ok().dripping_body()).await;
    let hooks = [account.webhook(&long.url("/")).await, account.webhook(&dripping.url("/")).await];
    for _ in 0..10 {
        account.event("report.completed").await;
    }
    for hook in &hooks {
        let path = format!("/v1/logs?kind=webhook_delivery&webhook_id={}&per_page=100", hook.id);
        let rows = clock::eventually("ten attempts ended", || async {
            let rows = account.operator.list(&path).await;
            (rows.len() >= 10).then_some(rows)
        })
        .await;
        for row in rows {
            let took = row["duration_ms"].as_u64().unwrap();
            assert!(took < 4500, "an attempt took {took} ms");
            // A 2xx acknowledges, even if its body never ends.
            assert_eq!(
                (&row["status"], &row["response_status"]),
                (&json!("succeeded"), &json!(200))
            );
            let excerpt = row["response"]["body_excerpt"].as_str().unwrap_or_default();
            assert!(excerpt.len() <= 1024, "{} bytes of excerpt", excerpt.len());
        }
    }
}

#[tokio::test]
async fn a_receiver_that_hangs_does_not_delay_another_accounts_deliveries() {
    // The longest time-out, so that a delay would be noticed.
    let Some(backend) = Backend::with(&Settings::default().timeout("15s")) else { return };
    let (loud, quiet) = (Account::open(&backend).await, Account::open(&backend).await);
    let gate = Gate::closed();
    let hanging = Receiver::always(Reply::behind(&gate)).await;
    let healthy = Receiver::start().await;
    loud.webhook(&hanging.url("/")).await;
    quiet.webhook(&healthy.url("/")).await;
    join_all((0..400).map(|_| loud.event("report.completed"))).await;
    hanging.first_of(1).await;

    for _ in 0..30 {
        let posted = clock::instant();
        let event = quiet.event("report.completed").await;
        let delivery = healthy.next().await;
        assert_eq!(delivery.event(), event);
        let took = delivery.instant - posted;
        assert!(took < Duration::from_secs(3), "a neighbour's delivery took {took:?}");
    }
    gate.open();
    hanging.first_of(400).await;
}

#[tokio::test]
async fn a_receiver_that_hangs_does_not_delay_its_own_accounts_other_webhook_for_long() {
    let Some(backend) = Backend::with(&Settings::default().timeout("15s")) else { return };
    let account = Account::open(&backend).await;
    let gate = Gate::closed();
    let hanging = Receiver::always(Reply::behind(&gate)).await;
    let healthy = Receiver::start().await;
    account.webhook(&hanging.url("/")).await;
    account.webhook(&healthy.url("/")).await;
    let posted = clock::instant();
    join_all((0..100).map(|_| account.event("report.completed"))).await;
    let all = healthy.first_of(100).await;
    let took = all[99].instant - posted;
    assert!(took < Duration::from_secs(10), "before the first time-out could pass: {took:?}");
    gate.open();
    hanging.first_of(100).await;
}
