//! Bad input: each kind gets its documented code, and nothing is half done.

use latchhook_scenarios::{Account, Answer, Backend, Call, Need, Value, json};

/// Posts `body` to create a key, which must be refused.
async fn create_key(account: &Account, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    account.operator.send(Call::post("/v1/api_keys").body(content_type, body.into())).await
}

#[tokio::test]
async fn malformed_json_is_refused_and_creates_nothing() {
    let account = Account::open(&Backend::visit()).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "".as_bytes().to_vec(),
        b"{".to_vec(),
        b"{\"type\":\"secret\",}".to_vec(),
        b"{'type':'secret'}".to_vec(),
        b"nonsense".to_vec(),
        b"{\"type\":\"secret\",\"environment\":\"test\"} trailing".to_vec(),
        b"{\"type\":\"secret\",\"environment\":\"test\",\"name\":\"\xff\xfe\"}".to_vec(),
        b"\xef\xbb\xbf\x00".to_vec(),
        deep.clone().into_bytes(),
    ] {
        if std::str::from_utf8(&body).is_err() && !Backend::can(Need::Server) {
            // The API gateway passes on a body with this media type as text.
            continue;
        }
        if body.is_empty() {
            // An empty body is an empty object, which lacks what is required.
            let answer = create_key(&account, "application/json", body).await;
            assert!([400, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            continue;
        }
        create_key(&account, "application/json", body).await.refused(400, "malformed_json");
    }
    // The JSON is valid, so the error names the field.
    for name in [deep.as_str(), "\"\\ud800\""] {
        let body = format!("{{\"type\":\"secret\",\"environment\":\"test\",\"name\":{name}}}");
        create_key(&account, "application/json", body).await.refused_for(
            422,
            "invalid_field",
            "name",
        );
    }
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let account = Account::open(&Backend::visit()).await;
    for body in ["[]", "null", "1", "\"text\"", "true", "[{\"type\":\"secret\"}]"] {
        let (status, code) = create_key(&account, "application/json", body).await.outcome();
        let code = code.unwrap_or_default();
        let fits = (status == 400 && code == "malformed_json")
            || (status == 422 && code == "invalid_field");
        assert!(fits, "{body}: {status} {code}");
    }
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
}

#[tokio::test]
async fn unknown_fields_are_named_not_ignored() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    let key = account.secret_key("test").await;
    let object = json!({"id": "r", "object": "report"});
    for (path, mut body) in [
        ("/v1/accounts".to_owned(), json!({"name": "x"})),
        ("/v1/api_keys".to_owned(), json!({"type": "secret", "environment": "test"})),
        ("/v1/api_keys/verify".to_owned(), json!({"key": "x"})),
        (format!("/v1/api_keys/{}/expire", key.id), json!({})),
        (format!("/v1/api_keys/{}/roll", key.id), json!({})),
        ("/v1/webhooks".to_owned(), json!({"webhook_url": "https://127.0.0.1:9/2"})),
        (format!("{}/rotate_secret", hook.path), json!({})),
        (format!("{}/recover", hook.path), json!({"since": "2026-01-01T00:00:00.000Z"})),
        (
            "/v1/events".to_owned(),
            json!({"type": "a.b", "environment": "test", "data": {"object": object}}),
        ),
        ("/v1/portal_sessions".to_owned(), json!({})),
        ("/v1/request_logs".to_owned(), json!({"request_logs": []})),
    ] {
        body["colour"] = json!("blue");
        account.operator.post(&path, body).await.refused_for(400, "unknown_field", "colour");
    }
    account
        .operator
        .patch(&format!("/v1/accounts/{}", account.id), json!({"colour": 1}))
        .await
        .refused_for(400, "unknown_field", "colour");
    account.operator.patch(&hook.path, json!({"colour": 1})).await.refused_for(
        400,
        "unknown_field",
        "colour",
    );
    let read = account.operator.get("/v1/api_keys").await.is(200);
    assert_eq!((&read["count"], &read["data"][0]["status"]), (&json!(1), &json!("active")));
}

#[tokio::test]
async fn unknown_query_parameters_are_named_not_ignored() {
    let account = Account::open(&Backend::visit()).await;
    let hook = account.webhook("https://127.0.0.1:9/").await;
    for path in [
        "/v1/accounts",
        "/v1/api_keys",
        "/v1/webhooks",
        "/v1/events",
        "/v1/logs",
        "/v1/audit_events",
        "/v1/event_types",
        &hook.path,
    ] {
        account.operator.get(&format!("{path}?colour=blue")).await.refused_for(
            400,
            "unknown_field",
            "colour",
        );
    }
}

#[tokio::test]
async fn missing_fields_are_named() {
    let account = Account::open(&Backend::visit()).await;
    let object = json!({"id": "r", "object": "report"});
    for (path, body, missing) in [
        ("/v1/accounts", json!({}), "name"),
        ("/v1/api_keys", json!({"environment": "test"}), "type"),
        ("/v1/api_keys", json!({"type": "secret"}), "environment"),
        ("/v1/webhooks", json!({"environment": "test"}), "webhook_url"),
        ("/v1/webhooks", json!({"webhook_url": "https://127.0.0.1:9/"}), "environment"),
        ("/v1/events", json!({"environment": "test", "data": {"object": object}}), "type"),
        ("/v1/events", json!({"type": "a.b", "data": {"object": object}}), "environment"),
        ("/v1/events", json!({"type": "a.b", "environment": "test"}), "data"),
        ("/v1/api_keys/verify", json!({}), "key"),
        ("/v1/request_logs", json!({}), "request_logs"),
    ] {
        account.operator.post(path, body).await.refused_for(422, "missing_field", missing);
    }
}

#[tokio::test]
async fn wrong_types_and_values_are_named() {
    let account = Account::open(&Backend::visit()).await;
    let key = |field: &str, value: Value| {
        let mut body = json!({"type": "secret", "environment": "test"});
        body[field] = value;
        ("/v1/api_keys", body, field.to_owned())
    };
    let hook = |field: &str, value: Value| {
        let mut body = json!({"webhook_url": "https://127.0.0.1:9/", "environment": "test"});
        body[field] = value;
        ("/v1/webhooks", body, field.to_owned())
    };
    let event = |field: &str, value: Value| {
        let mut body = json!({"type": "a.b", "environment": "test",
            "data": {"object": {"id": "r", "object": "report"}}});
        body[field] = value;
        ("/v1/events", body, field.to_owned())
    };
    let long = json!("x".repeat(5000));
    for (path, body, field) in [
        key("type", json!("private")),
        key("type", json!(1)),
        key("type", json!(null)),
        key("environment", json!("production")),
        key("environment", json!(["test"])),
        key("name", json!({})),
        key("name", long.clone()),
        key("expires_at", json!(true)),
        hook("webhook_url", json!(7)),
        hook("environment", json!("LIVE")),
        hook("jurisdiction", json!("us")),
        hook("jurisdiction", json!("MX")),
        hook("include_object", json!("yes")),
        hook("include_object", json!(1)),
        hook("event_types", json!("*")),
        hook("event_types", json!([["*"]])),
        hook("description", json!([])),
        hook("description", json!("x".repeat(100_000))),
        event("type", json!("not a type")),
        event("type", json!(["a.b"])),
        event("type", json!("a.".repeat(500) + "b")),
        event("environment", json!("staging")),
        event("jurisdiction", json!("EU")),
        event("created_at", json!("yesterday")),
        event("created_at", json!(1_700_000_000)),
        event("created_at", json!("2026-02-30T00:00:00.000Z")),
        ("/v1/accounts", json!({"name": 5}), "name".to_owned()),
        ("/v1/accounts", json!({"name": ""}), "name".to_owned()),
        ("/v1/accounts", json!({"name": long}), "name".to_owned()),
        ("/v1/accounts", json!({"name": "x", "external_id": 5}), "external_id".to_owned()),
        ("/v1/portal_sessions", json!({"expires_in": "3600s"}), "expires_in".to_owned()),
        ("/v1/api_keys/verify", json!({"key": 5}), "key".to_owned()),
        ("/v1/api_keys/verify", json!({"key": "x", "type": "any"}), "type".to_owned()),
        ("/v1/request_logs", json!({"request_logs": {}}), "request_logs".to_owned()),
    ] {
        account.operator.post(path, body).await.refused_for(422, "invalid_field", &field);
    }
    let path = format!("/v1/accounts/{}", account.id);
    for (field, value) in [
        ("webhook_quota", json!(-1)),
        ("webhook_quota", json!(1.5)),
        ("webhook_quota", json!(1e300)),
        ("webhook_quota", json!("2")),
        ("credentialed", json!("true")),
    ] {
        account.operator.patch(&path, json!({field: value})).await.refused_for(
            422,
            "invalid_field",
            field,
        );
    }
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
    assert_eq!(account.operator.get("/v1/webhooks").await.is(200)["count"], 0);
    assert_eq!(account.operator.get("/v1/events").await.is(200)["data"], json!([]));
}

#[tokio::test]
async fn an_events_object_must_be_an_object_with_its_type() {
    let account = Account::open(&Backend::visit()).await;
    for data in [
        json!({}),
        json!([]),
        json!("report"),
        json!({"object": null}),
        json!({"object": []}),
        json!({"object": "report"}),
        json!({"object": {}}),
        json!({"object": {"id": "r"}}),
        json!({"object": {"object": "report"}}),
        json!({"object": {"id": 5, "object": "report"}}),
        json!({"object": {"id": "r", "object": ["report"]}}),
    ] {
        let asked = json!({"type": "a.b", "environment": "test", "data": data});
        let answer = account.operator.post("/v1/events", asked).await;
        let (status, code) = answer.outcome();
        let code = code.unwrap_or_default();
        assert!(
            status == 422 && ["missing_field", "invalid_field"].contains(&code.as_str()),
            "{data}: {status} {code}"
        );
        let param = answer.json()["param"].as_str().unwrap_or_default().to_owned();
        assert!(param.starts_with("data"), "{data}: {param}");
    }
    assert_eq!(account.operator.get("/v1/events").await.is(200)["data"], json!([]));
}

#[tokio::test]
async fn a_duplicate_member_is_refused_with_its_path() {
    let account = Account::open(&Backend::visit()).await;
    let body = r#"{"type":"secret","environment":"test","environment":"live"}"#;
    let answer = create_key(&account, "application/json", body).await;
    answer.refused_for(422, "invalid_field", "environment");
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
    for (members, param) in [
        (r#""ssn":"123-45-6789","id":"2""#, "data.object.id"),
        (r#""\u0069d":"2""#, "data.object.id"),
        (r#""amount":-5,"amount":5"#, "data.object.amount"),
        (r#""items":[{"a":1},{"b":{"name":1,"name":1}}]"#, "data.object.items[1].b.name"),
        (r#""name":"\ud800""#, "data.object.name"),
        (r#""amount":1e999"#, "data.object.amount"),
    ] {
        let event = format!(
            r#"{{"type":"a.b","environment":"test","data":{{"object":{{"id":"1","object":"report",{members}}}}}}}"#
        );
        let post = Call::post("/v1/events").body("application/json", event.into_bytes());
        account.operator.send(post).await.refused_for(422, "invalid_field", param);
    }
    assert_eq!(account.operator.get("/v1/events").await.is(200)["data"], json!([]));
}

#[tokio::test]
async fn a_duplicate_form_field_is_named() {
    let account = Account::open(&Backend::visit()).await;
    let form = "application/x-www-form-urlencoded";
    for twice in ["environment=test&environment=live", "environment=test&environment=test"] {
        let answer = create_key(&account, form, format!("type=secret&{twice}")).await;
        answer.refused_for(422, "invalid_field", "environment");
    }
    let twice = account.operator.get("/v1/api_keys?per_page=1&per_page=2").await;
    twice.refused_for(422, "invalid_field", "per_page");
    assert_eq!(account.operator.get("/v1/api_keys").await.is(200)["count"], 0);
}

/// The mistake of `curl -d '{"key":"…"}'` without a content type.
#[tokio::test]
async fn json_sent_as_a_form_is_explained_and_not_repeated() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await.key;
    let body = format!(r#"{{"key":"{key}"}}"#);
    for sent in [body.as_str(), key.as_str()] {
        let call = Call::post("/v1/api_keys/verify");
        let call = call.body("application/x-www-form-urlencoded", sent.as_bytes().to_vec());
        let answer = account.operator.send(call).await;
        answer.refused(400, "unknown_field");
        assert_eq!(answer.json()["param"], Value::Null);
        assert!(!answer.text().contains(&key), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_body_over_256_kib_is_too_large() {
    let account = Account::open(&Backend::visit()).await;
    let event = |bytes: usize| {
        let object = json!({"id": "r", "object": "report", "blob": "x".repeat(bytes)});
        json!({"type": "a.b", "environment": "test", "data": {"object": object}})
    };
    account.operator.post("/v1/events", event(200 * 1024)).await.is(202);
    account.operator.post("/v1/events", event(256 * 1024)).await.refused(413, "payload_too_large");
    account.operator.post("/v1/events", event(3 << 20)).await.refused(413, "payload_too_large");
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    let body = r#"{"type":"secret","environment":"test"}"#;
    for content_type in
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"]
    {
        create_key(&account, content_type, body).await.refused(415, "unsupported_media_type");
    }
    for content_type in ["application/json; charset=utf-8", "APPLICATION/JSON"] {
        create_key(&account, content_type, body).await.is(201);
    }
}

#[tokio::test]
async fn compressed_bodies_are_refused() {
    let account = Account::open(&Backend::visit()).await;
    // `{}`, compressed by gzip.
    let gzip: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0";
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let call = Call::post("/v1/api_keys").body("application/json", gzip);
        let answer = account.operator.send(call.header("content-encoding", coding)).await;
        answer.refused(415, "unsupported_media_type");
        assert_eq!(answer.header("accept-encoding"), Some("identity"), "{coding}");
    }
    let body = r#"{"type":"secret","environment":"test"}"#;
    let call = Call::post("/v1/api_keys").body("application/json", body);
    account.operator.send(call.header("content-encoding", "identity")).await.is(201);
    create_key(&account, "application/json; charset=utf-16", body)
        .await
        .refused(415, "unsupported_media_type");
}
