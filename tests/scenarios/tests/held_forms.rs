//! Forms of the pages that are held back over a real connection: the head and one byte come, the session
//! ends, and then the rest comes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use latchhook_scenarios::{Account, Backend, Need, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Connection on which the last bytes of a form are still to be sent.
struct Held {
    stream: TcpStream,
    rest: String,
}

impl Held {
    /// Sends the head of a form from `path`'s own page, and one byte of it.
    async fn send(backend: &Backend, path: &str, cookie: &str, form: &str) -> Self {
        let base = backend.base();
        let address = base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let (first, rest) = form.split_at(form.len().min(1));
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nCookie: {cookie}\r\n\
             Content-Length: {}\r\n\r\n{first}",
            form.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // Once another request is answered, the server has seen this one's head.
        backend.nobody().get("/healthz").await.is(200);
        Self { stream, rest: rest.to_owned() }
    }

    /// Sends the rest; returns the answer's status and its whole text.
    async fn finish(mut self) -> (u16, String) {
        self.stream.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
}

/// Sends a form at once.
async fn sent(backend: &Backend, path: &str, cookie: &str, form: &str) -> (u16, String) {
    Held::send(backend, path, cookie, form).await.finish().await
}

/// Returns a page, with its head.
async fn shown(backend: &Backend, path: &str, cookie: &str) -> String {
    let base = backend.base();
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    answer
}

/// Session of the pages: its cookie, and the token of its forms.
struct Session {
    cookie: String,
    form: String,
}

impl Session {
    /// Signs in by a form at `path`, which leads to the page `inside`.
    async fn begin(backend: &Backend, path: &str, form: &str, inside: &str) -> Self {
        let (status, answer) = sent(backend, path, "", form).await;
        assert_eq!(status, 303, "{answer}");
        let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let page = shown(backend, inside, &cookie).await;
        let (_, from) = page.split_once("name=\"form\" value=\"").unwrap();
        let form = from.split('"').next().unwrap().to_owned();
        Self { cookie, form }
    }

    /// Form with `fields`, as one of this session's pages sends it.
    fn form(&self, fields: &str) -> String {
        format!("{fields}&form={}", self.form)
    }
}

#[tokio::test]
async fn a_form_of_the_operator_whose_session_ended_on_its_way_does_nothing() {
    let Some(backend) = Backend::visit_for(Need::Process) else { return };
    let token = format!("token={}", backend.operator_token());
    let session = Session::begin(&backend, "/operator/sign-in", &token, "/operator/accounts").await;
    // As long as the session is open, the same form opens an account.
    let open = session.form("name=Held+at+first&once=held-1");
    let (status, answer) = sent(&backend, "/operator/accounts", &session.cookie, &open).await;
    assert_eq!(status, 303, "{answer}");
    let open = session.form("name=Held+too+long&once=held-2");
    let held = Held::send(&backend, "/operator/accounts", &session.cookie, &open).await;
    let out = session.form("x=y");
    assert_eq!(sent(&backend, "/operator/sign-out", &session.cookie, &out).await.0, 303);
    assert_eq!(held.finish().await.0, 401);
    let operator = backend.operator();
    assert_eq!(operator.list("/v1/accounts?search=Held+at+first").await.len(), 1);
    assert_eq!(operator.list("/v1/accounts?search=Held+too+long").await, [json!(null); 0]);
}

#[tokio::test]
async fn a_form_of_a_customer_whose_session_ended_on_its_way_does_nothing() {
    let Some(backend) = Backend::visit_for(Need::Process) else { return };
    let account = Account::open(&backend).await;
    let opened = account.operator.post("/v1/portal_sessions", json!({})).await.is(201);
    let code = opened["url"].as_str().unwrap().split_once("code=").unwrap().1.to_owned();
    let code = format!("code={code}");
    let session = Session::begin(&backend, "/dashboard", &code, "/dashboard/keys").await;
    let create = session.form("type=secret&environment=test&name=Held&once=held-3");
    let held = Held::send(&backend, "/dashboard/keys", &session.cookie, &create).await;
    let path = format!("/v1/portal_sessions/{}", opened["id"].as_str().unwrap());
    account.operator.delete(&path).await.is(200);
    assert_eq!(held.finish().await.0, 401);
    assert_eq!(account.operator.list("/v1/api_keys").await, [json!(null); 0]);
}
