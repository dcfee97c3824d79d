//! Clients that are slow or silent, and connections beyond what the process can hold.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a scenario fails")]

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use latchhook_scenarios::{Account, Backend, Need, Receiver, Settings, clock, json};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
};

const HEAD: Duration = Duration::from_millis(600);
const BODY: Duration = Duration::from_millis(1200);
const IDLE: Duration = Duration::from_millis(1800);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Time between two bytes of a client that trickles.
const BETWEEN: Duration = Duration::from_millis(50);

/// Settings with short time limits.
fn short() -> Settings {
    Settings::default()
        .with("LATCHHOOK_HEAD_TIMEOUT", "600ms")
        .with("LATCHHOOK_BODY_TIMEOUT", "1200ms")
        .with("LATCHHOOK_ANSWER_TIMEOUT", "1s")
        .with("LATCHHOOK_IDLE_TIMEOUT", "1800ms")
}

fn address(backend: &Backend) -> SocketAddr {
    backend.base().strip_prefix("http://").unwrap().parse().unwrap()
}

/// Reads until the server closes; returns what came, and how long that took since `began`.
async fn closed(mut stream: TcpStream, began: Instant) -> (Vec<u8>, Duration) {
    let mut read = Vec::new();
    let reading = stream.read_to_end(&mut read);
    let ended = tokio::time::timeout(clock::PATIENCE, reading).await.expect("the server closes");
    // A reset is a close as well: it answers bytes that nobody read.
    let _ = ended;
    (read, began.elapsed())
}

/// Sends `bytes` at once, and then nothing.
async fn closed_after(backend: &Backend, bytes: &[u8]) -> (Vec<u8>, Duration) {
    let began = clock::instant();
    let mut stream = TcpStream::connect(address(backend)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    closed(stream, began).await
}

/// Sends `head` at once, and then one byte after another until the server closes.
async fn closed_while_trickling(backend: &Backend, head: &[u8]) -> Duration {
    let began = clock::instant();
    let stream = TcpStream::connect(address(backend)).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    writer.write_all(head).await.unwrap();
    let mut read = Vec::new();
    let mut closed = Box::pin(reader.read_to_end(&mut read));
    while began.elapsed() < clock::PATIENCE {
        tokio::select! {
            _ = &mut closed => return began.elapsed(),
            () = clock::pass(BETWEEN) => { let _ = writer.write_all(b"a").await; }
        }
    }
    panic!("the server does not close");
}

async fn metric(backend: &Backend, name: &str) -> u64 {
    let page = backend.operator().get("/metrics").await;
    let page = page.text();
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in:\n{page}")).parse().unwrap()
}

#[tokio::test]
async fn a_client_that_stops_is_closed_wherever_it_stops() {
    let Some(backend) = Backend::with(&short()) else { return };
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let whole = [PREFACE, &settings].concat();
    let cases: [(&[u8], Duration); 6] = [
        (b"", HEAD),
        (b"GET /healthz HTTP/1.1\r\nho", HEAD),
        (&PREFACE[..18], HEAD),
        (PREFACE, IDLE),
        (&whole, IDLE),
        (b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", IDLE),
    ];
    let ended = join_all(cases.map(|(bytes, _)| closed_after(&backend, bytes))).await;
    for ((bytes, limit), (_, took)) in cases.into_iter().zip(ended) {
        assert!(took >= limit, "{}: {took:?}", bytes.escape_ascii());
    }
}

#[tokio::test]
async fn a_head_that_trickles_has_one_time_limit() {
    let Some(backend) = Backend::with(&short()) else { return };
    let took = closed_while_trickling(&backend, b"GET /healthz HTTP/1.1\r\nx: ").await;
    assert!(took >= HEAD, "{took:?}");
}

#[tokio::test]
async fn a_body_that_trickles_has_one_time_limit_on_every_route() {
    let Some(backend) = Backend::with(&short()) else { return };
    let token = backend.operator_token();
    let rest = "content-length: 20000\r\n\r\n";
    let form = "content-type: application/x-www-form-urlencoded\r\norigin: http://a\r\n";
    let heads = [
        format!("POST /v1/accounts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n{rest}"),
        format!("POST /v1/portal_sessions/redeem HTTP/1.1\r\nhost: a\r\n{form}{rest}"),
        format!("POST /operator/sign-in HTTP/1.1\r\nhost: a\r\n{form}{rest}"),
        format!("POST /v1/accounts HTTP/1.1\r\nhost: a\r\n{rest}"),
        format!("POST /nowhere HTTP/1.1\r\nhost: a\r\n{rest}"),
    ];
    join_all(heads.iter().map(|head| closed_while_trickling(&backend, head.as_bytes()))).await;
    assert!(metric(&backend, "latchhook_http_bodies_refused_total{reason=\"late\"}").await > 0);
}

#[tokio::test]
async fn a_slow_body_is_answered_with_the_reason() {
    let Some(backend) = Backend::with(&short()) else { return };
    let token = backend.operator_token();
    let head = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
         content-length: 20000\r\n\r\n{{"
    );
    let (read, took) = closed_after(&backend, head.as_bytes()).await;
    let read = String::from_utf8(read).unwrap();
    assert!(read.starts_with("HTTP/1.1 400 "), "{read}");
    assert!(read.contains("did not arrive in time"), "{read}");
    assert!(took >= BODY, "{took:?}");
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answers_is_cut_off() {
    let Some(backend) = Backend::alone(Need::Metrics, &short()) else { return };
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address(&backend)).await.unwrap();
    let asked = b"GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100);
    let _ = stream.write_all(&asked).await;
    clock::eventually("it is cut off", || async {
        let name = "latchhook_http_connections_closed_total{reason=\"answer\"}";
        (metric(&backend, name).await == 1).then_some(())
    })
    .await;
    drop(stream);
}

#[tokio::test]
async fn bodies_of_one_caller_do_not_fill_memory() {
    let settings = Settings::default().with("LATCHHOOK_BODY_MEMORY", "1");
    let Some(backend) = Backend::alone(Need::Metrics, &settings) else { return };
    let token = backend.operator_token();
    let body = "a".repeat(200_000);
    let head = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
         content-length: 250000\r\n\r\n{body}"
    );
    // A quarter of a MiB has room for one of them; two that grow side by side may both be refused.
    let mut first = TcpStream::connect(address(&backend)).await.unwrap();
    first.write_all(head.as_bytes()).await.unwrap();
    let mut second = TcpStream::connect(address(&backend)).await.unwrap();
    second.write_all(head.as_bytes()).await.unwrap();
    clock::eventually("not both are held", || async {
        let name = "latchhook_http_bodies_refused_total{reason=\"crowded\"}";
        (metric(&backend, name).await > 0).then_some(())
    })
    .await;
    drop((first, second));
    let account = Account::open(&backend).await;
    account.secret_key("test").await;
}

#[tokio::test]
async fn silent_connections_beyond_the_descriptors_shut_nobody_out() {
    let settings = Settings::default().descriptors(1024);
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;

    let limit =
        Rlimit { current: getrlimit(Resource::Nofile).maximum, ..getrlimit(Resource::Nofile) };
    setrlimit(Resource::Nofile, limit).unwrap();
    let server = address(&backend);
    let mut silent = Vec::new();
    for _ in 0..1100 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        silent.push(socket.connect(server).await.unwrap());
    }
    assert_eq!(backend.nobody().get("/healthz").await.status, 200);
    assert_eq!(backend.nobody().get("/readyz").await.status, 200);
    let event = account.event("report.completed").await;
    let delivery = account.delivery_at("delivered", &event, &hook).await;
    assert_eq!(delivery["attempts"], json!(1));
    let open = metric(&backend, "latchhook_http_connections").await;
    let displaced = "latchhook_http_connections_closed_total{reason=\"displaced\"}";
    assert!(open < 1024 && metric(&backend, displaced).await > 0, "{open}");
    drop(silent);
}

#[tokio::test]
async fn interim_answers_without_end_are_a_failure_and_not_waited_for() {
    let account = Account::open(&Backend::visit()).await;
    for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\na: b\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut read = [0; 4096];
                    let _ = stream.read(&mut read).await;
                    while stream.write_all(interim.as_bytes()).await.is_ok() {}
                });
            }
        });
        account.webhook(&url).await;
        let event = account.event("report.completed").await;
        let rows = account.attempts(&event, 1).await;
        assert_eq!(rows[0]["error"]["code"], "protocol_error", "{}", rows[0]);
    }
}
