//! Searches and counts: where report X is, and how many attempts there were.

use latchhook_scenarios::{Account, Backend, Receiver, Reply, Value, clock, json};

async fn posted_about(account: &Account, object: &str) -> String {
    account
        .event_with(json!({
            "type": "report.completed",
            "environment": "test",
            "data": { "object": { "id": object, "object": "report" } },
        }))
        .await
}

fn fields(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn deliveries_and_events_are_found_by_the_object_that_they_are_about() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let mut events = Vec::new();
    for object in ["rep_1", "rep_2", "rep_1"] {
        let event = posted_about(&account, object).await;
        account.delivery_at("delivered", &event, &hook).await;
        events.push(event);
    }
    let about = [events[2].clone(), events[0].clone()];
    let rows = account.operator.list("/v1/logs?object_id=rep_1&per_page=1").await;
    assert_eq!(fields(&rows, "event_id"), about);
    assert_eq!(fields(&rows, "object_id"), ["rep_1", "rep_1"]);
    assert_eq!(fields(&account.operator.list("/v1/events?object_id=rep_1").await, "id"), about);
    let oldest_first = account.operator.list("/v1/events?order=asc&per_page=2").await;
    assert_eq!(fields(&oldest_first, "id"), events);
    let delivered = format!("/v1/events?status=delivered&webhook_id={}", hook.id);
    assert_eq!(account.operator.list(&delivered).await.len(), 3);
    assert!(account.operator.list("/v1/events?status=exhausted").await.is_empty());
    assert!(account.operator.list("/v1/logs?object_id=rep_3").await.is_empty());
}

#[tokio::test]
async fn requests_are_found_by_what_is_known_of_them() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let answer = key.caller.get("/v1/webhooks").await;
    answer.is(200);
    let request = |method: &str, path: &str, status: u16, ip: &str, id: &str| {
        json!({ "environment": "test", "method": method, "path": path, "status": status, "ip": ip,
            "request_id": id })
    };
    let reported = json!({ "request_logs": [
        request("GET", "/own/reports/1", 404, "203.0.113.7", "trace-1"),
        request("POST", "/own/reports", 201, "198.51.100.1", "trace-2"),
    ] });
    account.operator.post("/v1/request_logs", reported).await.is(202);
    let ours = answer.request_id();
    for (filters, count) in [
        ("status=4xx".to_owned(), 1),
        ("status=2xx".to_owned(), 2),
        ("method=POST".to_owned(), 1),
        ("path=/own/".to_owned(), 2),
        ("path=/own/reports/".to_owned(), 1),
        ("ip=203.0.113.0/24".to_owned(), 1),
        ("request_id=trace-2".to_owned(), 1),
        (format!("request_id={ours}"), 1),
        ("request_id=trace".to_owned(), 0),
    ] {
        let path = format!("/v1/logs?kind=api_request&{filters}");
        let found = || async {
            let rows = account.operator.list(&path).await;
            (rows.len() == count).then_some(())
        };
        clock::eventually(&format!("{filters} finds {count}"), found).await;
    }
}

#[tokio::test]
async fn the_statistics_have_as_many_attempts_as_the_log() {
    let account = Account::open(&Backend::visit()).await;
    let began = clock::text(clock::now());
    let receiver = Receiver::first(1, Reply::status(500)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = posted_about(&account, "rep_1").await;
    account.delivery_at("delivered", &event, &hook).await;
    let until = clock::text(clock::now() + std::time::Duration::from_mins(1));
    let path = format!("/v1/delivery_stats?since={began}&until={until}&buckets=1");
    // On AWS a function writes counts when it ends.
    clock::eventually("both attempts are counted", || async {
        let stats = account.operator.get(&path).await.is(200);
        let bucket = &stats["buckets"][0];
        let counted = ["attempts", "succeeded", "retrying", "failed"].map(|name| &bucket[name]);
        (counted == [&json!(2), &json!(1), &json!(1), &json!(0)]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_portal_session_does_what_its_capabilities_allow() {
    let account = Account::open(&Backend::visit()).await;
    let terms = json!({ "capabilities": ["logs:read"], "actor": { "id": "user_7" } });
    let session = account.operator.post("/v1/portal_sessions", terms).await.is(201);
    let token = session["token"].as_str().unwrap();
    let person = account.operator.backend().nobody().bearer(token);
    person.get("/v1/logs").await.is(200);
    person.get("/v1/account").await.is(200);
    person.get("/v1/webhooks").await.refused(403, "permission_denied");
    let asked = json!({ "type": "secret", "environment": "test" });
    person.post("/v1/api_keys", asked).await.refused(403, "permission_denied");
    let row = format!("/v1/portal_sessions/{}", session["id"].as_str().unwrap());
    let row = account.operator.get(&row).await.is(200);
    assert_eq!(
        (&row["capabilities"], &row["actor"]["id"]),
        (&json!(["logs:read"]), &json!("user_7"))
    );
}
