//! Pagination of lists.

use std::collections::HashSet;

use latchhook_scenarios::{Account, Backend, Receiver, Value, json};

/// Identifiers of the items.
fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Opens an account with seven of everything that has a list.
async fn account_with_seven() -> Account {
    let account = Account::with_quota(&Backend::visit(), 10).await;
    let receiver = Receiver::start().await;
    for n in 0..7 {
        account.secret_key("test").await;
        account.webhook(&receiver.url(&format!("/{n}"))).await;
    }
    for _ in 0..7 {
        account.event("report.completed").await;
    }
    receiver.first_of(49).await;
    latchhook_scenarios::clock::eventually("49 attempts are logged", || async {
        let rows = account.operator.list("/v1/logs?kind=webhook_delivery&per_page=100").await;
        (rows.len() == 49).then_some(())
    })
    .await;
    account
}

#[tokio::test]
async fn every_list_is_complete_and_newest_first_at_any_page_size() {
    let account = account_with_seven().await;
    let operator = &account.operator;
    for (path, count) in [
        ("/v1/api_keys?", Some(7)),
        ("/v1/webhooks?", Some(7)),
        ("/v1/events?", None),
        ("/v1/logs?kind=webhook_delivery&", None),
        ("/v1/audit_events?", None),
    ] {
        let first = operator.get(path.trim_end_matches(['?', '&'])).await.is(200);
        assert_eq!(first["count"].as_u64(), count, "{path}");
        let whole = ids(&operator.list(&format!("{path}per_page=100")).await);
        assert!(whole.len() >= 7, "{path}");
        assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len(), "{path} repeats");
        let mut sorted = whole.clone();
        sorted.sort();
        sorted.reverse();
        assert_eq!(whole, sorted, "{path}: newest first");
        for per_page in [1, 2, 3, 7] {
            let path = format!("{path}per_page={per_page}");
            let page = operator.get(&path).await.is(200);
            assert_eq!(page["data"].as_array().unwrap().len(), per_page, "{path}");
            assert_eq!(ids(&operator.list(&path).await), whole, "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_has_25_items_unless_asked_otherwise_and_the_last_page_says_so() {
    let account = Account::open(&Backend::visit()).await;
    let events = futures_util::future::join_all((0..30).map(|_| account.event("a.b"))).await;
    let first = account.operator.get("/v1/events").await.is(200);
    assert_eq!(first["data"].as_array().unwrap().len(), 25);
    let next = first["next_href"].as_str().unwrap();
    assert!(next.starts_with("/v1/events?") && next.contains("cursor="), "{next}");
    let second = account.operator.get(next).await.is(200);
    assert_eq!(second["data"].as_array().unwrap().len(), 5);
    assert_eq!(second["next_href"], Value::Null);
    let seen = account.operator.list("/v1/events").await;
    let posted: HashSet<_> = events.into_iter().collect();
    assert_eq!(ids(&seen).into_iter().collect::<HashSet<_>>(), posted);
}

#[tokio::test]
async fn the_list_of_accounts_is_complete_too() {
    let backend = Backend::visit();
    let mut opened = Vec::new();
    for _ in 0..5 {
        opened.push(Account::open(&backend).await.id);
    }
    let operator = backend.operator();
    let listed: HashSet<_> =
        ids(&operator.list("/v1/accounts?per_page=2").await).into_iter().collect();
    assert!(opened.iter().all(|id| listed.contains(id)));
}

#[tokio::test]
async fn items_added_while_paging_cause_no_repeats_or_gaps() {
    let account = Account::open(&Backend::visit()).await;
    for _ in 0..6 {
        account.event("a.b").await;
    }
    let before = ids(&account.operator.list("/v1/events").await);
    let first = account.operator.get("/v1/events?per_page=3").await.is(200);
    account.event("a.b").await;
    let rest = account.operator.list(first["next_href"].as_str().unwrap()).await;
    let mut seen = ids(first["data"].as_array().unwrap());
    seen.extend(ids(&rest));
    assert_eq!(seen, before);
}

#[tokio::test]
async fn an_empty_list_has_no_items() {
    let account = Account::open(&Backend::visit()).await;
    for (path, count) in [
        ("/v1/api_keys", json!(0)),
        ("/v1/webhooks", json!(0)),
        ("/v1/events", Value::Null),
        ("/v1/logs", Value::Null),
    ] {
        assert_eq!(
            account.operator.get(path).await.is(200),
            json!({"object": "list", "data": [], "count": count, "next_href": null, "previous_href": null}),
            "{path}"
        );
    }
}

#[tokio::test]
async fn page_sizes_outside_1_to_100_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    for list in ["accounts", "api_keys", "webhooks", "events", "logs", "audit_events"] {
        for wrong in ["0", "101", "-1", "1.5", "many", "", "99999999999999999999"] {
            account.operator.get(&format!("/v1/{list}?per_page={wrong}")).await.refused_for(
                422,
                "invalid_field",
                "per_page",
            );
        }
    }
}

#[tokio::test]
async fn an_invalid_cursor_or_one_of_another_query_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    for _ in 0..3 {
        account.event("a.b").await;
        account.secret_key("test").await;
    }
    let next = |page: Value| page["next_href"].as_str().unwrap().to_owned();
    let events = next(account.operator.get("/v1/events?per_page=1").await.is(200));
    let keys = next(account.operator.get("/v1/api_keys?per_page=1").await.is(200));
    let cursor = |href: &str| {
        let query = href.split_once('?').unwrap().1;
        let pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.filter(|(name, _)| name == "cursor").map(|(_, value)| value.into_owned());
        percent_encoding::utf8_percent_encode(
            &found.last().unwrap(),
            percent_encoding::NON_ALPHANUMERIC,
        )
        .to_string()
    };
    let (events, keys) = (cursor(&events), cursor(&keys));
    let longest = "x".repeat(5000);
    for path in [
        format!("/v1/api_keys?cursor={events}"),
        format!("/v1/events?cursor={keys}"),
        format!("/v1/events?cursor={events}&type=a.c"),
        format!("/v1/events?cursor={events}&environment=live"),
        format!("/v1/audit_events?cursor={events}"),
        format!("/v1/logs?cursor={events}"),
        "/v1/events?cursor=nonsense".to_owned(),
        "/v1/events?cursor=".to_owned(),
        format!("/v1/events?cursor={longest}"),
    ] {
        account.operator.get(&path).await.refused(400, "invalid_cursor");
    }
}
