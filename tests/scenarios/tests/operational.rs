//! Operational webhooks: the operator is told what happens in the installation.

use latchhook_scenarios::{
    Account, Backend, Caller, Need, Receiver, Reply, Settings, Value, clock, json,
};

/// Creates an operational webhook at `receiver`; returns its path and its signing secret.
async fn listen(operator: &Caller, receiver: &Receiver) -> (String, String) {
    let body = json!({"webhook_url": receiver.url("/told")});
    let made = operator.post("/v1/operator_webhooks", body).await.is(201);
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    (text("uri"), text("signing_secret"))
}

/// Waits until `receiver` was told of something of that type about `account`; returns the body.
async fn told(receiver: &Receiver, kind: &str, account: &str) -> Value {
    clock::eventually(kind, async || {
        let mut bodies = receiver.all().into_iter().map(|one| one.json());
        bodies.find(|body| body["type"] == kind && body["account_id"] == account)
    })
    .await
}

#[tokio::test]
async fn the_operator_is_told_of_an_account_and_its_keys_with_signatures() {
    let backend = Backend::visit();
    let operator = backend.operator();
    let receiver = Receiver::start().await;
    let (path, secret) = listen(&operator, &receiver).await;
    clock::remembered().await;
    let account = Account::credentialed(&backend).await;
    let key = account.secret_key("live").await;
    let created = told(&receiver, "account.created", &account.id).await;
    assert_eq!(created["data"]["object"]["id"], account.id);
    let of_key = told(&receiver, "api_key.created", &account.id).await;
    assert_eq!(of_key["data"]["object"]["environment"], "live");
    assert!(!of_key.to_string().contains(&key.key));
    told(&receiver, "account.credentialed", &account.id).await;
    operator.delete(&format!("/v1/accounts/{}", account.id)).await.is(200);
    told(&receiver, "account.closed", &account.id).await;
    assert!(receiver.all().iter().all(|delivery| delivery.verifies(&secret)));
    operator.delete(&path).await.is(200);
}

#[tokio::test]
async fn the_operator_is_told_of_webhooks_and_deliveries_that_fail() {
    let settings = Settings::default()
        .schedule("4x500ms")
        .with("LATCHHOOK_FAILING_AFTER", "1s")
        .with("LATCHHOOK_FAILING_ATTEMPTS", "3");
    let Some(backend) = Backend::with(&settings) else { return };
    let operator = backend.operator();
    let receiver = Receiver::start().await;
    listen(&operator, &receiver).await;
    clock::remembered().await;
    let account = Account::open(&backend).await;
    let failing = Receiver::always(Reply::status(500)).await;
    let hook = account.webhook(&failing.url("/")).await;
    let event = account.event("report.completed").await;
    let of_hook = told(&receiver, "webhook.failing", &account.id).await;
    assert_eq!(of_hook["data"]["object"]["id"], hook.id);
    let exhausted = told(&receiver, "delivery.exhausted", &account.id).await;
    let expected = json!({
        "id": event, "object": "delivery", "event_id": event, "webhook_id": hook.id,
        "environment": "test", "attempts": 5, "last_response_status": 500,
    });
    assert_eq!(exhausted["data"]["object"], expected);
    let change = json!({"status": "disabled"});
    account.operator.patch(&format!("/v1/webhooks/{}", hook.id), change).await.is(200);
    let disabled = told(&receiver, "webhook.disabled", &account.id).await;
    assert_eq!(disabled["data"]["object"]["disabled_reason"], "manual");
}

#[tokio::test]
async fn what_was_committed_before_a_kill_is_told_after_it() {
    let settings = Settings::default().schedule("60x500ms");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let operator = backend.operator();
    // It acknowledges nothing until the server was killed.
    let receiver = Receiver::always(Reply::status(503)).await;
    listen(&operator, &receiver).await;
    let mut accounts = Vec::new();
    for _ in 0..20 {
        accounts.push(Account::open(&backend).await.id);
    }
    backend.kill();
    receiver.now_always(Reply::ok());
    backend.restart().await;
    let own = operator.acting_on("acct_00000000000000000000000000");
    clock::eventually("everything is told", async || {
        let events = own.list("/v1/events").await;
        let delivered = |event: &&Value| event["deliveries"][0]["status"] == "delivered";
        (events.iter().filter(delivered).count() == accounts.len()).then_some(())
    })
    .await;
    for account in accounts {
        told(&receiver, "account.created", &account).await;
    }
}
