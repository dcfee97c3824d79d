//! Bodies that are held back over a real connection: the head and one byte come, something is taken
//! away, and then the rest comes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use latchhook_scenarios::{Account, Backend, Need, clock, json};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Request of which all but the last bytes were sent.
struct Held {
    stream: TcpStream,
    rest: String,
}

impl Held {
    /// Sends the head of a `POST` and one byte of its body.
    async fn post(backend: &Backend, path: &str, headers: &[(&str, &str)], body: &Value) -> Self {
        let base = backend.base();
        let address = base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let (body, headers) = (body.to_string(), lines(headers));
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
            body.len()
        );
        let (first, rest) = body.split_at(1);
        stream.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
        // Once another request is answered, the server has seen this one's head.
        backend.nobody().get("/healthz").await.is(200);
        Self { stream, rest: rest.to_owned() }
    }

    /// Sends the rest; returns the status and the body of the answer.
    async fn finish(mut self) -> (u16, Value) {
        self.stream.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let json = body.find('{').map(|at| &body[at..=body.rfind('}').unwrap()]);
        (status, serde_json::from_str(json.unwrap()).unwrap())
    }

    async fn refused(self, status: u16, code: &str) {
        let (told, body) = self.finish().await;
        assert_eq!((told, body["code"].as_str()), (status, Some(code)), "{body}");
    }
}

fn lines(headers: &[(&str, &str)]) -> String {
    let line = |(name, value): &(&str, &str)| [name, ": ", value, "\r\n"].concat();
    headers.iter().map(line).collect()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn a_key_that_expires_while_its_body_is_held_does_nothing() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let account = Account::open(&backend).await;
    let ends = clock::later(clock::now(), Duration::from_secs(2));
    let asked = json!({"type": "secret", "environment": "test", "expires_at": clock::text(ends)});
    let key = account.key(asked).await;
    let hook = json!({"webhook_url": "https://127.0.0.1:9/held", "environment": "test"});
    let (create, verify) = (bearer(&key.key), bearer(backend.operator_token()));
    let create = [("Authorization", &*create)];
    let create = Held::post(&backend, "/v1/webhooks", &create, &hook).await;
    let verify = [("Authorization", &*verify)];
    let body = json!({"key": key.key});
    let verify = Held::post(&backend, "/v1/api_keys/verify", &verify, &body).await;
    clock::past(ends).await;
    create.refused(401, "key_expired").await;
    let (status, verified) = verify.finish().await;
    assert_eq!((status, &verified["code"]), (200, &json!("expired")));
    assert_eq!(account.operator.list("/v1/webhooks").await, [json!(null); 0]);
}

#[tokio::test]
async fn an_expiry_that_is_held_brings_no_expired_key_back() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await;
    let token = bearer(backend.operator_token());
    let headers = [("Authorization", &*token), ("Latchhook-Account", &*account.id)];
    let path = format!("/v1/api_keys/{}/expire", key.id);
    let held = Held::post(&backend, &path, &headers, &json!({"expires_at": null})).await;
    account.operator.post(&path, json!({})).await.is(200);
    held.refused(409, "key_already_expired").await;
    let shown = account.operator.get(&format!("/v1/api_keys/{}", key.id)).await.is(200);
    assert_eq!(shown["status"], "expired");
}

#[tokio::test]
async fn nothing_is_done_for_an_account_that_is_closed_while_a_body_is_held() {
    let Some(backend) = Backend::visit_for(Need::Server) else { return };
    let account = Account::credentialed(&backend).await;
    let session = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let (operator, portal) =
        (bearer(backend.operator_token()), bearer(session["token"].as_str().unwrap()));
    let operator = [("Authorization", &*operator), ("Latchhook-Account", &*account.id)];
    let portal = [("Authorization", &*portal)];
    let event = json!({
        "type": "report.completed",
        "environment": "live",
        "data": {"object": {"id": "rep_1", "object": "report"}},
    });
    let new = json!({"type": "secret", "environment": "live"});

    let held = Held::post(&backend, "/v1/events", &operator, &event).await;
    account.update(json!({"credentialed": false})).await;
    held.refused(403, "account_not_credentialed").await;
    account.update(json!({"credentialed": true})).await;

    let event = Held::post(&backend, "/v1/events", &operator, &event).await;
    let key = Held::post(&backend, "/v1/api_keys", &portal, &new).await;
    account.operator.delete(&format!("/v1/accounts/{}", account.id)).await.is(200);
    event.refused(403, "account_closed").await;
    key.refused(403, "account_closed").await;
}
