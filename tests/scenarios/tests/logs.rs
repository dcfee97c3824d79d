//! Logs of deliveries.

use latchhook_scenarios::{Account, Backend, Receiver, Reply, Value, clock, json};

async fn logs(account: &Account, query: &str) -> Vec<Value> {
    account.operator.list(&format!("/v1/logs?{query}")).await
}

#[tokio::test]
async fn an_attempt_is_logged_with_its_request_and_response() {
    let account = Account::open(&Backend::visit()).await;
    let receiver =
        Receiver::always(Reply::ok().header("x-served-by", "crab-7").body("thank you")).await;
    let hook = account.webhook(&receiver.url("/in")).await;
    let event = account.event("report.completed").await;
    let delivery = receiver.next().await;
    let row = account.attempts(&event, 1).await.remove(0);
    clock::parse(row["created_at"].as_str().unwrap());
    assert!(row["id"].as_str().unwrap().starts_with("log_"));
    assert!(row["duration_ms"].is_u64());
    for (field, value) in [
        ("object", json!("log")),
        ("kind", json!("webhook_delivery")),
        ("environment", json!("test")),
        ("event_id", json!(event)),
        ("event_type", json!("report.completed")),
        ("webhook_id", json!(hook.id)),
        ("webhook_url", json!(receiver.url("/in"))),
        ("attempt", json!(1)),
        ("trigger", json!("schedule")),
        ("status", json!("succeeded")),
        ("response_status", json!(200)),
        ("error", Value::Null),
        ("next_attempt_at", Value::Null),
    ] {
        assert_eq!(row[field], value, "{field}");
    }
    assert_eq!(body_of(&row), delivery.text());
    let sent = &row["request"]["headers"];
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"] {
        assert_eq!(header(sent, name), Some(delivery.header(name).to_owned()), "{name}");
    }
    assert_eq!(header(&row["response"]["headers"], "x-served-by").as_deref(), Some("crab-7"));
    assert_eq!(row["response"]["body_excerpt"], "thank you");
}

#[tokio::test]
async fn a_failed_attempt_says_why() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::first(1, Reply::status(500).body("out of crabs")).await;
    account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    let rows = account.attempts(&event, 2).await;
    let failed = &rows[1];
    assert_eq!((&failed["attempt"], &failed["status"]), (&json!(1), &json!("failed")));
    assert_eq!(
        (&failed["response_status"], &failed["error"]["code"]),
        (&json!(500), &json!("bad_status"))
    );
    assert!(!failed["error"]["message"].as_str().unwrap().is_empty());
    assert_eq!(failed["response"]["body_excerpt"], "out of crabs");
    clock::parse(failed["next_attempt_at"].as_str().unwrap());
    assert_eq!((&rows[0]["attempt"], &rows[0]["status"]), (&json!(2), &json!("succeeded")));
}

#[tokio::test]
async fn a_long_or_binary_answer_leaves_an_excerpt_of_a_kibibyte() {
    let account = Account::open(&Backend::visit()).await;
    let bodies = [vec![b'x'; 5000], "é".repeat(2000).into_bytes(), vec![0xff; 3000], vec![0; 10]];
    let replies = bodies.clone();
    let receiver =
        Receiver::with(move |request| Reply::ok().body(replies[request.index % 4].clone())).await;
    account.webhook(&receiver.url("/")).await;
    for body in &bodies {
        let event = account.event("report.completed").await;
        let row = account.attempts(&event, 1).await.remove(0);
        let excerpt = row["response"]["body_excerpt"].as_str().unwrap();
        // Bytes that are not text may be shown as replacement characters of three bytes each.
        assert!(excerpt.len() <= 3 * 1024 && excerpt.chars().count() <= 1024, "{}", excerpt.len());
        if body[0] == b'x' {
            assert_eq!(excerpt, "x".repeat(1024));
        }
    }
}

#[tokio::test]
async fn deliveries_are_filtered_by_everything_documented() {
    let account = Account::open(&Backend::visit()).await;
    let (fine, failing) = (Receiver::start().await, Receiver::always(Reply::status(500)).await);
    let fine_hook = account.webhook(&fine.url("/")).await;
    let failing_hook = account.webhook(&failing.url("/")).await;
    let created = account.event("report.created").await;
    let (_, of_created) = account.exhausted(&created, &failing_hook).await;
    let between = clock::text(clock::now());
    clock::past(clock::parse(&between)).await;
    let completed = account.event("report.completed").await;
    let (_, of_completed) = account.exhausted(&completed, &failing_hook).await;
    account.delivery_at("delivered", &completed, &fine_hook).await;
    let failed = of_created + of_completed;

    for (query, count) in [
        ("kind=webhook_delivery".to_owned(), 2 + failed),
        ("kind=webhook_delivery&status=succeeded".to_owned(), 2),
        ("kind=webhook_delivery&status=failed".to_owned(), failed),
        (format!("kind=webhook_delivery&webhook_id={}", fine_hook.id), 2),
        (format!("kind=webhook_delivery&event_id={created}"), 1 + of_created),
        ("kind=webhook_delivery&event_type=report.completed".to_owned(), 1 + of_completed),
        ("kind=webhook_delivery&environment=test".to_owned(), 2 + failed),
        ("kind=webhook_delivery&environment=live".to_owned(), 0),
        (format!("kind=webhook_delivery&since={between}"), 1 + of_completed),
        (format!("kind=webhook_delivery&until={between}"), 1 + of_created),
        (
            format!(
                "kind=webhook_delivery&webhook_id={}&status=succeeded&event_type=report.created&until={between}",
                fine_hook.id
            ),
            1,
        ),
        ("kind=webhook_delivery&event_type=report.none".to_owned(), 0),
        ("kind=webhook_delivery&webhook_id=wh_01arz3ndektsv4rrffq69g5fav".to_owned(), 0),
    ] {
        let rows = logs(&account, &format!("{query}&per_page=100")).await;
        assert_eq!(rows.len(), count, "{query}");
        let paged = logs(&account, &format!("{query}&per_page=3")).await;
        assert_eq!(paged, rows, "{query}, page by page");
    }
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    for (field, value) in [
        ("kind", "everything"),
        ("environment", "prod"),
        ("since", "yesterday"),
        ("until", "12"),
        ("webhook_id", "7"),
        ("event_id", "wh_01arz3ndektsv4rrffq69g5fav"),
        ("api_key_id", "x"),
    ] {
        account.operator.get(&format!("/v1/logs?{field}={value}")).await.refused_for(
            422,
            "invalid_field",
            field,
        );
    }
}

/// Body of a logged request, as text.
fn body_of(row: &Value) -> String {
    let body = &row["request"]["body"];
    body.as_str().map_or_else(|| body.to_string(), ToOwned::to_owned)
}

/// Header of a log row, whether headers are an object or a list of pairs.
fn header(headers: &Value, name: &str) -> Option<String> {
    if let Some(value) = headers.get(name) {
        return value.as_str().map(ToOwned::to_owned);
    }
    let pairs = headers.as_array()?.iter();
    let mut found = pairs.filter(|pair| pair[0] == name || pair["name"] == name);
    let pair = found.next()?;
    pair[1].as_str().or_else(|| pair["value"].as_str()).map(ToOwned::to_owned)
}
