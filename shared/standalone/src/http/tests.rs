use std::{net::Ipv4Addr, time::Duration};

use axum::{
    extract::Request,
    middleware::{Next, from_fn},
    routing::{get, post},
};
use contracts::ManualClock;
use futures_util::FutureExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::Notify,
};

use super::{
    limits::{HEAD, IDLE},
    *,
};

const GET: &[u8] = b"GET /quick HTTP/1.1\r\nhost: a\r\n\r\n";
const POST: &[u8] = b"POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n";
const MOMENT: Duration = Duration::from_millis(1);

/// Client of a server whose clock stands still.
struct Client {
    clock: Arc<ManualClock>,
    stream: DuplexStream,
    /// Lets `/slow` answer.
    answer: Arc<Notify>,
    /// Notified when the server has begun to answer.
    begun: Arc<Notify>,
    connections: Connections,
}

impl Client {
    fn connect() -> Self {
        let clock = Arc::new(ManualClock::default());
        let (answer, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (waiting, beginning) = (Arc::clone(&answer), Arc::clone(&begun));
        let router = axum::Router::new()
            .route("/quick", get(async || "done"))
            .route("/slow", get(async move || waiting.notified().await))
            .route("/body", post(async |body: String| body))
            .layer(from_fn(move |request: Request, next: Next| {
                beginning.notify_one();
                next.run(request)
            }));
        let metrics = Arc::new(Metrics::new());
        let (connections, _) = Connections::new(router, metrics, clock.clone());
        let (stream, served) = tokio::io::duplex(1 << 16);
        connections.begin(served, Ipv4Addr::LOCALHOST.into());
        Self { clock, stream, answer, begun, connections }
    }

    /// Sends `bytes`, and lets the server read them.
    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        settle().await;
    }

    /// Moves the clock, and lets the server react.
    async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        settle().await;
    }

    /// Moves the clock to just before `limit`.
    async fn pass_almost(&self, limit: Duration) {
        self.pass(limit.checked_sub(MOMENT).unwrap()).await;
    }

    /// Sends a request that is answered at once.
    async fn get(&mut self) {
        self.send(GET).await;
        self.is_answered().await;
    }

    /// Reads an answer whose body is `done`.
    async fn is_answered(&mut self) {
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\ndone") {
            let byte = self.stream.read_u8().await;
            read.push(byte.unwrap_or_else(|why| panic!("{why}: {}", read.escape_ascii())));
        }
        assert!(read.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", read.escape_ascii());
    }

    /// Moves the clock past a limit: before it the connection is open, after it closed without an
    /// answer.
    async fn expect_close_after_a_moment(mut self) {
        assert_eq!(self.stream.read_u8().now_or_never().map(Result::ok), None);
        self.pass(MOMENT).await;
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest.escape_ascii().to_string(), "");
    }
}

/// Lets the server run: it is on the test's thread, and runs whenever the test yields.
async fn settle() {
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_75_seconds_after_each_answer() {
    assert!(IDLE > Duration::from_mins(1), "load balancers keep theirs for a minute");
    let mut client = Client::connect();
    for _ in 0..3 {
        client.get().await;
        client.pass_almost(IDLE).await;
    }
    client.expect_close_after_a_moment().await;
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_ever_sent_is_closed() {
    let client = Client::connect();
    client.pass_almost(IDLE).await;
    client.expect_close_after_a_moment().await;
}

#[tokio::test]
async fn a_head_has_10_seconds_from_its_first_byte_however_it_trickles() {
    let mut client = Client::connect();
    client.pass_almost(IDLE).await;
    for byte in *b"GET /quic" {
        client.send(&[byte]).await;
        client.pass(Duration::from_secs(1)).await;
    }
    client.send(b"k").await;
    client.pass_almost(Duration::from_secs(1)).await;
    client.expect_close_after_a_moment().await;
}

#[tokio::test]
async fn a_later_head_has_10_seconds_of_its_own() {
    let mut client = Client::connect();
    for _ in 0..3 {
        client.send(&GET[..20]).await;
        client.pass_almost(HEAD).await;
        client.send(&GET[20..]).await;
        client.is_answered().await;
        client.pass_almost(IDLE).await;
    }
    client.send(&GET[..20]).await;
    client.pass_almost(HEAD).await;
    client.expect_close_after_a_moment().await;
}

#[tokio::test]
async fn an_answer_may_take_longer_than_both() {
    let mut client = Client::connect();
    client.get().await;
    client.begun.notified().await;
    client.send(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.begun.notified().await;
    client.pass(IDLE * 3).await;
    client.answer.notify_one();
    let mut read = [0; 15];
    client.stream.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"HTTP/1.1 200 OK");
}

#[tokio::test]
async fn reading_a_body_has_no_head_time_limit() {
    let mut client = Client::connect();
    client.send(POST).await;
    client.begun.notified().await;
    client.send(b"do").await;
    client.pass(IDLE).await;
    client.send(b"ne").await;
    client.is_answered().await;
}

#[tokio::test]
async fn an_empty_line_after_a_body_does_not_begin_a_head() {
    let mut client = Client::connect();
    client.send(POST).await;
    client.send(b"done\r\n").await;
    client.is_answered().await;
    client.pass_almost(IDLE).await;
    client.send(b"\r\n").await;
    client.expect_close_after_a_moment().await;
}

#[tokio::test]
async fn the_preface_of_http_2_has_10_seconds() {
    let mut client = Client::connect();
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM").await;
    client.pass_almost(HEAD).await;
    assert_eq!(client.connections.graceful.count(), 1);
    client.pass(MOMENT).await;
    assert_eq!(client.connections.graceful.count(), 0);
}

#[tokio::test]
async fn a_connection_of_http_2_may_idle_as_long() {
    let settings: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    let mut client = Client::connect();
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM").await;
    client.send(b"\r\n\r\n").await;
    client.send(settings).await;
    client.pass_almost(IDLE).await;
    assert_eq!(client.connections.graceful.count(), 1);
    client.pass(MOMENT).await;
    assert_eq!(client.connections.graceful.count(), 0);
}
