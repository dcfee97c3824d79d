//! Webhooks: created, read, changed, deleted.

use latchhook_scenarios::{Account, Backend, Receiver, Value, clock, json};

const URL: &str = "https://127.0.0.1:9/hook";

#[tokio::test]
async fn a_webhook_is_created_with_the_documented_defaults_and_shows_its_secret_once() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"webhook_url": URL, "environment": "test"});
    let mut created = account.operator.post("/v1/webhooks", asked).await.is(201);
    let secret = created.as_object_mut().unwrap().remove("signing_secret").unwrap();
    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(
        created,
        json!({
            "id": id,
            "object": "webhook",
            "uri": format!("/v1/webhooks/{id}"),
            "account_id": account.id,
            "application_id": null,
            "environment": "test",
            "jurisdiction": "US",
            "webhook_url": URL,
            "include_object": false,
            "event_types": ["*"],
            "description": null,
            "filter": null,
            "headers": {},
            "signing": "hmac",
            "rate_limit": null,
            "status": "enabled",
            "disabled_reason": null,
            "created_at": created["created_at"],
            "updated_at": created["created_at"],
            "deleted_at": null,
        })
    );
    let secret = secret.as_str().unwrap();
    let encoded = secret.strip_prefix("whsec_").unwrap();
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded);
    assert_eq!(decoded.unwrap().len(), 32);

    assert_eq!(account.operator.get(&format!("/v1/webhooks/{id}")).await.is(200), created);
    let listed = account.operator.get("/v1/webhooks").await.is(200);
    assert_eq!((&listed["data"], &listed["count"]), (&json!([created]), &json!(1)));
    let path = format!("/v1/webhooks/{id}/reveal_secret");
    let revealed = account.operator.post_nothing(&path).await.is(200);
    assert_eq!(revealed, json!({"id": id, "object": "webhook_secret", "signing_secret": secret}));
}

#[tokio::test]
async fn every_setting_of_a_webhook_is_stored() {
    let account = Account::credentialed(&Backend::visit()).await;
    let asked = json!({
        "webhook_url": URL, "environment": "live", "jurisdiction": "CA", "include_object": true,
        "event_types": ["report.*", "candidate.created"], "description": "Ontario — reports",
    });
    let created = account.operator.post("/v1/webhooks", asked.clone()).await.is(201);
    for (field, value) in asked.as_object().unwrap() {
        assert_eq!(&created[field], value, "{field}");
    }
}

#[tokio::test]
async fn live_is_an_alias_of_environment() {
    let account = Account::credentialed(&Backend::visit()).await;
    for (live, environment) in [(true, "live"), (false, "test")] {
        let asked = json!({"webhook_url": URL, "live": live});
        let created = account.operator.post("/v1/webhooks", asked).await.is(201);
        assert_eq!(created["environment"], environment);
    }
    let asked =
        json!({"webhook_url": "https://127.0.0.1:9/2", "live": true, "environment": "test"});
    account.operator.post("/v1/webhooks", asked).await.refused(422, "invalid_field");
}

#[tokio::test]
async fn a_secret_key_manages_the_webhooks_of_its_own_environment() {
    let account = Account::credentialed(&Backend::visit()).await;
    let (test, live) = (account.secret_key("test").await, account.secret_key("live").await);
    let asked = json!({"webhook_url": URL});
    let created = test.caller.post("/v1/webhooks", asked).await.is(201);
    assert_eq!(created["environment"], "test");
    let path = created["uri"].as_str().unwrap();
    test.caller.get(path).await.is(200);
    test.caller.patch(path, json!({"description": "mine"})).await.is(200);

    live.caller.get(path).await.refused(404, "not_found");
    live.caller.patch(path, json!({"description": "x"})).await.refused(404, "not_found");
    live.caller.delete(path).await.refused(404, "not_found");
    live.caller.post_nothing(&format!("{path}/reveal_secret")).await.refused(404, "not_found");
    live.caller.post_nothing(&format!("{path}/ping")).await.refused(404, "not_found");
    assert_eq!(live.caller.get("/v1/webhooks").await.is(200)["data"], json!([]));

    let other = json!({"webhook_url": "https://127.0.0.1:9/2", "environment": "live"});
    test.caller.post("/v1/webhooks", other).await.refused(403, "wrong_environment");
    let other = json!({"webhook_url": "https://127.0.0.1:9/2", "live": true});
    test.caller.post("/v1/webhooks", other).await.refused(403, "wrong_environment");
    test.caller.get("/v1/webhooks?environment=live").await.refused(403, "wrong_environment");
    let same = json!({"webhook_url": "https://127.0.0.1:9/2", "environment": "test"});
    test.caller.post("/v1/webhooks", same).await.is(201);
    assert_eq!(test.caller.get("/v1/webhooks?environment=test").await.is(200)["count"], 2);
}

#[tokio::test]
async fn a_live_webhook_needs_a_credentialed_account() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"webhook_url": URL, "environment": "live"});
    account.operator.post("/v1/webhooks", asked).await.refused(403, "account_not_credentialed");
}

#[tokio::test]
async fn an_update_changes_only_named_fields_and_refuses_fixed_ones() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook(URL).await;
    let before = account.operator.get(&hook.path).await.is(200);
    clock::past(clock::parse(before["updated_at"].as_str().unwrap())).await;

    let change = json!({
        "webhook_url": "https://127.0.0.1:9/other", "include_object": true,
        "event_types": ["report.completed"], "description": "changed",
    });
    let after = account.operator.patch(&hook.path, change.clone()).await.is(200);
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(&after[field], value, "{field}");
    }
    assert!(after["updated_at"].as_str().unwrap() > before["updated_at"].as_str().unwrap());
    assert_eq!(after["created_at"], before["created_at"]);

    let same = account.operator.patch(&hook.path, json!({})).await.is(200);
    assert_eq!(same, after);
    let cleared = account.operator.patch(&hook.path, json!({"description": null})).await.is(200);
    assert_eq!(cleared["description"], Value::Null);
    assert_eq!(cleared["webhook_url"], "https://127.0.0.1:9/other");
    for fixed in ["environment", "jurisdiction", "live", "account_id", "signing_secret"] {
        account.operator.patch(&hook.path, json!({fixed: "CA"})).await.refused_for(
            400,
            "unknown_field",
            fixed,
        );
    }
}

#[tokio::test]
async fn a_webhook_is_disabled_and_enabled() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook(URL).await;
    let disabled = account.operator.patch(&hook.path, json!({"status": "disabled"})).await.is(200);
    assert_eq!(disabled["status"], "disabled");
    assert_eq!(disabled["disabled_reason"], "manual");
    let enabled = account.operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    assert_eq!(
        (&enabled["status"], &enabled["disabled_reason"]),
        (&json!("enabled"), &Value::Null)
    );
    account.operator.patch(&hook.path, json!({"status": "paused"})).await.refused_for(
        422,
        "invalid_field",
        "status",
    );
}

#[tokio::test]
async fn a_deleted_webhook_is_shown_a_last_time_and_is_not_found_from_then_on() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook(URL).await;
    let deleted = account.operator.delete(&hook.path).await.is(200);
    assert_eq!(deleted["id"], hook.id.as_str());
    clock::parse(deleted["deleted_at"].as_str().unwrap());

    let operator = &account.operator;
    operator.get(&hook.path).await.refused(404, "not_found");
    operator.delete(&hook.path).await.refused(404, "not_found");
    operator.patch(&hook.path, json!({"description": "x"})).await.refused(404, "not_found");
    for verb in ["reveal_secret", "rotate_secret", "ping"] {
        let path = format!("{}/{verb}", hook.path);
        operator.post(&path, json!({})).await.refused(404, "not_found");
    }
    let since = json!({"since": "2020-01-01T00:00:00.000Z"});
    operator.post(&format!("{}/recover", hook.path), since).await.refused(404, "not_found");
    assert_eq!(operator.get("/v1/webhooks").await.is(200)["count"], 0);
    account.webhook(URL).await;
}

#[tokio::test]
async fn deleting_a_webhook_cancels_pending_deliveries_and_keeps_its_logs() {
    let account = Account::with_quota(&Backend::visit(), 3).await;
    let failing = Receiver::always(latchhook_scenarios::Reply::status(500)).await;
    let marker = Receiver::start().await;
    let hook = account.webhook(&failing.url("/")).await;
    account.webhook(&marker.url("/")).await;
    let event = account.event("report.completed").await;
    failing.next().await;
    account.attempts(&event, 1).await;
    account.operator.delete(&hook.path).await.is(200);

    let delivery = account.delivery(&event, &hook).await;
    assert!(
        ["cancelled", "exhausted"].contains(&delivery["status"].as_str().unwrap()),
        "{delivery}"
    );
    let path = format!("/v1/logs?kind=webhook_delivery&webhook_id={}", hook.id);
    assert!(!account.operator.list(&path).await.is_empty(), "its logs stay");
    let later = account.event("report.completed").await;
    let event = account.operator.get(&format!("/v1/events/{later}")).await.is(200);
    assert_eq!(event["deliveries"].as_array().unwrap().len(), 1, "only the other one hears it");
}

#[tokio::test]
async fn webhooks_can_be_listed_as_of_an_earlier_time() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook(URL).await;
    let first = account.operator.get(&hook.path).await.is(200);
    let then = first["created_at"].as_str().unwrap();
    clock::past(clock::parse(then)).await;
    account.operator.patch(&hook.path, json!({"description": "later"})).await.is(200);
    account.operator.delete(&hook.path).await.is(200);

    let stood = account.operator.get(&format!("/v1/webhooks?as_of={then}")).await.is(200);
    assert_eq!(stood["data"], json!([first]));
    let before = account.operator.get("/v1/webhooks?as_of=2020-01-01T00:00:00.000Z").await.is(200);
    assert_eq!(before["data"], json!([]));
    account.operator.get("/v1/webhooks?as_of=yesterday").await.refused_for(
        422,
        "invalid_field",
        "as_of",
    );
}

#[tokio::test]
async fn invalid_subscriptions_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    for wrong in [
        json!(["report.**"]),
        json!(["re port"]),
        json!([""]),
        json!(["*.created"]),
        json!("report.created"),
        json!([1]),
        json!([]),
        json!(["a".repeat(200)]),
    ] {
        let asked = json!({"webhook_url": URL, "environment": "test", "event_types": wrong});
        account.operator.post("/v1/webhooks", asked).await.refused_for(
            422,
            "invalid_field",
            "event_types",
        );
    }
}
