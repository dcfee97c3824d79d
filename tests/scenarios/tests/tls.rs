//! Deliveries over HTTPS.

use http::Version;
use latchhook_scenarios::{Account, Authority, Backend, Receiver, Settings, json};

fn settings_that_trust(authority: &Authority) -> Settings {
    Settings::default().with("LATCHHOOK_EXTRA_CA_FILE", &authority.file().to_string_lossy())
}

#[tokio::test]
async fn live_deliveries_need_https_with_a_trusted_certificate() {
    let authority = Authority::new();
    let Some(backend) = Backend::with(&settings_that_trust(&authority)) else { return };
    let account = Account::credentialed(&backend).await;
    let receiver = Receiver::secure(&authority).await;
    let hook = account
        .webhook_with(json!({"webhook_url": receiver.url("/live"), "environment": "live"}))
        .await;
    let posted = || async {
        account
            .event_with(json!({"type": "report.completed", "environment": "live",
                "data": {"object": {"id": "r", "object": "report"}}}))
            .await
    };
    let event = posted().await;
    let delivery = receiver.next().await;
    assert!(delivery.event() == event && delivery.verifies(&hook.secret));
    assert_eq!(delivery.version, Version::HTTP_2, "what both sides speak best");
    posted().await;
    assert!(receiver.next().await.verifies(&hook.secret));
    account.delivery_at("delivered", &event, &hook).await;
}

#[tokio::test]
async fn an_untrusted_certificate_has_its_own_error_code() {
    let (trusted, unknown) = (Authority::new(), Authority::new());
    let Some(backend) = Backend::with(&settings_that_trust(&trusted)) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::secure(&unknown).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let (exhausted, attempts) = account.exhausted(&event, &hook).await;
    assert_eq!(exhausted["last_response_status"], serde_json::Value::Null);
    for row in account.attempts(&event, attempts).await {
        assert_eq!(row["error"]["code"], "tls_error", "{row}");
    }
    assert_eq!(receiver.count(), 0, "nothing was sent to it");
}
