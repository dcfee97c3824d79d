//! Log of API requests: our own, and those that the operator's API reports.

use latchhook_scenarios::{Account, Backend, Value, clock, json};

async fn logs(account: &Account, query: &str) -> Vec<Value> {
    account.operator.list(&format!("/v1/logs?{query}")).await
}

#[tokio::test]
async fn every_request_made_with_a_key_is_logged() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let caller = key.caller.with(http::header::USER_AGENT, "scenario/1.0");
    let fine = caller.get("/v1/webhooks?per_page=3").await;
    fine.is(200);
    let missing = caller.get("/v1/webhooks/wh_01arz3ndektsv4rrffq69g5fav").await;
    let refused = caller.post("/v1/api_keys", json!({})).await;
    refused.refused(403, "permission_denied");

    let path = format!("kind=api_request&api_key_id={}", key.id);
    let rows = clock::eventually("three requests are logged", || async {
        let rows = logs(&account, &path).await;
        (rows.len() >= 3).then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 3);
    let row = |answer: &latchhook_scenarios::Answer| {
        let id = answer.request_id();
        rows.iter().find(|row| row["request_id"] == id.as_str()).unwrap().clone()
    };
    let row_of_fine = row(&fine);
    for (field, value) in [
        ("object", json!("log")),
        ("kind", json!("api_request")),
        ("environment", json!("test")),
        ("api_key_id", json!(key.id)),
        ("method", json!("GET")),
        ("status", json!(200)),
        ("user_agent", json!("scenario/1.0")),
        ("error_code", Value::Null),
    ] {
        assert_eq!(row_of_fine[field], value, "{field}");
    }
    assert!(row_of_fine["path"].as_str().unwrap().starts_with("/v1/webhooks"));
    assert!(row_of_fine["duration_ms"].is_u64());
    assert!(row_of_fine["ip"].is_string(), "{row_of_fine}");
    assert_eq!(
        (&row(&missing)["status"], &row(&missing)["error_code"]),
        (&json!(404), &json!("not_found"))
    );
    let row = row(&refused);
    assert_eq!((&row["status"], &row["error_code"]), (&json!(403), &json!("permission_denied")));
}

#[tokio::test]
async fn api_requests_are_filtered_by_status_and_key() {
    let account = Account::open(&Backend::visit()).await;
    let (one, two) = (account.secret_key("test").await, account.secret_key("test").await);
    one.caller.get("/v1/webhooks").await.is(200);
    one.caller.get("/v1/api_keys").await.refused(403, "permission_denied");
    two.caller.get("/v1/webhooks").await.is(200);
    clock::eventually("three requests are logged", || async {
        (logs(&account, "kind=api_request").await.len() == 3).then_some(())
    })
    .await;
    for (query, count) in [
        (format!("kind=api_request&api_key_id={}", one.id), 2),
        (format!("kind=api_request&api_key_id={}&status=403", one.id), 1),
        ("kind=api_request&status=200".to_owned(), 2),
        ("kind=api_request&status=500".to_owned(), 0),
        ("kind=webhook_delivery".to_owned(), 0),
    ] {
        assert_eq!(logs(&account, &query).await.len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_key_sees_the_logs_of_its_own_environment() {
    let account = Account::credentialed(&Backend::visit()).await;
    let (test, live) = (account.secret_key("test").await, account.secret_key("live").await);
    test.caller.get("/v1/webhooks").await.is(200);
    live.caller.get("/v1/webhooks").await.is(200);
    for (key, environment) in [(&test, "test"), (&live, "live")] {
        let rows = clock::eventually("its own requests are logged", || async {
            let rows = key.caller.list("/v1/logs?kind=api_request").await;
            (!rows.is_empty()).then_some(rows)
        })
        .await;
        assert!(rows.iter().all(|row| row["environment"] == environment), "{rows:?}");
    }
}

#[tokio::test]
async fn the_operators_own_api_reports_its_requests() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let now = clock::text(clock::now());
    let reported = json!({"request_logs": [
        {"environment": "test", "method": "POST", "path": "/v1/candidates", "status": 201,
            "api_key_id": key.id, "duration_ms": 31, "ip": "203.0.113.7",
            "user_agent": "curl/8.5.0", "created_at": now},
        {"environment": "live", "method": "GET", "path": "/v1/reports", "status": 404},
    ]});
    let answer = account.operator.post("/v1/request_logs", reported).await.is(202);
    assert_eq!(answer["count"], 2);
    let rows = clock::eventually("both are logged", || async {
        let rows = logs(&account, "kind=api_request").await;
        (rows.len() == 2).then_some(rows)
    })
    .await;
    let posted = rows.iter().find(|row| row["method"] == "POST").unwrap();
    for (field, value) in [
        ("path", json!("/v1/candidates")),
        ("status", json!(201)),
        ("api_key_id", json!(key.id)),
        ("duration_ms", json!(31)),
        ("ip", json!("203.0.113.7")),
        ("user_agent", json!("curl/8.5.0")),
        ("created_at", json!(now)),
    ] {
        assert_eq!(posted[field], value, "{field}");
    }
    let got = rows.iter().find(|row| row["method"] == "GET").unwrap();
    assert_eq!((&got["environment"], &got["api_key_id"]), (&json!("live"), &Value::Null));
}

#[tokio::test]
async fn a_report_is_stored_completely_or_not_at_all() {
    let account = Account::open(&Backend::visit()).await;
    let fine = json!({"environment": "test", "method": "GET", "path": "/", "status": 200});
    let broken = json!({"environment": "test", "method": "GET", "path": "/", "status": "ok"});
    let answer =
        account.operator.post("/v1/request_logs", json!({"request_logs": [fine, broken]})).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let many = vec![fine.clone(); 501];
    let answer = account.operator.post("/v1/request_logs", json!({"request_logs": many})).await;
    answer.refused_for(422, "invalid_field", "request_logs");
    let most = vec![fine; 500];
    let taken = account.operator.post("/v1/request_logs", json!({"request_logs": most})).await;
    assert_eq!(taken.is(202)["count"], 500);
    clock::eventually("500 rows are logged, and none of what was refused", || async {
        (logs(&account, "kind=api_request&per_page=100").await.len() == 500).then_some(())
    })
    .await;
}
