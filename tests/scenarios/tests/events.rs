//! Events: posted and found again.

use latchhook_scenarios::{Account, Backend, clock, json};

#[tokio::test]
async fn events_are_filtered_by_type_environment_and_time() {
    let account = Account::credentialed(&Backend::visit()).await;
    let created = account.event("report.created").await;
    let between = clock::text(clock::now());
    clock::past(clock::parse(&between)).await;
    let completed = account.event("report.completed").await;
    let live = account
        .event_with(json!({"type": "report.created", "environment": "live",
            "data": {"object": {"id": "r", "object": "report"}}}))
        .await;
    for (query, expected) in [
        (String::new(), vec![&live, &completed, &created]),
        ("type=report.created".to_owned(), vec![&live, &created]),
        ("environment=test".to_owned(), vec![&completed, &created]),
        ("environment=live&type=report.created".to_owned(), vec![&live]),
        (format!("since={between}"), vec![&live, &completed]),
        (format!("until={between}"), vec![&created]),
    ] {
        let found = account.operator.list(&format!("/v1/events?{query}")).await;
        let ids: Vec<_> = found.iter().map(|event| event["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }
}

#[tokio::test]
async fn live_events_are_refused_while_the_account_is_not_credentialed() {
    let account = Account::open(&Backend::visit()).await;
    let asked = json!({"type": "report.created", "environment": "live",
        "data": {"object": {"id": "r", "object": "report"}}});
    account.operator.post("/v1/events", asked).await.refused(403, "account_not_credentialed");
    assert!(account.operator.list("/v1/events").await.is_empty());
}
