//! Portal sessions: a customer's person in the dashboard.

use latchhook_scenarios::{Account, Backend, Caller, Need, Settings, Value, clock, json};

#[tokio::test]
async fn a_session_lasts_an_hour_unless_asked_otherwise() {
    let account = Account::open(&Backend::visit()).await;
    let before = clock::now();
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    assert_eq!(session["object"], "portal_session");
    assert!(session["id"].as_str().unwrap().starts_with("ps_"));
    assert!((3600..3700).contains(&lasts(before, &session)), "{session}");

    let asked = json!({"expires_in": 86400});
    let before = clock::now();
    let session = account.operator.post("/v1/portal_sessions", asked).await.is(201);
    assert!((86400..86500).contains(&lasts(before, &session)), "{session}");
}

#[tokio::test]
async fn a_session_of_less_than_a_minute_or_more_than_a_day_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    for expires_in in [json!(59), json!(86401), json!(0), json!(-60), json!("1h"), json!(90.5)] {
        account
            .operator
            .post("/v1/portal_sessions", json!({"expires_in": expires_in}))
            .await
            .refused_for(422, "invalid_field", "expires_in");
    }
}

#[tokio::test]
async fn the_url_signs_in_without_showing_the_token() {
    let account = Account::open(&Backend::visit()).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let (url, token) = (session["url"].as_str().unwrap(), session["token"].as_str().unwrap());
    assert!(url.contains("/dashboard"), "{url}");
    assert!(!url.contains(token), "the URL shows the token");
}

#[tokio::test]
async fn the_pages_lookup_of_a_code_is_not_public() {
    let account = Account::open(&Backend::visit()).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let code = session["url"].as_str().unwrap().split_once("code=").unwrap().1;
    let body = json!({ "code": code });
    account.operator.post("/page/sign_in_code", body).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_portal_session_manages_its_account_in_both_environments() {
    let account = Account::credentialed(&Backend::visit()).await;
    let person = person(&account).await;

    for environment in ["test", "live"] {
        let asked = json!({"type": "secret", "environment": environment});
        let key = person.post("/v1/api_keys", asked).await.is(201);
        let reveal = format!("/v1/api_keys/{}/reveal", key["id"].as_str().unwrap());
        assert_eq!(person.post_nothing(&reveal).await.is(200)["key"], key["key"]);

        let url = format!("https://127.0.0.1:9/{environment}");
        let asked = json!({"webhook_url": url, "environment": environment});
        let hook = person.post("/v1/webhooks", asked).await.is(201);
        let path = hook["uri"].as_str().unwrap();
        assert_eq!(person.get(path).await.is(200)["environment"], environment);
    }
    person.get("/v1/logs").await.is(200);
    person.get("/v1/audit_events").await.is(200);
}

#[tokio::test]
async fn a_portal_session_has_no_operator_rights() {
    let account = Account::open(&Backend::visit()).await;
    let (person, key) = (person(&account).await, account.secret_key("test").await);
    let object = json!({"id": "r", "object": "report"});
    for (path, body) in [
        ("/v1/accounts", json!({"name": "x"})),
        ("/v1/api_keys/verify", json!({"key": key.key})),
        ("/v1/events", json!({"type": "a.b", "environment": "test", "data": {"object": object}})),
        ("/v1/request_logs", json!({"request_logs": []})),
    ] {
        person.post(path, body.clone()).await.refused(403, "permission_denied");
        key.caller.post(path, body).await.refused(403, "permission_denied");
    }
    person.put("/v1/event_types/a.b", json!({})).await.refused(403, "permission_denied");
    person.delete("/v1/event_types/a.b").await.refused(403, "permission_denied");
}

#[tokio::test]
async fn a_session_of_one_account_cannot_act_on_another() {
    let backend = Backend::visit();
    let (mine, theirs) = (Account::open(&backend).await, Account::open(&backend).await);
    let person = person(&mine).await.acting_on(&theirs.id);
    // Only the operator may use the header; for others it must not change the account.
    let answer = person.get("/v1/account").await;
    if answer.status == 200 {
        assert_eq!(answer.json()["id"], mine.id.as_str());
    } else {
        answer.refused(403, "permission_denied");
    }
}

#[tokio::test]
async fn a_session_that_is_ended_is_listed_and_opens_nothing_even_after_a_restart() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let person = backend.nobody().bearer(session["token"].as_str().unwrap());
    let path = format!("/v1/portal_sessions/{}", session["id"].as_str().unwrap());
    person.get("/v1/account").await.is(200);
    let ended = person.delete(&path).await.is(200);
    person.get("/v1/account").await.refused(401, "bad_authentication");
    backend.kill();
    backend.restart().await;
    person.get("/v1/account").await.refused(401, "bad_authentication");
    let code = session["url"].as_str().unwrap().split_once("code=").unwrap().1;
    let redeem = backend.nobody().post("/v1/portal_sessions/redeem", json!({"code": code})).await;
    redeem.refused(401, "bad_authentication");
    assert_eq!(account.operator.list("/v1/portal_sessions").await, [ended]);
}

#[tokio::test]
async fn a_token_that_was_never_issued_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let token = session["token"].as_str().unwrap();
    let nobody = account.operator.backend().nobody();
    let id = session["id"].as_str().unwrap();
    for wrong in [&token[..token.len() - 1], &format!("{token}x"), id] {
        nobody.bearer(wrong).get("/v1/account").await.refused(401, "bad_authentication");
    }
}

async fn person(account: &Account) -> Caller {
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    account.operator.backend().nobody().bearer(session["token"].as_str().unwrap_or_default())
}

/// Lifetime in seconds of a session that was opened at `opened`.
fn lasts(opened: clock::Timestamp, session: &Value) -> i64 {
    let expires_at = clock::parse(session["expires_at"].as_str().unwrap_or_default());
    opened.duration_until(expires_at).as_secs()
}
