//! Verification of a customer's key, as the operator's own API does it.

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Settings, Value, clock, json};

async fn verify(account: &Account, asked: Value) -> Value {
    account.operator.post("/v1/api_keys/verify", asked).await.is(200)
}

/// Answer that contains nothing but its code.
fn invalid(code: &str) -> Value {
    json!({
        "object": "verification",
        "valid": false,
        "code": code,
        "account_id": null,
        "account_external_id": null,
        "key_id": null,
        "environment": null,
        "type": null,
        "expires_at": null,
        "name": null,
        "scopes": null,
        "metadata": null,
        "rate_limit": null,
        "missing_scopes": null,
    })
}

#[tokio::test]
async fn a_valid_key_names_its_account() {
    let operator = Backend::visit().operator();
    let external_id = format!("verified-{}", clock::now().as_millisecond());
    let asked = json!({"name": "Ada", "external_id": external_id});
    let opened = operator.post("/v1/accounts", asked).await.is(201);
    let id = opened["id"].as_str().unwrap().to_owned();
    let account = Account { operator: operator.acting_on(&id), id };
    let tomorrow = clock::text(clock::later(clock::now(), Duration::from_hours(24)));
    let asked = json!({"type": "secret", "environment": "test", "expires_at": tomorrow});
    let key = account.key(asked).await;
    // The key's account does not depend on the account that the operator acts on.
    let mut verified = operator.post("/v1/api_keys/verify", json!({"key": key.key})).await.is(200);
    let rate_limit = verified["rate_limit"].take();
    assert_eq!((&rate_limit["limit"], &rate_limit["remaining"]), (&json!(1200), &json!(1199)));
    assert!(rate_limit["reset"].as_i64().unwrap() >= clock::now().as_second(), "{rate_limit}");
    assert_eq!(
        verified,
        json!({
            "object": "verification",
            "valid": true,
            "code": "valid",
            "account_id": account.id,
            "account_external_id": external_id,
            "key_id": key.id,
            "environment": "test",
            "type": "secret",
            "expires_at": tomorrow,
            "name": null,
            "scopes": null,
            "metadata": {},
            "rate_limit": null,
            "missing_scopes": null,
        })
    );
}

#[tokio::test]
async fn an_unknown_key_is_not_found() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await.key;
    let flipped = if key.ends_with('a') { "b" } else { "a" };
    for wrong in [
        String::new(),
        "x".to_owned(),
        key[..key.len() - 1].to_owned(),
        format!("{key}a"),
        format!("{}{flipped}", &key[..key.len() - 1]),
        format!(" {key}"),
        key.to_uppercase(),
        "lh_sk_test_00000000000000000000000000000000000000".to_owned(),
        "sk_test_é".repeat(30),
    ] {
        assert_eq!(verify(&account, json!({"key": wrong})).await, invalid("not_found"), "{wrong}");
    }
}

#[tokio::test]
async fn a_key_of_another_environment_or_type_reveals_nothing_more() {
    let account = Account::credentialed(&Backend::visit()).await;
    let test = account.secret_key("test").await.key;
    let live = account.key(json!({"type": "publishable", "environment": "live"})).await.key;
    for (key, asked, code) in [
        (&test, json!({"environment": "live"}), "wrong_environment"),
        (&live, json!({"environment": "test"}), "wrong_environment"),
        (&test, json!({"type": "publishable"}), "wrong_type"),
        (&live, json!({"type": "secret"}), "wrong_type"),
    ] {
        let mut asked = asked;
        asked["key"] = json!(key);
        assert_eq!(verify(&account, asked).await, invalid(code));
    }
    let asked = json!({"key": live, "environment": "live", "type": "publishable"});
    assert_eq!(verify(&account, asked).await["code"], "valid");
}

#[tokio::test]
async fn expired_keys_stop_verifying_at_the_instant() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let path = format!("/v1/api_keys/{}/expire", key.id);
    let at = clock::later(clock::now(), Duration::from_millis(600));
    account.operator.post(&path, json!({"expires_at": clock::text(at)})).await.is(200);
    assert_eq!(verify(&account, json!({"key": key.key})).await["code"], "valid");
    clock::past(at).await;
    assert_eq!(verify(&account, json!({"key": key.key})).await, invalid("expired"));
}

#[tokio::test]
async fn live_keys_stop_while_the_account_is_not_credentialed() {
    let account = Account::credentialed(&Backend::visit()).await;
    let (live, test) = (account.secret_key("live").await, account.secret_key("test").await);
    account.update(json!({"credentialed": false})).await;
    let verified = verify(&account, json!({"key": live.key})).await;
    assert_eq!(verified, invalid("account_not_credentialed"));
    live.caller.get("/v1/account").await.refused(403, "account_not_credentialed");
    assert_eq!(verify(&account, json!({"key": test.key})).await["code"], "valid");
    account.update(json!({"credentialed": true})).await;
    assert_eq!(verify(&account, json!({"key": live.key})).await["code"], "valid");
    live.caller.get("/v1/account").await.is(200);
}

#[tokio::test]
async fn keys_of_a_closed_account_are_not_found() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await.key;
    account.operator.delete(&format!("/v1/accounts/{}", account.id)).await.is(200);
    assert_eq!(verify(&account, json!({"key": key})).await, invalid("account_closed"));
}

#[tokio::test]
async fn verifications_count_against_the_keys_rate_limit() {
    // A token a second comes back, so that no machine is too slow to use them up.
    let settings = Settings::default().with("LATCHHOOK_RATE_LIMIT", "60");
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let (key, other) = (account.secret_key("test").await, account.secret_key("test").await);
    let mut limited = false;
    for _ in 0..12 {
        let asking = (0..20).map(|_| verify(&account, json!({"key": key.key})));
        let answers = futures_util::future::join_all(asking).await;
        if let Some(answer) = answers.iter().find(|answer| answer["valid"] == false) {
            assert_eq!(*answer, invalid("rate_limited"));
            limited = true;
            break;
        }
    }
    assert!(limited, "240 verifications were never limited");
    key.caller.get("/v1/account").await.refused(429, "rate_limited");
    assert_eq!(verify(&account, json!({"key": other.key})).await["code"], "valid");
}

#[tokio::test]
async fn a_reported_request_becomes_a_row_of_the_api_log() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let request = json!({
        "method": "GET", "path": "/v1/reports/42", "status": 200, "duration_ms": 12,
        "ip": "203.0.113.9", "user_agent": "curl/8.5.0",
    });
    verify(&account, json!({"key": key.key, "request": request})).await;
    let row = clock::eventually("the request is logged", || async {
        let path = format!("/v1/logs?kind=api_request&api_key_id={}", key.id);
        let rows = account.operator.list(&path).await;
        rows.into_iter().find(|row| row["path"] == "/v1/reports/42")
    })
    .await;
    for (field, value) in request.as_object().unwrap() {
        assert_eq!(&row[field], value, "{field}");
    }
    assert_eq!((&row["kind"], &row["environment"]), (&json!("api_request"), &json!("test")));
    assert_eq!((&row["object"], &row["error_code"]), (&json!("log"), &Value::Null));
}

#[tokio::test]
async fn only_the_operator_verifies() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let asked = json!({"key": key.key});
    key.caller.post("/v1/api_keys/verify", asked.clone()).await.refused(403, "permission_denied");
    let nobody = account.operator.backend().nobody();
    nobody.post("/v1/api_keys/verify", asked).await.refused(401, "bad_authentication");
    account.operator.post("/v1/api_keys/verify", json!({})).await.refused_for(
        422,
        "missing_field",
        "key",
    );
}
