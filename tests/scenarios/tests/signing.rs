//! Signatures of deliveries.

use latchhook_scenarios::{Account, Backend, Receiver, Settings, clock, json};

#[tokio::test]
async fn every_delivery_verifies_with_the_reference_library() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/in")).await;
    let event = account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.event(), event);
    assert!(delivery.verifies(&hook.secret));
    assert_eq!(delivery.header("webhook-signature").split(' ').count(), 1);
    let stamped: i64 = delivery.header("webhook-timestamp").parse().unwrap();
    assert!((0..=5).contains(&(delivery.at.as_second() - stamped)), "{stamped}");

    let mut forged = delivery.clone();
    forged.body = delivery.text().replacen("report", "rep0rt", 1).into();
    assert!(!forged.verifies(&hook.secret));
}

#[tokio::test]
async fn a_retry_keeps_its_id_and_has_a_timestamp_and_signature_of_its_own() {
    let Some(backend) = Backend::with(&Settings::default().schedule("1x1500ms")) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::first(1, latchhook_scenarios::Reply::status(503)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    account.event("report.completed").await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.event(), second.event());
    assert_eq!(first.body, second.body);
    assert!(first.verifies(&hook.secret) && second.verifies(&hook.secret));
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
    assert_ne!(first.header("webhook-signature"), second.header("webhook-signature"));
}

#[tokio::test]
async fn while_a_rotation_overlaps_both_secrets_verify() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let path = format!("{}/rotate_secret", hook.path);
    let before = clock::now();
    let rotated = account.operator.post(&path, json!({})).await.is(200);
    let secret = rotated["signing_secret"].as_str().unwrap();
    let overlap = clock::parse(rotated["previous_expires_at"].as_str().unwrap());
    assert!((86_400..86_460).contains(&before.duration_until(overlap).as_secs()), "a day");
    assert_eq!((&rotated["object"], &rotated["id"]), (&json!("webhook_secret"), &json!(hook.id)));
    assert_ne!(secret, hook.secret);

    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert!(delivery.verifies(secret) && delivery.verifies(&hook.secret));
    assert_eq!(delivery.header("webhook-signature").split(' ').count(), 2);
    let reveal = format!("{}/reveal_secret", hook.path);
    assert_eq!(account.operator.post_nothing(&reveal).await.is(200)["signing_secret"], secret);
}

#[tokio::test]
async fn a_rotation_without_overlap_ends_the_old_secret_at_once() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    // A delivery before the rotation fills the caches of webhooks and secrets.
    account.event("report.completed").await;
    assert!(receiver.next().await.verifies(&hook.secret));

    let path = format!("{}/rotate_secret", hook.path);
    let rotated = account.operator.post(&path, json!({"overlap_seconds": 0})).await.is(200);
    clock::remembered().await;
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert!(delivery.verifies(rotated["signing_secret"].as_str().unwrap()));
    assert!(!delivery.verifies(&hook.secret));
}

#[tokio::test]
async fn the_old_secret_stops_signing_after_the_overlap() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let path = format!("{}/rotate_secret", hook.path);
    let rotated = account.operator.post(&path, json!({"overlap_seconds": 1})).await.is(200);
    clock::past(clock::parse(rotated["previous_expires_at"].as_str().unwrap())).await;
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert!(delivery.verifies(rotated["signing_secret"].as_str().unwrap()));
    assert!(!delivery.verifies(&hook.secret));
}

#[tokio::test]
async fn an_overlap_outside_a_week_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let path = format!("{}/rotate_secret", hook.path);
    for overlap in [json!(-1), json!(604_801), json!("1d"), json!(1.5)] {
        account.operator.post(&path, json!({"overlap_seconds": overlap})).await.refused_for(
            422,
            "invalid_field",
            "overlap_seconds",
        );
    }
    account.operator.post(&path, json!({"overlap_seconds": 604_800})).await.is(200);
}

#[tokio::test]
async fn the_legacy_header_carries_a_signature_by_the_newest_active_secret_key() {
    let settings =
        Settings::default().with("LATCHHOOK_LEGACY_SIGNATURE_HEADER", "X-Checkr-Signature");
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;

    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert_eq!(
        delivery.header("x-checkr-signature"),
        "Please create an API key to check the authenticity of our webhooks."
    );
    let old = account.secret_key("test").await;
    let new = account.secret_key("test").await;
    account.key(json!({"type": "publishable", "environment": "test"})).await;
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.header("x-checkr-signature"), delivery.legacy_signature(&new.key));
    assert!(delivery.verifies(&hook.secret));

    account.operator.post(&format!("/v1/api_keys/{}/expire", new.id), json!({})).await.is(200);
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.header("x-checkr-signature"), delivery.legacy_signature(&old.key));
}
