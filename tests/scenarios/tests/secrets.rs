//! Secrets are never written in plain text.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::USER_AGENT;
use latchhook_scenarios::{Account, Backend, Call, Need, Receiver, Reply, Settings, json};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};

const ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const PASSWORD: &str = "correct-horse-battery-staple";

/// Uses everything that involves secrets, correctly and incorrectly.
async fn use_secrets(backend: &Backend) {
    let account = Account::credentialed(backend).await;
    account.update(json!({"webhook_quota": 10})).await;
    for environment in ["test", "live"] {
        for kind in ["secret", "publishable"] {
            let key = account.key(json!({"type": kind, "environment": environment})).await;
            key.caller.get("/v1/account").await.is(200);
            backend.nobody().bearer(&key.key).get("/v1/webhooks").await;
            let verify = json!({"key": key.key});
            account.operator.post_once("verify", "/v1/api_keys/verify", verify).await;
            let path = format!("/v1/api_keys/{}", key.id);
            account.operator.post_nothing(&format!("{path}/reveal")).await.is(200);
            account.operator.post(&format!("{path}/roll"), json!({})).await.is(201);
        }
    }
    for secret in [ACCESS_KEY, PASSWORD] {
        backend.give(secret);
        backend.give(&secret.replace('/', "%2F").replace('+', "%2B"));
    }
    let receiver = Receiver::first(2, Reply::status(500)).await;
    let url = receiver.url("/").replace("http://", &format!("http://user:{PASSWORD}@"));
    let hook = account.webhook(&url).await;
    let topic = format!("sns://AKIAIOSFODNN7EXAMPLE:{ACCESS_KEY}@us-east-1/123456789012/reports");
    account.webhook(&topic).await;
    let refused = json!({"webhook_url": format!("https://user:{PASSWORD}@10.0.0.1/"),
        "environment": "test"});
    account.operator.post("/v1/webhooks", refused.clone()).await.refused(422, "url_not_public");
    let once = Call::post("/v1/webhooks").json(&refused).header("idempotency-key", PASSWORD);
    account.operator.send(once).await.refused(422, "url_not_public");
    account.operator.post_nothing(&format!("{}/reveal_secret", hook.path)).await.is(200);
    account.operator.post(&format!("{}/rotate_secret", hook.path), json!({})).await.is(200);
    let once = json!({"webhook_url": "https://127.0.0.1:9/once", "environment": "test"});
    for _ in 0..2 {
        account.operator.post_once("create", "/v1/webhooks", once.clone()).await.is(201);
    }
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let person = backend.nobody().bearer(session["token"].as_str().unwrap_or_default());
    person.get("/v1/webhooks").await.is(200);
    let event = account.event("report.completed").await;
    account.delivery_at("delivered", &event, &hook).await;
    backend.nobody().bearer(&format!("{}x", backend.operator_token())).get("/v1/accounts").await;
}

#[tokio::test]
async fn no_secret_is_in_the_log_or_in_any_file() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    use_secrets(&backend).await;
    assert!(backend.secrets() > 15, "there was something to hide");
    // Checked while it runs, with its write-ahead log, and after it has ended.
    assert_clean(&backend);
    backend.terminate();
    assert!(backend.ended().await.status.success());
    assert_clean(&backend);
}

/// Encodings of a secret, each with the part that must not be found.
fn spellings(secret: &str) -> Vec<(String, String)> {
    let escaped: String = secret.bytes().map(percent_encode_byte).collect();
    let basic = STANDARD.encode(format!("{secret}:"));
    let middle = |text: &str| text[text.len() / 3..text.len() / 3 * 2].to_owned();
    vec![
        (secret.to_owned(), middle(secret)),
        (secret.replace('_', "%5F"), middle(secret)),
        (escaped.to_lowercase(), middle(&escaped).to_lowercase()),
        (escaped.replace('%', "%25"), middle(&escaped.replace('%', "%25"))),
        (format!("Basic {basic}"), middle(&basic)),
        (basic.clone(), middle(&basic)),
        (utf8_percent_encode(&basic, NON_ALPHANUMERIC).to_string(), middle(&basic)),
    ]
}

/// Puts secrets where they do not belong.
async fn misplace_secrets(backend: &Backend) -> Account {
    let account = Account::open(backend).await;
    account.update(json!({"webhook_quota": 10})).await;
    let key = account.secret_key("test").await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let token = session["token"].as_str().unwrap_or_default();
    for (misplaced, hidden) in [spellings(&key.key), spellings(token)].concat() {
        backend.give(&hidden);
        let path = format!("/v1/x/{}?k={misplaced}", misplaced.replace('/', "%2F"));
        let request = json!({"method": "GET", "path": path, "user_agent": misplaced});
        let verify = json!({"key": key.key, "request": request});
        account.operator.post("/v1/api_keys/verify", verify).await.is(200);
        let row = json!({"environment": "test", "method": "GET", "path": path, "status": 200,
            "user_agent": misplaced, "request_id": misplaced});
        account.operator.post("/v1/request_logs", json!({"request_logs": [row]})).await.is(202);
        let named = json!({"type": "secret", "environment": "test", "name": misplaced});
        let once = Call::post("/v1/api_keys").json(&named);
        let once = once.header("idempotency-key", &misplaced.replace(' ', "-"));
        account.operator.send(once).await.is(201);
        let caller = key.caller.with(USER_AGENT, &format!("curl {misplaced}"));
        caller.get(&path.replace(' ', "%20")).await.refused(404, "not_found");
    }
    let echo = Receiver::with(|request| {
        let authorization = request.headers["authorization"].to_str().unwrap_or_default();
        let body = format!("{}{authorization}", "x".repeat(1000));
        let json = json!({"headers": {"authorization": authorization}}).to_string();
        let bodies = [body, json.replace('/', "\\/"), json];
        let body = bodies[request.index % bodies.len()].clone();
        Reply::status(500).header("x-echo", authorization).body(body)
    })
    .await;
    let url = echo.url("/").replace("http://", &format!("http://user:{PASSWORD}@"));
    backend.give(&STANDARD.encode(format!("user:{PASSWORD}"))[..24]);
    let hook = account.webhook(&url).await;
    let event = account.event("report.completed").await;
    account.exhausted(&event, &hook).await;
    let keyed = echo.url(&format!("/?key={}", key.key));
    account.webhook(&keyed).await;
    account
}

#[tokio::test]
async fn a_secret_that_is_put_where_it_does_not_belong_is_masked_before_it_is_kept() {
    let Some(backend) = Backend::alone(Need::Process, &Settings::default()) else { return };
    let account = misplace_secrets(&backend).await;
    assert_clean(&backend);
    for list in ["logs?kind=api_request", "logs", "api_keys", "webhooks", "audit_events"] {
        let rows = account.operator.list(&format!("/v1/{list}")).await;
        let text = serde_json::to_string(&rows).unwrap();
        assert_eq!(backend.secrets_in(text.as_bytes()), Vec::<String>::new(), "in {list}");
        assert!(text.contains("****"), "{list} shows where something was masked");
    }
    backend.terminate();
    assert!(backend.ended().await.status.success());
    assert_clean(&backend);
}

#[tokio::test]
async fn no_answer_shows_a_secret_that_was_not_asked_for() {
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    account.operator.post_nothing(&format!("{}/reveal_secret", hook.path)).await.is(200);
    account.operator.post_nothing(&format!("/v1/api_keys/{}/reveal", key.id)).await.is(200);
    account.operator.post(&format!("{}/rotate_secret", hook.path), json!({})).await.is(200);
    account.event("report.completed").await;
    key.caller.get("/v1/webhooks").await.is(200);
    receiver.next().await;
    for path in [
        "/v1/account".to_owned(),
        format!("/v1/accounts/{}", account.id),
        "/v1/api_keys".to_owned(),
        format!("/v1/api_keys/{}", key.id),
        "/v1/webhooks".to_owned(),
        hook.path.clone(),
        "/v1/events".to_owned(),
        "/v1/logs".to_owned(),
        "/v1/audit_events?per_page=100".to_owned(),
    ] {
        let text = account.operator.get(&path).await.text();
        for secret in [key.key.as_str(), &hook.secret, "whsec_", backend.operator_token()] {
            assert!(!text.contains(secret), "{path} shows a secret");
        }
    }
}

fn assert_clean(backend: &Backend) {
    assert_eq!(backend.secrets_in(backend.log().as_bytes()), Vec::<String>::new(), "in the log");
    let files = backend.files();
    assert!(!files.is_empty());
    for file in files {
        // The write-ahead log and the lock may disappear meanwhile.
        let Ok(bytes) = std::fs::read(&file) else { continue };
        assert_eq!(backend.secrets_in(&bytes), Vec::<String>::new(), "in {}", file.display());
    }
}
