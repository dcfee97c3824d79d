//! HTTP requests: forms, methods, paths, credentials, and malformed HTTP.

use std::fmt::Write as _;

use http::Method;
use latchhook_scenarios::{Account, Backend, Call, Need, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn forms_are_taken_as_curl_sends_them() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    let hook = Call::post("/v1/webhooks").form(&[
        ("webhook_url", "https://127.0.0.1:9/a?b=c&d=e"),
        ("include_object", "true"),
        ("live", "false"),
        ("event_types", "report.*"),
        ("event_types", "candidate.created"),
        ("description", "a b+c"),
    ]);
    let hook = key.caller.send(hook).await.is(201);
    assert_eq!(hook["webhook_url"], "https://127.0.0.1:9/a?b=c&d=e");
    assert_eq!(hook["include_object"], true);
    assert_eq!(hook["environment"], "test");
    assert_eq!(hook["event_types"], json!(["report.*", "candidate.created"]));
    assert_eq!(hook["description"], "a b+c");

    let path = hook["uri"].as_str().unwrap();
    let change = Call::new(Method::PATCH, path)
        .form(&[("include_object", "false"), ("event_types", "candidate.created")]);
    let patched = key.caller.send(change).await.is(200);
    assert_eq!(patched["include_object"], false);
    assert_eq!(patched["event_types"], json!(["candidate.created"]));
    assert_eq!(patched["description"], "a b+c");

    let rotate = Call::post(&format!("{path}/rotate_secret")).form(&[("overlap_seconds", "60")]);
    key.caller.send(rotate).await.is(200);
    let wrong = Call::post("/v1/webhooks")
        .form(&[("webhook_url", "https://127.0.0.1:9/2"), ("include_object", "yes")]);
    key.caller.send(wrong).await.refused_for(422, "invalid_field", "include_object");
    let unknown = Call::post("/v1/webhooks")
        .form(&[("webhook_url", "https://127.0.0.1:9/2"), ("colour", "blue")]);
    key.caller.send(unknown).await.refused_for(400, "unknown_field", "colour");
    let nameless = Call::post("/v1/accounts").form(&[("name", "12"), ("external_id", "")]);
    let named = account.operator.send(nameless).await;
    assert!(named.status == 201 || named.status == 422, "{}", named.text());
}

#[tokio::test]
async fn other_methods_are_not_allowed_and_other_paths_not_found() {
    let account = Account::open(&Backend::visit()).await;
    let operator = &account.operator;
    operator.delete("/v1/webhooks").await.refused(405, "method_not_allowed");
    operator.put("/v1/accounts", json!({})).await.refused(405, "method_not_allowed");
    operator.patch("/v1/events", json!({})).await.refused(405, "method_not_allowed");
    operator.get("/v1/api_keys/verify").await.refused(405, "method_not_allowed");
    operator.delete("/v1/logs").await.refused(405, "method_not_allowed");
    let traced = Call::new(Method::TRACE, "/v1/webhooks");
    assert_eq!(operator.send(traced).await.status, 405);
    for path in [
        "/v1",
        "/v2/webhooks",
        "/v1/webhook",
        "/v1/webhooks/",
        "/v1//webhooks",
        "/v1/webhooks/x/y/z",
        "/v1/%2e%2e/etc/passwd",
        "/v1/webhooks/%00",
        "/v1/webhooks/%ff",
    ] {
        operator.get(path).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn bad_credentials_are_all_answered_alike() {
    let account = Account::open(&Backend::visit()).await;
    let nobody = account.operator.backend().nobody();
    let key = account.secret_key("test").await.key;
    let wrong = |value: &str| nobody.with(http::header::AUTHORIZATION, value);
    let truncated = &key[..key.len() - 1];
    for caller in [
        nobody.clone(),
        nobody.basic(truncated),
        nobody.bearer(truncated),
        nobody.basic(""),
        nobody.bearer("lhop_wrong"),
        nobody.bearer(&key.replace("test", "live")),
        wrong("Basic"),
        wrong("Basic !!!!"),
        wrong("Basic /////w=="),
        wrong("Bearer "),
        wrong(&format!("Token {key}")),
        wrong(&key),
    ] {
        let answer = caller.get("/v1/account").await;
        answer.refused(401, "bad_authentication");
        assert_eq!(answer.json()["error"], "Bad authentication error");
        caller.post("/v1/webhooks", json!({})).await.refused(401, "bad_authentication");
    }
    // The scheme's name is case-insensitive, so the right key works.
    wrong(&format!("bearer {key}")).get("/v1/account").await.is(200);
}

#[tokio::test]
async fn a_connection_stays_usable_after_an_answer_before_the_body() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let base = backend.base();
    let Some(address) = base.strip_prefix("http://") else { return };
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // Once another request is answered, the server has seen this one's head.
    backend.nobody().get("/healthz").await.is(200);
    stream.write_all(b"{\"what\":true}").await.unwrap();
    let next = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(next.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let statuses: Vec<_> = answers.matches("HTTP/1.1 ").collect();
    assert_eq!(statuses.len(), 2, "{answers}");
    assert!(answers.starts_with("HTTP/1.1 401 "), "{answers}");
    assert!(answers.contains("HTTP/1.1 200 "), "{answers}");
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_is_sent() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let base = backend.base();
    let Some(address) = base.strip_prefix("http://") else { return };
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await.key;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
         Content-Length: 99999999\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("payload_too_large"), "{answer}");
}

#[tokio::test]
async fn headers_that_are_too_large_get_a_documented_answer() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let huge = backend.nobody().with(http::HeaderName::from_static("x-huge"), &"x".repeat(70_000));
    let refused = huge.get("/healthz").await;
    refused.refused(413, "payload_too_large");
}

#[tokio::test]
async fn a_key_in_a_path_is_not_logged() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.secret_key("test").await;
    key.caller.get(&format!("/v1/webhooks/{}", key.key)).await.refused(404, "not_found");
    let path = format!("/v1/logs?kind=api_request&api_key_id={}", key.id);
    assert_eq!(account.operator.list(&path).await[0]["path"], "/v1/webhooks/****");
}

#[tokio::test]
async fn huge_headers_and_broken_requests_are_refused_and_the_server_goes_on() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let account = Account::open(&backend).await;
    let base = backend.base();
    let address = base.strip_prefix("http://").unwrap();
    let huge =
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Huge: {}\r\n\r\n", "x".repeat(2 << 20));
    let mut many = "GET /healthz HTTP/1.1\r\nHost: x\r\n".to_owned();
    (0..5000).try_for_each(|n| write!(many, "X-{n}: y\r\n")).unwrap();
    many.push_str("\r\n");
    for request in [
        huge.into_bytes(),
        many.into_bytes(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_vec(),
        b"POST /v1/accounts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"
            .to_vec(),
        b"GET /healthz\x00 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        // The server may answer and close the connection before it has read everything.
        let _ = stream.write_all(&request).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(refused, "{}", answer.chars().take(200).collect::<String>());
    }
    account.operator.get("/v1/account").await.is(200);
}

#[tokio::test]
async fn a_page_of_any_origin_may_read_what_a_publishable_key_is_answered() {
    let account = Account::open(&Backend::visit()).await;
    let key = account.key(json!({"type": "publishable", "environment": "test"})).await;
    let nobody = account.operator.backend().nobody();
    let get = || Call::new(Method::GET, "/v1/account").header("origin", "https://shop.example");
    for (answer, status) in [(key.caller.send(get()).await, 200), (nobody.send(get()).await, 401)] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert!(answer.header("access-control-expose-headers").unwrap().contains("X-Request-Id"));
    }
    let secret = account.secret_key("test").await;
    for path in ["/v1/webhooks", "/v1/logs", "/v1/api_keys/verify", "/nowhere"] {
        let call = Call::new(Method::GET, path).header("origin", "https://shop.example");
        let answer = secret.caller.send(call).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn preflights_are_answered_for_publishable_keys_alone() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let asked = |path: &str| {
        Call::new(Method::OPTIONS, path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization")
    };
    let told = backend.nobody().send(asked("/v1/account")).await;
    assert_eq!(told.status, 204);
    assert_eq!(told.header("access-control-allow-origin"), Some("*"));
    assert!(told.header("access-control-allow-methods").unwrap().contains("GET"));
    assert!(told.header("access-control-allow-headers").unwrap().contains("Authorization"));
    let refused = backend.nobody().send(asked("/v1/webhooks")).await;
    refused.refused(405, "method_not_allowed");
    assert_eq!(refused.header("access-control-allow-origin"), None);
}
