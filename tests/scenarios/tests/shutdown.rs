//! Shutdown, restart, and starting twice.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use latchhook_scenarios::{
    Account, Backend, Gate, Need, Receiver, Reply, Settings, Value, clock, json,
};

#[tokio::test]
async fn an_idle_server_ends_at_once_when_asked() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    Account::open(&backend).await;
    let asked = clock::instant();
    backend.terminate();
    let ended = backend.ended().await;
    assert!(ended.status.success(), "{:?}\n{}", ended.status, ended.output);
    assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
}

#[tokio::test]
async fn an_unfinished_request_does_not_delay_shutdown() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let base = backend.base();
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost:").await.unwrap();
    // The server accepted the other connection before this one.
    backend.nobody().get("/healthz").await.is(200);
    let asked = clock::instant();
    backend.terminate();
    let ended = backend.ended().await;
    assert!(ended.status.success(), "{:?}\n{}", ended.status, ended.output);
    assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
}

#[tokio::test]
async fn a_running_attempt_finishes_before_shutdown_and_is_not_repeated() {
    let settings = Settings::default().timeout("15s").schedule("3x30s");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let gate = Gate::closed();
    let receiver = Receiver::with({
        let gate = gate.clone();
        move |request| if request.index == 0 { Reply::behind(&gate) } else { Reply::ok() }
    })
    .await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    receiver.next().await;
    backend.terminate();
    gate.open();
    assert!(backend.ended().await.status.success());

    backend.restart().await;
    let delivered = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(delivered["attempts"], 1);
    // A second attempt of the old event would arrive before the event that is posted now.
    let marker = account.event("report.created").await;
    assert_eq!(receiver.next().await.event(), marker);
}

#[tokio::test]
async fn a_hanging_attempt_does_not_delay_shutdown_and_is_repeated() {
    let settings = Settings::default().timeout("60s");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::first(1, Reply::hanging()).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let event = account.event("report.completed").await;
    receiver.next().await;
    let asked = clock::instant();
    backend.terminate();
    let ended = backend.ended().await;
    assert!(ended.status.success(), "{:?}\n{}", ended.status, ended.output);
    assert!(asked.elapsed() < Duration::from_secs(20), "it took {:?}", asked.elapsed());
    backend.restart().await;
    assert_eq!(receiver.next().await.event(), event);
    account.delivery_at("delivered", &event, &hook).await;
}

#[tokio::test]
async fn nothing_new_is_accepted_during_shutdown() {
    let settings = Settings::default().timeout("15s");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let gate = Gate::closed();
    let receiver = Receiver::always(Reply::behind(&gate)).await;
    account.webhook(&receiver.url("/")).await;
    account.event("report.completed").await;
    receiver.next().await;
    backend.terminate();
    let call = latchhook_scenarios::Call::new(http::Method::GET, "/healthz");
    clock::eventually("it takes no new connection", || async {
        // A new caller each time, for a new connection.
        let refused = backend.nobody().try_send(call.clone()).await.is_err();
        refused.then_some(())
    })
    .await;
    gate.open();
    assert!(backend.ended().await.status.success());
    backend.restart().await;
}

#[tokio::test]
async fn a_second_process_on_the_same_directory_is_refused() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::open(&backend).await;
    let second = backend.second().await;
    assert!(!second.status.success(), "{:?}\n{}", second.status, second.output);
    assert!(second.status.code().is_some_and(|code| code > 0), "{:?}", second.status);
    assert!(!second.output.contains("panicked"), "{}", second.output);
    assert!(!second.output.trim().is_empty(), "it says why");
    assert!(backend.is_running());
    account.webhook("https://127.0.0.1:9/").await;
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = Account::credentialed(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let key = account.secret_key("test").await;
    account.key(json!({"type": "publishable", "environment": "live"})).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    account.operator.put("/v1/event_types/report.completed", json!({})).await.is(200);
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    account.operator.get("/v1/account").await.is(200);

    let paths = [
        format!("/v1/accounts/{}", account.id),
        "/v1/api_keys".to_owned(),
        "/v1/webhooks".to_owned(),
        format!("/v1/events/{event}"),
        "/v1/events".to_owned(),
        "/v1/event_types".to_owned(),
        "/v1/logs?kind=webhook_delivery".to_owned(),
        "/v1/audit_events".to_owned(),
    ];
    let read = || async {
        let mut answers: Vec<Value> = Vec::new();
        for path in &paths {
            answers.push(account.operator.get(path).await.is(200));
        }
        answers
    };
    let before = read().await;
    backend.terminate();
    assert!(backend.ended().await.status.success());
    backend.restart().await;
    for (path, (before, after)) in paths.iter().zip(before.iter().zip(read().await)) {
        assert_eq!(&after, before, "{path}");
    }
    key.caller.get("/v1/account").await.is(200);
    let token = session["token"].as_str().unwrap();
    backend.nobody().bearer(token).get("/v1/account").await.is(200);
}
