//! Settings of a webhook's own: signing secret, filter, headers, public key, rate.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use latchhook_scenarios::{Account, Backend, Received, Receiver, Value, clock, json};
use ring::signature::{ED25519, UnparsedPublicKey};

const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn hook(
    account: &Account,
    receiver: &Receiver,
    settings: Value,
) -> latchhook_scenarios::Hook {
    let mut asked = json!({"webhook_url": receiver.url("/in"), "environment": "test"});
    asked.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    account.webhook_with(asked).await
}

async fn report(account: &Account, status: &str) -> String {
    let object = json!({"id": "r1", "object": "report", "status": status, "score": 640});
    let asked =
        json!({"type": "report.completed", "environment": "test", "data": {"object": object}});
    account.event_with(asked).await
}

#[tokio::test]
async fn a_secret_that_the_receiver_has_verifies() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = hook(&account, &receiver, json!({"signing_secret": OLD})).await;
    assert_eq!(hook.secret, OLD);
    account.event("report.completed").await;
    assert!(receiver.next().await.verifies(OLD));
    let asked = json!({
        "webhook_url": "https://127.0.0.1:9/x", "environment": "test", "signing_secret": "whsec_AAAA",
    });
    let refused = account.operator.post("/v1/webhooks", asked).await;
    refused.refused_for(422, "invalid_field", "signing_secret");
}

#[tokio::test]
async fn events_that_do_not_match_a_filter_leave_no_delivery() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let filter = json!({"data": {"object": {
        "status": [{"anything-but": "clear"}], "score": [{"numeric": [">", 600, "<=", 850]}],
    }}});
    let hook = hook(&account, &receiver, json!({"filter": filter})).await;
    assert_eq!(account.operator.get(&hook.path).await.is(200)["filter"], filter);
    let passed_over = report(&account, "clear").await;
    let matching = report(&account, "consider").await;
    assert_eq!(receiver.next().await.event(), matching);
    let shown = account.operator.get(&format!("/v1/events/{passed_over}")).await.is(200);
    assert_eq!(shown["deliveries"], json!([]));

    let wrong = json!({"filter": {"data": {"object": {"score": [{"numeric": ["!", 1]}]}}}});
    let refused = account.operator.patch(&hook.path, wrong).await;
    refused.refused_for(422, "invalid_filter", "filter.data.object.score[0].numeric[0]");
    account.operator.patch(&hook.path, json!({"filter": null})).await.is(200);
    clock::remembered().await;
    let after = report(&account, "clear").await;
    assert_eq!(receiver.first_of(2).await[1].event(), after);
}

#[tokio::test]
async fn headers_of_a_webhooks_own_are_sent_and_never_shown() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let headers = json!({"X-Tenant": "acme", "Authorization": "Bearer our-very-t0ken"});
    let hook = hook(&account, &receiver, json!({"headers": headers})).await;
    let shown = account.operator.get(&hook.path).await.is(200);
    assert_eq!(shown["headers"], json!({"X-Tenant": "****", "Authorization": "****"}));
    let event = account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.header("x-tenant"), "acme");
    assert_eq!(delivery.header("authorization"), "Bearer our-very-t0ken");
    assert!(delivery.verifies(&hook.secret));
    let rows = account.attempts(&event, 1).await;
    assert_eq!(rows[0]["request"]["headers"]["Authorization"], "****");

    let change = json!({"headers": {"authorization": "****"}});
    account.operator.patch(&hook.path, change).await.is(200);
    clock::remembered().await;
    account.event("report.completed").await;
    let second = &receiver.first_of(2).await[1];
    assert_eq!(second.header("authorization"), "Bearer our-very-t0ken");
    assert!(!second.headers.contains_key("x-tenant"));
    for name in ["Host", "Content-Type", "webhook-id", "a b"] {
        let change = json!({"headers": {name: "x"}});
        account.operator.patch(&hook.path, change).await.refused(422, "invalid_field");
    }
}

/// Returns whether a signature of the delivery is by this key, a `whpk_…`.
fn verifies(delivery: &Received, key: &str) -> bool {
    let key = BASE64_STANDARD.decode(key.strip_prefix("whpk_").unwrap()).unwrap();
    let (id, timestamp) = (delivery.header("webhook-id"), delivery.header("webhook-timestamp"));
    let signed = [format!("{id}.{timestamp}.").as_bytes(), &delivery.body].concat();
    let signatures = delivery.header("webhook-signature").split(' ');
    signatures.filter_map(|signature| signature.strip_prefix("v1a,")).any(|encoded| {
        let signature = BASE64_STANDARD.decode(encoded).unwrap();
        UnparsedPublicKey::new(&ED25519, &key).verify(&signed, &signature).is_ok()
    })
}

#[tokio::test]
async fn everybody_verifies_by_the_public_keys() {
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = hook(&account, &receiver, json!({"signing": "ed25519"})).await;
    assert_eq!(account.operator.get(&hook.path).await.is(200)["signing"], "ed25519");
    let rotate = format!("{}/rotate_secret", hook.path);
    let rotated = account.operator.post(&rotate, json!({})).await.is(200);
    let keys = [rotated["signing_secret"].as_str().unwrap(), hook.secret.as_str()];
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    assert!(keys.iter().all(|key| verifies(&delivery, key)));

    let set = backend.nobody().get(&format!("/jwks/{}", hook.id)).await.is(200);
    let of = |key: &str| {
        let bytes = BASE64_STANDARD.decode(key.strip_prefix("whpk_").unwrap()).unwrap();
        json!(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    };
    let shown: Vec<&Value> = set["keys"].as_array().unwrap().iter().map(|key| &key["x"]).collect();
    assert_eq!(shown, keys.map(of).iter().collect::<Vec<_>>());
    assert_eq!(
        (&set["keys"][0]["kty"], &set["keys"][0]["crv"]),
        (&json!("OKP"), &json!("Ed25519"))
    );
    let other = account.webhook("https://127.0.0.1:9/other").await;
    let path = format!("/jwks/{}", other.id);
    backend.nobody().get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_more_than_the_rate_waits_and_arrives() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let rate = json!({"rate_limit": {"limit": 2, "period_seconds": 4}});
    let hook = hook(&account, &receiver, rate).await;
    let mut events = Vec::new();
    for _ in 0..5 {
        events.push(account.event("report.completed").await);
    }
    let delivery = receiver.first_of(5).await;
    let since = |index: usize| delivery[index].instant.duration_since(delivery[0].instant);
    // Two at once, and one in two seconds from then on: the last after six, less what the first took.
    assert!(since(4) >= Duration::from_secs(5), "{:?}", since(4));
    for event in &events {
        let delivery = account.delivery_at("delivered", event, &hook).await;
        assert_eq!(delivery["attempts"], 1);
    }
}
