//! Receiver: the customer's endpoint.

use std::{
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Method, Request, Response, Version};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use jiff::Timestamp;
use serde_json::Value;
use sha2::Sha256;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    clock::{PATIENCE, instant, now},
    reply::{Reply, ReplyBody},
    tls::Authority,
};

/// HTTP server that records requests and answers as configured; stopped when dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    scheme: &'static str,
    inner: Arc<Inner>,
    read: AtomicUsize,
    serving: JoinHandle<()>,
}

/// Request that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Number of requests that arrived before it.
    pub index: usize,
    /// HTTP version.
    pub version: Version,
    /// Method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// Time at which it was complete, by the wall clock.
    pub at: Timestamp,
    /// Time at which it was complete, by the monotonic clock.
    pub instant: Instant,
}

type Answers = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

struct Inner {
    received: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
    answers: RwLock<Answers>,
}

impl Receiver {
    /// Starts a receiver that answers 200 to everything.
    pub async fn start() -> Self {
        Self::with(|_| Reply::ok()).await
    }

    /// Starts a receiver that answers `reply` to everything.
    pub async fn always(reply: Reply) -> Self {
        Self::with(move |_| reply.clone()).await
    }

    /// Starts a receiver that answers `reply` to the first `times` requests, and 200 from then on.
    pub async fn first(times: usize, reply: Reply) -> Self {
        Self::with(move |request| if request.index < times { reply.clone() } else { Reply::ok() })
            .await
    }

    /// Starts a receiver that answers what `answers` says.
    pub async fn with(answers: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(None, answers).await
    }

    /// Starts a receiver that answers 200 to everything, over HTTPS with a certificate of
    /// `authority`.
    pub async fn secure(authority: &Authority) -> Self {
        Self::listen(Some(authority.acceptor()), |_| Reply::ok()).await
    }

    async fn listen(
        tls: Option<TlsAcceptor>,
        answers: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let inner = Arc::new(Inner {
            received: Mutex::default(),
            count: watch::Sender::new(0),
            answers: RwLock::new(Arc::new(answers)),
        });
        let serving = tokio::spawn(serve(listener, tls, inner.clone()));
        Self { address, scheme, inner, read: AtomicUsize::new(0), serving }
    }

    /// Answers `reply` to everything from now on.
    pub fn now_always(&self, reply: Reply) {
        *self.inner.answers.write().unwrap() = Arc::new(move |_| reply.clone());
    }

    /// URL of the receiver with `path`, such as `http://127.0.0.1:41235/path`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// Address on which it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next request, one that no earlier call has returned.
    pub async fn next(&self) -> Received {
        let index = self.read.fetch_add(1, Ordering::SeqCst);
        self.reach(index + 1).await;
        self.inner.received.lock().unwrap()[index].clone()
    }

    /// Waits until `count` requests have arrived; returns all that have.
    pub async fn first_of(&self, count: usize) -> Vec<Received> {
        self.reach(count).await;
        self.all()
    }

    /// Requests that have arrived so far.
    #[must_use]
    pub fn all(&self) -> Vec<Received> {
        self.inner.received.lock().unwrap().clone()
    }

    /// Number of requests that have arrived so far.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.inner.count.borrow()
    }

    async fn reach(&self, count: usize) {
        let mut counts = self.inner.count.subscribe();
        let reached = tokio::time::timeout(PATIENCE, counts.wait_for(|seen| *seen >= count)).await;
        let came = self.count();
        assert!(reached.is_ok(), "{came} of {count} requests arrived within {PATIENCE:?}");
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Received {
    /// Header of that name.
    #[must_use]
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        value.to_str().unwrap()
    }

    /// Identifier of the event that it delivers, from `webhook-id`.
    #[must_use]
    #[track_caller]
    pub fn event(&self) -> &str {
        self.header("webhook-id")
    }

    /// JSON body.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a delivery is JSON")
    }

    /// Body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a delivery is UTF-8")
    }

    /// Returns whether the reference library of Standard Webhooks accepts it as signed with
    /// `secret`.
    #[must_use]
    pub fn verifies(&self, secret: &str) -> bool {
        let webhook = standardwebhooks::Webhook::new(secret).expect("a well-formed secret");
        webhook.verify(&self.body, &self.headers).is_ok()
    }

    /// Legacy signature that receivers of the modelled service expect: lowercase hex HMAC-SHA256 of
    /// the body, keyed by an API key.
    #[must_use]
    pub fn legacy_signature(&self, key: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length will do");
        mac.update(&self.body);
        hex::encode(mac.finalize().into_bytes())
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("received", &self.received).finish_non_exhaustive()
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, inner: Arc<Inner>) {
    // Dropping the set aborts its connections.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, inner) = (tls.clone(), inner.clone());
        connections.spawn(async move {
            match tls {
                None => converse(stream, inner).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(stream, inner).await;
                    }
                }
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, inner: Arc<Inner>) {
    let service = service_fn(move |request| answer(inner.clone(), request));
    // A sender may hang up in the middle.
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    inner: Arc<Inner>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let reply = inner.record(Received {
        index: 0,
        version: head.version,
        method: head.method,
        path: head.uri.to_string(),
        headers: head.headers,
        body,
        at: now(),
        instant: instant(),
    });
    Ok(reply.response().await)
}

impl Inner {
    fn record(&self, mut request: Received) -> Reply {
        let mut received = self.received.lock().unwrap();
        request.index = received.len();
        let answers = self.answers.read().unwrap().clone();
        let reply = answers(&request);
        received.push(request);
        self.count.send_replace(received.len());
        reply
    }
}
