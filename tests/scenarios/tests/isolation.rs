//! Isolation: another account's objects are not found, nor those of the other environment by a key.

use latchhook_scenarios::{Account, Backend, Caller, Receiver, Value, json};

/// One of everything that an account can have.
struct Belongings {
    hook: String,
    event: String,
    key: String,
    log: String,
}

async fn belongings(account: &Account) -> Belongings {
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let key = account.secret_key("test").await;
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    let log = account.attempts(&event, 1).await.remove(0);
    Belongings {
        hook: hook.id,
        event,
        key: key.id,
        log: log["id"].as_str().unwrap_or_default().to_owned(),
    }
}

async fn finds_nothing(caller: &Caller, theirs: &Belongings) {
    let Belongings { hook, event, key, .. } = theirs;
    for path in [format!("/v1/webhooks/{hook}"), format!("/v1/events/{event}")] {
        caller.get(&path).await.refused(404, "not_found");
    }
    let path = format!("/v1/webhooks/{hook}");
    caller.patch(&path, json!({"description": "x"})).await.refused(404, "not_found");
    caller.delete(&path).await.refused(404, "not_found");
    for verb in ["reveal_secret", "rotate_secret", "ping"] {
        let path = format!("/v1/webhooks/{hook}/{verb}");
        caller.post(&path, json!({})).await.refused(404, "not_found");
    }
    let since = json!({"since": "2020-01-01T00:00:00.000Z"});
    let recover = format!("/v1/webhooks/{hook}/recover");
    caller.post(&recover, since).await.refused(404, "not_found");
    let resend = format!("/v1/events/{event}/resend");
    caller.post(&resend, json!({"webhook_id": hook})).await.refused(404, "not_found");
    for list in [
        "/v1/webhooks".to_owned(),
        "/v1/events".to_owned(),
        "/v1/logs?kind=webhook_delivery".to_owned(),
        format!("/v1/logs?webhook_id={hook}"),
        format!("/v1/logs?event_id={event}"),
        format!("/v1/logs?api_key_id={key}"),
    ] {
        let rows = caller.list(&list).await;
        let own = |row: &Value| {
            let text = row.to_string();
            !text.contains(hook) && !text.contains(event) && !text.contains(&theirs.log)
        };
        assert!(rows.iter().all(own), "{list}: {rows:?}");
    }
}

#[tokio::test]
async fn another_accounts_objects_are_not_found_by_any_caller() {
    let backend = Backend::visit();
    let (mine, theirs) = (Account::credentialed(&backend).await, Account::open(&backend).await);
    let belongings = belongings(&theirs).await;
    let session = mine.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let person = backend.nobody().bearer(session["token"].as_str().unwrap());
    let key = mine.secret_key("test").await;

    for caller in [&mine.operator, &person, &key.caller] {
        finds_nothing(caller, &belongings).await;
    }
    for caller in [&mine.operator, &person] {
        let path = format!("/v1/api_keys/{}", belongings.key);
        caller.get(&path).await.refused(404, "not_found");
        for verb in ["reveal", "expire", "roll"] {
            caller.post(&format!("{path}/{verb}"), json!({})).await.refused(404, "not_found");
        }
        let path = format!("/v1/audit_events?subject={}", belongings.hook);
        assert_eq!(caller.list(&path).await, Vec::<Value>::new());
    }
    // The objects are unchanged.
    let path = format!("/v1/webhooks/{}", belongings.hook);
    let hook = theirs.operator.get(&path).await.is(200);
    assert_eq!((&hook["description"], &hook["status"]), (&Value::Null, &json!("enabled")));
    let key = theirs.operator.get(&format!("/v1/api_keys/{}", belongings.key)).await.is(200);
    assert_eq!(key["status"], "active");
}

#[tokio::test]
async fn the_other_environments_objects_are_not_found_by_a_key() {
    let account = Account::credentialed(&Backend::visit()).await;
    let belongings = belongings(&account).await;
    let live = account.secret_key("live").await;
    finds_nothing(&live.caller, &belongings).await;
    for list in ["/v1/webhooks", "/v1/events", "/v1/logs"] {
        live.caller
            .get(&format!("{list}?environment=test"))
            .await
            .refused(403, "wrong_environment");
    }
}

#[tokio::test]
async fn an_identifier_of_another_kind_or_spelling_is_not_found() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let event = account.event("report.completed").await;
    for id in
        [&event, &hook.id.to_uppercase(), &hook.id.replace("wh_", ""), "wh_", "%20", "..", "*"]
    {
        account.operator.get(&format!("/v1/webhooks/{id}")).await.refused(404, "not_found");
    }
}
