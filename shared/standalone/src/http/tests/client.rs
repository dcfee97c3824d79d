//! Client of a server whose clock a test moves.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::Request,
    middleware::{Next, from_fn},
    routing::{get, post},
};
use contracts::ManualClock;
use futures_util::FutureExt as _;
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::{Notify, watch},
};

use crate::{
    http::{connections::Connections, limits::Limits},
    metrics::Metrics,
};

pub(super) const LIMITS: Limits = Limits {
    head: Duration::from_secs(10),
    body: Duration::from_secs(30),
    answer: Duration::from_mins(1),
    idle: Duration::from_secs(75),
    connections: 100,
    body_bytes: 4096,
};
pub(super) const GET: &[u8] = b"GET /quick HTTP/1.1\r\nhost: a\r\n\r\n";
pub(super) const MOMENT: Duration = Duration::from_millis(1);

/// Client of a server whose clock stands still.
pub(super) struct Client {
    pub(super) clock: Arc<ManualClock>,
    pub(super) stream: DuplexStream,
    /// Lets `/slow` answer.
    pub(super) answer: Arc<Notify>,
    /// Notified when the server has begun to answer.
    pub(super) begun: Arc<Notify>,
    count: Arc<AtomicUsize>,
    pub(super) connections: Connections,
    pub(super) metrics: Arc<Metrics>,
    _ending: watch::Sender<bool>,
}

impl Client {
    pub(super) fn connect() -> Self {
        let clock = Arc::new(ManualClock::default());
        let (answer, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (waiting, beginning) = (Arc::clone(&answer), Arc::clone(&begun));
        let count = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&count);
        let router = axum::Router::new()
            .route("/quick", get(async || "done"))
            .route("/large", get(async || vec![b'a'; 1 << 20]))
            .route("/slow", get(async move || waiting.notified().await))
            .route("/refused", get(async || (StatusCode::TOO_MANY_REQUESTS, "done")))
            .route("/full", get(async || (StatusCode::SERVICE_UNAVAILABLE, "done")))
            .route("/body", post(async |body: Result<Bytes, _>| body.map_err(|_| "cut off")))
            .layer(from_fn(move |request: Request, next: Next| {
                beginning.notify_one();
                counting.fetch_add(1, Ordering::Relaxed);
                next.run(request)
            }));
        let metrics = Arc::new(Metrics::new());
        let (ending, ends) = watch::channel(false);
        let (connections, _) =
            Connections::new(router, Arc::clone(&metrics), clock.clone(), LIMITS, ends);
        let stream = another(&connections, Ipv4Addr::LOCALHOST.into());
        Self { clock, stream, answer, begun, count, connections, metrics, _ending: ending }
    }

    /// Returns the number of requests that the server has begun to answer.
    pub(super) fn begun_so_far(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Sends `bytes`, and lets the server read them.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        settle().await;
    }

    /// Moves the clock, and lets the server react.
    pub(super) async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        settle().await;
    }

    /// Moves the clock to just before `limit`.
    pub(super) async fn pass_almost(&self, limit: Duration) {
        self.pass(limit.checked_sub(MOMENT).unwrap()).await;
    }

    /// Sends a request that is answered at once.
    pub(super) async fn get(&mut self) {
        self.send(GET).await;
        self.is_answered().await;
    }

    /// Reads an answer whose body is `done`.
    pub(super) async fn is_answered(&mut self) {
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\ndone") {
            let byte = self.stream.read_u8().await;
            read.push(byte.unwrap_or_else(|why| panic!("{why}: {}", read.escape_ascii())));
        }
        assert!(read.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", read.escape_ascii());
    }

    /// Moves the clock past a limit: before it the connection is open, after it closed without an
    /// answer.
    pub(super) async fn expect_close_after_a_moment(mut self, reason: &str) {
        assert_eq!(self.stream.read_u8().now_or_never().map(Result::ok), None);
        self.pass(MOMENT).await;
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest.escape_ascii().to_string(), "");
        self.was_closed_for(reason);
    }

    /// Moves the clock past a limit: before it the connection is open, after it closed.
    pub(super) async fn expect_end_after_a_moment(&self, reason: &str) {
        assert_eq!(self.connections.registry.len(), 1);
        self.pass(MOMENT).await;
        assert_eq!(self.connections.registry.len(), 0);
        self.was_closed_for(reason);
    }

    pub(super) fn was_closed_for(&self, reason: &str) {
        let line = format!("latchhook_http_connections_closed_total{{reason={reason:?}}} 1");
        let page = self.metrics.page();
        assert!(page.lines().any(|found| found == line), "{line} is not in:\n{page}");
    }
}

/// Opens a connection from `ip`.
pub(super) fn another(connections: &Connections, ip: IpAddr) -> DuplexStream {
    let (stream, served) = tokio::io::duplex(1 << 16);
    connections.begin(served, ip);
    stream
}

/// Lets the server run: it is on the test's thread, and runs whenever the test yields.
pub(super) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}
