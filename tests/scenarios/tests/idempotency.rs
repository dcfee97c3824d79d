//! Idempotency keys: repeating a request safely.

use futures_util::future::join_all;
use latchhook_scenarios::{Account, Answer, Backend, Call, Need, Receiver, Settings, json};

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

#[tokio::test]
async fn a_repeat_returns_the_first_answer_marked_as_a_replay() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "test", "name": "Once"});
    let first = account.operator.post_once("k1", "/v1/api_keys", asked.clone()).await;
    first.is(201);
    assert!(!is_replay(&first));
    let again = account.operator.post_once("k1", "/v1/api_keys", asked.clone()).await;
    assert_eq!(again.is(201), first.json());
    assert!(is_replay(&again));
    assert_ne!(again.request_id(), first.request_id());
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 1);

    let other = account.operator.post_once("k2", "/v1/api_keys", asked.clone()).await;
    assert_ne!(other.is(201)["id"], first.json()["id"]);
    let without = account.operator.post("/v1/api_keys", asked).await;
    assert!(!is_replay(&without));
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 3);
}

#[tokio::test]
async fn a_repeat_with_another_body_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "test"});
    account.operator.post_once("k", "/v1/api_keys", asked).await.is(201);
    let other = json!({"type": "publishable", "environment": "test"});
    account
        .operator
        .post_once("k", "/v1/api_keys", other)
        .await
        .refused(422, "idempotency_mismatch");
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 1);
}

#[tokio::test]
async fn a_key_used_on_another_route_is_not_a_replay() {
    let account = Account::open(&Backend::visit()).await;
    account.operator.post_once("k", "/v1/portal_sessions", json!({})).await.is(201);
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let path = format!("{}/rotate_secret", hook.path);
    let answer = account.operator.post_once("k", &path, json!({})).await;
    // Either answer is safe; one about another resource is not.
    if answer.status == 200 {
        assert!(!is_replay(&answer));
        assert_eq!(answer.json()["object"], "webhook_secret");
    } else {
        answer.refused(422, "idempotency_mismatch");
    }
}

#[tokio::test]
async fn of_concurrent_repeats_one_is_executed_and_the_others_are_replays_or_conflicts() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "test"});
    for round in 0..5 {
        let key = format!("round-{round}");
        let asking =
            (0..20).map(|_| account.operator.post_once(&key, "/v1/api_keys", asked.clone()));
        let answers = join_all(asking).await;
        let mut done = Vec::new();
        for answer in &answers {
            if answer.status == 201 {
                done.push(answer);
            } else {
                answer.refused(409, "idempotency_in_progress");
            }
        }
        assert_eq!(done.iter().filter(|answer| !is_replay(answer)).count(), 1);
        assert!(done.iter().all(|answer| answer.json() == done[0].json()));
        assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], round + 1);
    }
}

#[tokio::test]
async fn errors_are_not_remembered() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "secret", "environment": "live"});
    let operator = &account.operator;
    operator
        .post_once("k", "/v1/api_keys", asked.clone())
        .await
        .refused(403, "account_not_credentialed");
    account.update(json!({"credentialed": true})).await;
    let done = operator.post_once("k", "/v1/api_keys", asked).await;
    done.is(201);
    assert!(!is_replay(&done));
    // The body of a failed request is not remembered, either.
    operator
        .post_once("other", "/v1/api_keys", json!({"type": "wrong", "environment": "test"}))
        .await
        .refused(422, "invalid_field");
    operator
        .post_once("other", "/v1/api_keys", json!({"type": "secret", "environment": "test"}))
        .await
        .is(201);
}

#[tokio::test]
async fn a_key_is_remembered_per_caller() {
    let backend = Backend::visit();
    let (one, two) = (Account::open(&backend).await, Account::open(&backend).await);
    let asked = json!({"type": "secret", "environment": "test"});
    let first = one.operator.post_once("same", "/v1/api_keys", asked.clone()).await.is(201);
    let second = two.operator.post_once("same", "/v1/api_keys", asked).await;
    assert!(!is_replay(&second), "another account's answer was shown");
    assert_ne!(second.is(201)["key"], first["key"]);

    let (a, b) = (one.secret_key("test").await, one.secret_key("test").await);
    let hook = json!({"webhook_url": "https://127.0.0.1:9/"});
    a.caller.post_once("same", "/v1/webhooks", hook.clone()).await.is(201);
    b.caller.post_once("same", "/v1/webhooks", hook).await.refused(409, "url_taken");
}

#[tokio::test]
async fn an_event_posted_twice_is_delivered_once() {
    let Some(backend) = Backend::visit_for(Need::SentOnce) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let asked = json!({"type": "report.completed", "environment": "test",
        "data": {"object": {"id": "r", "object": "report"}}});
    let first = account.operator.post_once("e", "/v1/events", asked.clone()).await.is(202);
    let again = account.operator.post_once("e", "/v1/events", asked).await;
    assert!(is_replay(&again));
    assert_eq!(again.is(202)["id"], first["id"]);
    account.delivery_at("delivered", first["id"].as_str().unwrap(), &hook).await;
    let marker = account.event("report.created").await;
    receiver.next().await;
    assert_eq!(receiver.next().await.event(), marker);
}

#[tokio::test]
async fn a_ping_asked_for_twice_is_sent_once() {
    let Some(backend) = Backend::visit_for(Need::SentOnce) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let path = format!("{}/ping", hook.path);
    let first = account.operator.post_once("p", &path, json!({})).await.is(202);
    let again = account.operator.post_once("p", &path, json!({})).await;
    assert!(is_replay(&again));
    assert_eq!(again.is(202), first);
    let ping = receiver.next().await;
    account.attempts(ping.event(), 1).await;
    let marker = account.event("report.completed").await;
    assert_eq!(receiver.next().await.event(), marker);
}

#[tokio::test]
async fn a_repeated_verification_is_answered_as_the_first_was() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let asked = json!({"key": key.key});
    let first = account.operator.post_once("v", "/v1/api_keys/verify", asked.clone()).await;
    let expire = format!("/v1/api_keys/{}/expire", key.id);
    account.operator.post(&expire, json!({})).await.is(200);
    let again = account.operator.post_once("v", "/v1/api_keys/verify", asked.clone()).await;
    assert!(is_replay(&again));
    assert_eq!(again.is(200), first.is(200));
    let anew = account.operator.post_once("w", "/v1/api_keys/verify", asked).await.is(200);
    assert_eq!(anew["code"], "expired");
}

#[tokio::test]
async fn invalid_idempotency_keys_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    let longest = "k".repeat(255);
    account.operator.post_once(&longest, "/v1/portal_sessions", json!({})).await.is(201);
    for wrong in ["", "with space", &"k".repeat(256)] {
        let call = Call::post("/v1/portal_sessions").json(&json!({}));
        let answer = account.operator.send(call.header("idempotency-key", wrong)).await;
        answer.refused(422, "invalid_field");
    }
}

#[tokio::test]
async fn a_repeat_after_a_kill_still_returns_the_first_answer() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    let asked = json!({"type": "secret", "environment": "test"});
    let first = account.operator.post_once("k", "/v1/api_keys", asked.clone()).await.is(201);
    backend.kill();
    backend.restart().await;
    let again = account.operator.post_once("k", "/v1/api_keys", asked).await;
    assert_eq!(again.is(201), first);
    assert!(is_replay(&again));
}
