//! Registry of event types. The installation has only one, so each scenario has a backend of its
//! own.

use latchhook_scenarios::{Account, Backend, Need, Receiver, Settings, clock, json};

fn backend() -> Option<Backend> {
    Backend::alone(Need::Installation, &Settings::default())
}

#[tokio::test]
async fn every_type_is_accepted_while_none_is_registered() {
    let Some(backend) = backend() else { return };
    let account = Account::open(&backend).await;
    assert_eq!(account.operator.list("/v1/event_types").await, Vec::<serde_json::Value>::new());
    account.event("anything.goes").await;
}

#[tokio::test]
async fn unregistered_types_are_refused_once_one_is_registered() {
    let Some(backend) = backend() else { return };
    let account = Account::with_quota(&backend, 10).await;
    let operator = &account.operator;
    let put = json!({"description": "A report is done"});
    let registered = operator.put("/v1/event_types/report.completed", put).await.is(200);
    assert_eq!(registered["name"], "report.completed");
    assert_eq!(registered["description"], "A report is done");
    let listed = operator.list("/v1/event_types").await;
    assert_eq!(listed, [registered]);

    account.event("report.completed").await;
    let object = json!({"id": "r", "object": "report"});
    let unknown =
        json!({"type": "report.created", "environment": "test", "data": {"object": object}});
    operator.post("/v1/events", unknown).await.refused_for(422, "unknown_event_type", "type");
    for (event_types, taken) in [
        (json!(["report.completed"]), true),
        (json!(["*"]), true),
        (json!(["report.*"]), true),
        (json!(["report.created"]), false),
        (json!(["report.completed", "report.created"]), false),
    ] {
        let asked = json!({"webhook_url": format!("https://127.0.0.1:9/{}", operator.list("/v1/webhooks").await.len()),
            "environment": "test", "event_types": event_types});
        let answer = operator.post("/v1/webhooks", asked).await;
        if taken {
            answer.is(201);
        } else {
            answer.refused_for(422, "unknown_event_type", "event_types");
        }
    }
    operator.delete("/v1/event_types/report.completed").await;
    operator.delete("/v1/event_types/report.completed").await.refused(404, "not_found");
    account.event("report.created").await;
}

#[tokio::test]
async fn an_object_that_breaks_its_schema_is_refused() {
    let Some(backend) = backend() else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/")).await;
    let schema = json!({
        "type": "object",
        "required": ["id", "status"],
        "properties": {"status": {"enum": ["clear", "consider"]}, "age": {"type": "integer", "minimum": 0}},
    });
    let put = json!({"schema": schema});
    let registered = account.operator.put("/v1/event_types/report.completed", put).await.is(200);
    assert_eq!(registered["schema"], schema);

    let event = |object: serde_json::Value| json!({"type": "report.completed", "environment": "test", "data": {"object": object}});
    for object in [
        json!({"id": "r", "object": "report"}),
        json!({"id": "r", "object": "report", "status": "unclear"}),
        json!({"id": "r", "object": "report", "status": "clear", "age": -1}),
        json!({"id": "r", "object": "report", "status": "clear", "age": "old"}),
    ] {
        let named =
            account.operator.post("/v1/events", event(object)).await.refused(422, "invalid_field");
        assert!(named.is_some_and(|param| param.starts_with("data")));
    }
    let fine = json!({"id": "r", "object": "report", "status": "clear", "age": 3});
    let id = account.event_with(event(fine)).await;
    assert_eq!(receiver.next().await.event(), id);
}

#[tokio::test]
async fn invalid_schemas_and_names_are_refused() {
    let Some(backend) = backend() else { return };
    let operator = backend.operator();
    for schema in [
        json!("{}"),
        json!({"type": "nonsense"}),
        json!({"type": 5}),
        json!(7),
        json!({"$ref": "https://127.0.0.1:9/schema.json"}),
        json!({"pattern": "("}),
    ] {
        operator
            .put("/v1/event_types/report.completed", json!({"schema": schema}))
            .await
            .refused_for(422, "invalid_field", "schema");
    }
    for name in ["re%20port", "report..x", "*", "report.*", "%C3%A9", &"a".repeat(200)] {
        let answer = operator.put(&format!("/v1/event_types/{name}"), json!({})).await;
        assert!([404, 422].contains(&answer.status.as_u16()), "{name}: {}", answer.text());
    }
    assert!(operator.list("/v1/event_types").await.is_empty());
}

#[tokio::test]
async fn pings_are_sent_whatever_types_are_registered() {
    let Some(backend) = backend() else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    account.operator.put("/v1/event_types/report.completed", json!({})).await.is(200);
    account.operator.post_nothing(&format!("{}/ping", hook.path)).await.is(202);
    assert_eq!(receiver.next().await.json()["type"], "webhook.ping");
}

#[tokio::test]
async fn customers_read_the_registry_and_only_the_operator_writes_it() {
    let Some(backend) = backend() else { return };
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await;
    account.operator.put("/v1/event_types/report.completed", json!({})).await.is(200);
    let read = key.caller.list("/v1/event_types").await;
    assert_eq!(read[0]["name"], "report.completed");
    clock::parse(read[0]["created_at"].as_str().unwrap());
    let put = key.caller.put("/v1/event_types/mine", json!({})).await;
    put.refused(403, "permission_denied");
    key.caller.delete("/v1/event_types/report.completed").await.refused(403, "permission_denied");
}

#[tokio::test]
async fn a_type_registered_again_has_only_its_new_schema() {
    let Some(backend) = backend() else { return };
    let account = Account::open(&backend).await;
    let path = "/v1/event_types/report.completed";
    let event = json!({"type": "report.completed", "environment": "test",
        "data": {"object": {"id": "r", "object": "report", "amount": -5}}});
    let at_least = |least: i64| json!({"schema": {"properties": {"amount": {"minimum": least}}}});
    for (registered, is_kept) in [
        (json!({}), true),
        (at_least(0), false),
        (at_least(-9), true),
        (at_least(1), false),
        (json!({}), true),
    ] {
        account.operator.put(path, registered.clone()).await.is(200);
        let answer = account.operator.post("/v1/events", event.clone()).await;
        if is_kept {
            answer.is(202);
        } else {
            answer.refused_for(422, "invalid_field", "data.object.amount");
        }
        account.operator.delete(path).await.is(200);
    }
}
