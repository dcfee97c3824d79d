//! Payloads: other layouts of deliveries, and other names of the headers that sign them.

use latchhook_scenarios::{Account, Backend, Receiver, Settings, json};

#[tokio::test]
async fn a_raw_delivery_is_what_was_posted_and_signed_under_both_names() {
    let settings = Settings::default()
        .with("LATCHHOOK_PAYLOAD_FORMAT", "raw")
        .with("LATCHHOOK_SIGNATURE_HEADERS", "webhook,svix")
        .with("LATCHHOOK_USER_AGENT", "Acme/1");
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/in")).await;
    let data = json!(["any", {"json": 1.5}]);
    let body = json!({"type": "report.completed", "environment": "test", "data": data});
    let event = account.event_with(body).await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.text(), data.to_string());
    assert_eq!(delivery.header("user-agent"), "Acme/1");
    assert_eq!(delivery.event(), event);
    assert!(delivery.verifies(&hook.secret));
    for name in ["id", "timestamp", "signature"] {
        let both = ["webhook", "svix"].map(|prefix| delivery.header(&format!("{prefix}-{name}")));
        assert_eq!(both[0], both[1], "{name}");
    }
    let shown = account.operator.get(&format!("/v1/events/{event}")).await.is(200);
    assert_eq!(shown["data"], data);
}

#[tokio::test]
async fn a_standard_delivery_has_type_timestamp_and_data() {
    let settings = Settings::default()
        .with("LATCHHOOK_PAYLOAD_FORMAT", "standard")
        .with("LATCHHOOK_SIGNATURE_HEADERS", "svix");
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/in")).await;
    account
        .event_with(json!({
            "type": "report.completed", "environment": "test",
            "created_at": "2026-01-31T09:30:00.000Z", "data": {"score": 7},
        }))
        .await;
    let delivery = receiver.next().await;
    assert_eq!(
        delivery.text(),
        "{\"type\":\"report.completed\",\"timestamp\":\"2026-01-31T09:30:00.000Z\",\
         \"data\":{\"score\":7}}"
    );
    assert!(delivery.header("svix-signature").starts_with("v1,"));
}
