use std::sync::Arc;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::Mutex,
    task::JoinHandle,
};

use super::*;
use crate::failure::Failure;

/// Server on a free port that gives prepared answers and records the requests.
pub(crate) struct Fake {
    pub(crate) url: String,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn fake(answers: Vec<(u16, String)>) -> Fake {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let task = tokio::spawn(async move {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await.unwrap();
            kept.lock().await.push(String::from_utf8_lossy(&request[..length]).into_owned());
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        }
    });
    Fake { url, asked, task }
}

fn client(url: &str) -> Client {
    Client::new(url, Secret::new("lhop_token"), Some("acct_1".to_owned()))
}

#[tokio::test]
async fn a_call_carries_token_and_account_and_returns_the_object() {
    let server = fake(vec![(201, json!({"id": "wh_1"}).to_string())]).await;
    let body = json!({"webhook_url": "https://example.com"});
    let call = Call::with(&body).once("once-1");
    let made = client(&server.url).call(Method::POST, "/v1/webhooks", call).await.unwrap();
    assert_eq!(made["id"], "wh_1");
    let asked = server.asked.lock().await.join("");
    for expected in [
        "POST /v1/webhooks HTTP/1.1\r\n",
        "authorization: Bearer lhop_token\r\n",
        "latchhook-account: acct_1\r\n",
        "idempotency-key: once-1\r\n",
        "content-type: application/json\r\n",
        r#"{"webhook_url":"https://example.com"}"#,
    ] {
        assert!(asked.contains(expected), "{expected:?} is not in {asked}");
    }
}

#[tokio::test]
async fn a_refusal_is_shown_with_its_code_and_field_and_exits_1() {
    let error = json!({
        "error": "Quota limit exceeded", "code": "quota_limit_exceeded",
        "param": "webhook_url", "request_id": "req_1"
    });
    let server = fake(vec![(409, error.to_string())]).await;
    let refused = client(&server.url).get("/v1/webhooks").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Quota limit exceeded (quota_limit_exceeded, param webhook_url, req_1)"
    );
    assert!(matches!(Failure::from(refused), Failure::Failed(_)));
}

#[tokio::test]
async fn answers_of_other_servers_are_recognized() {
    let server = fake(vec![(200, "<html>".to_owned()), (404, "{}".to_owned())]).await;
    for _ in 0..2 {
        let strange = client(&server.url).get("/v1/webhooks").await.unwrap_err();
        assert!(matches!(strange, ApiError::Strange { .. }), "{strange}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = client(&format!("http://{unused}")).get("/v1/webhooks").await.unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(matches!(Failure::from(error), Failure::Unreachable(_)));
}

#[tokio::test]
async fn a_list_is_read_page_by_page_up_to_the_limit() {
    let first = json!({"data": [{"id": 1}, {"id": 2}], "next_href": "/v1/events?cursor=c"});
    let second = json!({"data": [{"id": 3}, {"id": 4}], "next_href": "/v1/events?cursor=d"});
    let server = fake(vec![(200, first.to_string()), (200, second.to_string())]).await;
    let query = Query::new("/v1/events").with("type", Some("a&b")).with("since", None::<&str>);
    let events = client(&server.url).list(query, 3).await.unwrap();
    let texts: Vec<&str> = events.iter().map(Document::text).collect();
    assert_eq!(texts, [r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#]);
    let asked = server.asked.lock().await;
    assert!(asked[0].starts_with("GET /v1/events?type=a%26b&per_page=3 HTTP/1.1\r\n"));
    assert!(asked[1].starts_with("GET /v1/events?cursor=c HTTP/1.1\r\n"));
}

#[tokio::test]
async fn request_and_answer_bodies_are_not_changed() {
    let text = r#"{"z": 1.10,"a":12345678901234567890123, "z":"\u0041"}"#;
    let server = fake(vec![(202, text.to_owned())]).await;
    let call = Call::text(text.to_owned());
    let answer = client(&server.url).ask(Method::POST, "/v1/events", call).await.unwrap();
    assert_eq!(answer.text(), text);
    assert!(server.asked.lock().await.join("").ends_with(text));
}
