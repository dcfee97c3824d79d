//! History of an account's settings.

use latchhook_scenarios::{Account, Answer, Backend, Value, clock, json};

async fn history(account: &Account, query: &str) -> Vec<Value> {
    account.operator.list(&format!("/v1/audit_events?per_page=100&{query}")).await
}

#[tokio::test]
async fn every_change_is_listed_newest_first_with_actor_and_request() {
    let account = Account::open(&Backend::visit()).await;
    let operator = &account.operator;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let rename = operator.patch(&hook.path, json!({"description": "renamed"})).await;
    operator.patch(&hook.path, json!({"webhook_url": "https://127.0.0.1:9/2"})).await.is(200);
    operator.patch(&hook.path, json!({"status": "disabled"})).await.is(200);
    operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    operator.post(&format!("{}/rotate_secret", hook.path), json!({})).await.is(200);
    operator.post_nothing(&format!("{}/reveal_secret", hook.path)).await.is(200);
    operator.delete(&hook.path).await.is(200);

    let told = history(&account, &format!("subject={}", hook.id)).await;
    let types: Vec<_> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        types,
        [
            "webhook.deleted",
            "webhook.secret_revealed",
            "webhook.secret_rotated",
            "webhook.enabled",
            "webhook.disabled",
            "webhook.url_changed",
            "webhook.updated",
            "webhook.created",
        ]
    );
    for event in &told {
        let mut fields: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            ["actor", "created_at", "data", "id", "ip", "object", "request_id", "subject", "type"]
        );
        assert_eq!(event["object"], "audit_event");
        assert_eq!(event["subject"], hook.id.as_str());
        assert_eq!(event["actor"]["type"], "operator");
        assert!(event["ip"].is_string(), "{event}");
        clock::parse(event["created_at"].as_str().unwrap());
    }
    assert_eq!(told[6]["request_id"], rename.request_id());
    assert!(told[6]["data"].to_string().contains("renamed"), "{}", told[6]);
}

#[tokio::test]
async fn a_command_without_effect_is_not_listed() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let before = history(&account, "").await.len();
    account.operator.patch(&hook.path, json!({})).await.is(200);
    account.operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    account.update(json!({"name": "Crabapple & Søns"})).await;
    account.operator.get(&hook.path).await.is(200);
    assert_eq!(history(&account, "").await.len(), before);
}

#[tokio::test]
async fn every_kind_of_actor_is_distinguished() {
    let backend = Backend::visit();
    let account = Account::with_quota(&backend, 5).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let person = backend.nobody().bearer(session["token"].as_str().unwrap());
    let key = account.secret_key("test").await;
    let create =
        |n: u32| json!({"webhook_url": format!("https://127.0.0.1:9/{n}"), "environment": "test"});
    let by_operator = account.operator.post("/v1/webhooks", create(1)).await;
    let by_person = person.post("/v1/webhooks", create(2)).await;
    let by_key = key.caller.post("/v1/webhooks", create(3)).await;

    let actor = |answer: Answer| {
        let account = account.clone();
        async move {
            let id = answer.is(201)["id"].as_str().unwrap().to_owned();
            let event = history(&account, &format!("subject={id}")).await.remove(0);
            assert_eq!(event["request_id"], answer.request_id());
            event["actor"].clone()
        }
    };
    assert_eq!(actor(by_operator).await["type"], "operator");
    assert_eq!(actor(by_person).await, json!({"type": "portal_session", "id": session["id"]}));
    assert_eq!(actor(by_key).await, json!({"type": "api_key", "id": key.id}));
}

#[tokio::test]
async fn changes_of_accounts_and_keys_are_listed_too() {
    let account = Account::credentialed(&Backend::visit()).await;
    account.update(json!({"name": "New", "credentialed": false, "webhook_quota": 9})).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}", key.id);
    account.operator.post_nothing(&format!("{path}/reveal")).await.is(200);
    account.operator.post(&format!("{path}/expire"), json!({})).await.is(200);
    let types = |events: Vec<Value>| -> Vec<String> {
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    };
    let of_account = types(history(&account, &format!("subject={}", account.id)).await);
    assert_eq!(
        of_account,
        [
            "account.webhook_quota_changed",
            "account.credential_withdrawn",
            "account.renamed",
            "account.credentialed",
            "account.opened",
        ]
    );
    let of_key = types(history(&account, &format!("subject={}", key.id)).await);
    assert_eq!(of_key, ["api_key.expiry_set", "api_key.revealed", "api_key.created"]);
}

#[tokio::test]
async fn the_history_is_filtered_by_type_and_time() {
    let account = Account::open(&Backend::visit()).await;
    account.webhook("https://127.0.0.1:9/1").await;
    let between = clock::text(clock::now());
    clock::past(clock::parse(&between)).await;
    let second = account.webhook("https://127.0.0.1:9/2").await;
    account.secret_key("test").await;
    let created = history(&account, "type=webhook.created").await;
    assert_eq!(created.len(), 2);
    let later = history(&account, &format!("type=webhook.created&since={between}")).await;
    assert_eq!(later.len(), 1);
    assert_eq!(later[0]["subject"], second.id.as_str());
    let earlier = history(&account, &format!("until={between}")).await;
    assert!(earlier.iter().all(|event| event["subject"] != second.id.as_str()));
    assert_eq!(earlier.len() + 2, history(&account, "").await.len());
    assert!(history(&account, "type=webhook.deleted").await.is_empty());
}

#[tokio::test]
async fn the_history_shows_no_secret() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let password = "correct-horse-battery";
    let hook = account.webhook(&format!("https://user:{password}@127.0.0.1:9/")).await;
    account.operator.post(&format!("{}/rotate_secret", hook.path), json!({})).await.is(200);
    let told = json!(history(&account, "").await).to_string();
    for secret in [key.key.as_str(), &hook.secret, "whsec_", password] {
        assert!(!told.contains(secret), "the history shows a secret");
    }
}

#[tokio::test]
async fn a_secret_key_sees_the_history_of_its_environment_only() {
    let account = Account::credentialed(&Backend::visit()).await;
    let live = account
        .webhook_with(json!({"webhook_url": "https://127.0.0.1:9/", "environment": "live"}))
        .await;
    let test = account.webhook("https://127.0.0.1:9/").await;
    let key = account.secret_key("test").await;
    let seen = key.caller.list("/v1/audit_events?per_page=100").await;
    assert!(seen.iter().any(|event| event["subject"] == test.id.as_str()));
    assert!(seen.iter().all(|event| event["subject"] != live.id.as_str()));
}
