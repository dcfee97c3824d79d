//! Deliveries: their contents, and the receivers that get them.

use latchhook_scenarios::{Account, Backend, Receiver, Value, clock, data, json};

#[tokio::test]
async fn a_delivery_is_the_documented_request_byte_for_byte() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/in?tenant=7");
    account.webhook(&url).await;
    let event = account
        .event_with(json!({
            "type": "report.completed", "environment": "test",
            "created_at": "2026-01-31T09:30:00.000Z",
            "data": {"object": {"status": "clear", "uri": "/v1/reports/r1", "object": "report",
                "id": "r1", "text": "ü \" \\ \u{2028} </script>"}},
        }))
        .await;
    let delivery = receiver.next().await;
    assert_eq!((delivery.method.as_str(), delivery.path.as_str()), ("POST", "/in?tenant=7"));
    assert_eq!(delivery.header("content-type"), "application/json");
    assert_eq!(delivery.header("host"), receiver.address().to_string());
    let agent = delivery.header("user-agent");
    let version = agent.strip_prefix("Latchhook-Webhook/").unwrap_or_else(|| panic!("{agent}"));
    assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{agent}");
    assert_eq!(delivery.event(), event);
    assert_eq!(
        delivery.text(),
        format!(
            "{{\"id\":\"{event}\",\"object\":\"event\",\"type\":\"report.completed\",\
             \"created_at\":\"2026-01-31T09:30:00.000Z\",\"webhook_url\":\"{url}\",\
             \"data\":{{\"object\":{{\"id\":\"r1\",\"object\":\"report\",\"uri\":\"/v1/reports/r1\"}}}},\
             \"account_id\":\"{}\"}}",
            account.id
        )
    );
}

#[tokio::test]
async fn with_include_object_the_whole_object_is_delivered() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    account
        .webhook_with(json!({
            "webhook_url": receiver.url("/"), "environment": "test", "include_object": true,
        }))
        .await;
    let object = json!({
        "id": "r1", "object": "report", "status": "clear", "nested": {"deep": [1, 2.5, null, true]},
        "big": 9_007_199_254_740_993_i64, "text": "ü \" \\ \u{2028} </script>", "empty": {},
    });
    account
        .event_with(json!({
            "type": "report.completed", "environment": "test", "data": {"object": object},
        }))
        .await;
    let delivery = receiver.next().await;
    assert_eq!(delivery.json()["data"], json!({"object": object}));
    let fields = ["id", "object", "type", "created_at", "webhook_url", "data", "account_id"];
    assert_in_order(delivery.text(), &fields);
    assert!(!delivery.text().contains(": "), "compact");
}

#[tokio::test]
async fn basic_auth_in_the_url_becomes_a_header_and_is_masked_in_the_body() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    account.operator.backend().give("p@ss:w/rd");
    account.operator.backend().give("p%40ss%3Aw%2Frd");
    let url = receiver.url("/basic").replace("http://", "http://us%C3%A9r:p%40ss%3Aw%2Frd@");
    account.webhook(&url).await;
    account.event("report.completed").await;
    let delivery = receiver.next().await;
    let credentials =
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "usér:p@ss:w/rd");
    assert_eq!(delivery.header("authorization"), format!("Basic {credentials}"));
    assert_eq!(delivery.header("host"), receiver.address().to_string());
    let shown = delivery.json()["webhook_url"].as_str().unwrap().to_owned();
    assert!(shown.contains(":****@") && shown.ends_with("/basic"), "{shown}");
    assert!(!delivery.text().contains("p%40ss"), "{shown}");
}

#[tokio::test]
async fn a_posted_event_is_shown_with_its_deliveries() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let object = json!({"id": "r1", "object": "report", "uri": "/v1/reports/r1", "n": [1]});
    let posted = account
        .operator
        .post(
            "/v1/events",
            json!({"type": "report.completed", "environment": "test", "data": {"object": object}}),
        )
        .await
        .is(202);
    let id = posted["id"].as_str().unwrap();
    clock::parse(posted["created_at"].as_str().unwrap());
    assert_eq!(posted["deliveries"][0]["webhook_id"], hook.id.as_str());

    account.delivery_at("delivered", id, &hook).await;
    let read = account.operator.get(&format!("/v1/events/{id}")).await.is(200);
    assert_eq!(
        read,
        json!({
            "id": id,
            "object": "event",
            "uri": format!("/v1/events/{id}"),
            "type": "report.completed",
            "environment": "test",
            "jurisdiction": "US",
            "created_at": posted["created_at"],
            "account_id": account.id,
            "data": {"object": object},
            "deliveries": [{
                "webhook_id": hook.id,
                "status": "delivered",
                "attempts": 1,
                "next_attempt_at": null,
                "last_response_status": 200,
            }],
        })
    );
}

#[tokio::test]
async fn an_event_reaches_the_webhooks_of_its_environment_jurisdiction_and_subscriptions_only() {
    let backend = Backend::visit();
    let account = Account::credentialed(&backend).await;
    account.update(json!({"webhook_quota": 10})).await;
    let other = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = |path: &str, more: Value| {
        let mut asked = json!({"webhook_url": receiver.url(path), "environment": "test"});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    for (path, more) in [
        ("/all", json!({})),
        ("/prefix", json!({"event_types": ["candidate.*", "report.*"]})),
        ("/exact", json!({"event_types": ["report.completed"]})),
        ("/other-type", json!({"event_types": ["report.created", "candidate.*"]})),
        ("/longer", json!({"event_types": ["report.completed.now", "report.completed.*"]})),
        ("/canada", json!({"jurisdiction": "CA"})),
        ("/live", json!({"environment": "live"})),
    ] {
        let mut asked = hook(path, more);
        if path == "/live" {
            asked["webhook_url"] = json!("https://hooks.latchhook-scenarios.invalid/live");
        }
        account.webhook_with(asked).await;
    }
    other.webhook_with(hook("/other-account", json!({}))).await;

    let event = account.event("report.completed").await;
    let mut paths: Vec<_> =
        receiver.first_of(3).await.into_iter().map(|delivery| delivery.path).collect();
    paths.sort();
    assert_eq!(paths, ["/all", "/exact", "/prefix"]);
    let read = account.operator.get(&format!("/v1/events/{event}")).await.is(200);
    assert_eq!(read["deliveries"].as_array().unwrap().len(), 3);

    let canadian = account
        .event_with(json!({
            "type": "report.completed", "environment": "test", "jurisdiction": "CA",
            "data": {"object": {"id": "r", "object": "report"}},
        }))
        .await;
    let fourth = &receiver.first_of(4).await[3];
    assert_eq!((fourth.path.as_str(), fourth.event()), ("/canada", canadian.as_str()));
}

#[tokio::test]
async fn the_receivers_of_an_event_are_decided_when_it_is_accepted() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let early = account.event("report.completed").await;
    let hook = account.webhook(&receiver.url("/")).await;
    let late = account.event("report.completed").await;
    assert_eq!(receiver.next().await.event(), late);
    account.delivery_at("delivered", &late, &hook).await;
    let read = account.operator.get(&format!("/v1/events/{early}")).await.is(200);
    assert_eq!(read["deliveries"], json!([]));
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn a_disabled_webhook_gets_its_deliveries_cancelled() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    account.operator.patch(&hook.path, json!({"status": "disabled"})).await.is(200);
    let event = account.event("report.completed").await;
    let delivery = account.delivery(&event, &hook).await;
    assert_eq!(
        delivery,
        json!({"webhook_id": hook.id, "status": "cancelled", "attempts": 0,
            "next_attempt_at": null, "last_response_status": null})
    );
    account.operator.patch(&hook.path, json!({"status": "enabled"})).await.is(200);
    let later = account.event("report.completed").await;
    assert_eq!(receiver.next().await.event(), later, "enabling sends nothing of itself");
    assert_eq!(account.delivery(&event, &hook).await["status"], "cancelled");
}

#[tokio::test]
async fn a_ping_goes_to_one_webhook_whatever_its_subscriptions() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account
        .webhook_with(json!({
            "webhook_url": receiver.url("/pinged"), "environment": "test",
            "event_types": ["report.completed"], "jurisdiction": "CA",
        }))
        .await;
    account.webhook(&receiver.url("/other")).await;
    account.operator.post_nothing(&format!("{}/ping", hook.path)).await.is(202);
    let ping = receiver.next().await;
    assert_eq!((ping.path.as_str(), &ping.json()["type"]), ("/pinged", &json!("webhook.ping")));
    assert!(ping.verifies(&hook.secret));
    let event = ping.event().to_owned();

    let row = account.attempts(&event, 1).await.remove(0);
    assert_eq!((&row["trigger"], &row["status"]), (&json!("ping"), &json!("succeeded")));
    account.event("report.created").await;
    assert_eq!(receiver.next().await.path, "/other");
}

#[tokio::test]
async fn every_event_type_is_delivered_and_verifies() {
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let mut posted = Vec::new();
    for event_type in data::event_types() {
        posted.push((account.event(&event_type).await, event_type));
    }
    let mut arrived: Vec<_> = receiver
        .first_of(posted.len())
        .await
        .iter()
        .map(|delivery| {
            assert!(delivery.verifies(&hook.secret), "{}", delivery.text());
            let event_type = delivery.json()["type"].as_str().unwrap().to_owned();
            (delivery.event().to_owned(), event_type)
        })
        .collect();
    posted.sort();
    arrived.sort();
    assert_eq!(arrived, posted);
}

#[tokio::test]
async fn every_documented_payload_is_delivered_with_or_without_its_object() {
    let account = Account::open(&Backend::visit()).await;
    let (whole, short) = (Receiver::start().await, Receiver::start().await);
    let whole_hook = account
        .webhook_with(json!({
            "webhook_url": whole.url("/"), "environment": "test", "include_object": true,
        }))
        .await;
    let short_hook = account.webhook(&short.url("/")).await;
    for (event_type, object) in data::payloads() {
        let event = account
            .event_with(json!({
                "type": event_type, "environment": "test", "data": {"object": object},
            }))
            .await;
        let (whole, short) = (whole.next().await, short.next().await);
        assert_eq!((whole.event(), short.event()), (event.as_str(), event.as_str()));
        assert!(whole.verifies(&whole_hook.secret) && short.verifies(&short_hook.secret));
        assert_eq!(whole.json()["data"]["object"], object);
        assert_eq!(whole.json()["type"], event_type.as_str());

        let kept = ["id", "object", "uri"];
        let expected: serde_json::Map<_, _> = kept
            .iter()
            .filter_map(|field| Some(((*field).to_owned(), object.get(*field)?.clone())))
            .collect();
        assert_eq!(short.json()["data"]["object"], Value::Object(expected));
    }
}

/// Asserts that the fields of the outermost object are in that order in `text`.
fn assert_in_order(text: &str, fields: &[&str]) {
    // Only the outermost fields follow directly on the brace or on a value at depth one.
    let (mut depth, mut in_string, mut escaped, mut found) = (0, false, false, Vec::new());
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => {
                in_string = !in_string;
                if in_string {
                    start = at + 1;
                } else if depth == 1 && text[at + 1..].starts_with(':') {
                    found.push(&text[start..at]);
                }
            }
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    assert_eq!(found, fields, "{text}");
}
