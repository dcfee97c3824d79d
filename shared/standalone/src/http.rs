//! HTTP server of the API.

mod limits;
#[cfg(test)]
mod tests;

use std::{net::IpAddr, sync::Arc, time::Duration};

use app::http::ClientIp;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use ports::Clock;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
};
use tower::ServiceExt as _;

use self::limits::{Limited, Requests};
use crate::metrics::Metrics;

/// Time limit of requests under way once the server is ending.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// Pause after the machine had no room for a connection.
const FULL: Duration = Duration::from_millis(50);
/// Time limit of connections after their last answer: the answer is on its way, and only an
/// incomplete request can keep a connection open.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Size limit of a head on HTTP/1.1 in bytes, which also limits the buffer of a body. The API
/// itself allows less and says so; beyond this the answer is a bare 431.
const MOST_BUFFERED: usize = 256 * 1024;

/// Answers requests until `ending` completes; then lets those under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: axum::Router,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    mut ending: watch::Receiver<bool>,
) {
    let (connections, mut all_answered) = Connections::new(router, metrics, Arc::clone(&clock));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are small and complete; waiting to fill a packet would only delay them.
                let _ = stream.set_nodelay(true);
                connections.begin(stream, peer.ip().to_canonical());
            }
            Err(why) => {
                tracing::warn!(%why, "a connection could not be taken");
                clock.sleep(FULL).await;
            }
        }
    }
    drop(listener);
    let finished = async {
        tokio::select! {
            () = connections.graceful.shutdown() => {}
            () = async {
                let _ = all_answered.wait_for(|answering| *answering == 0).await;
                clock.sleep(LAST_WORDS).await;
            } => {}
        }
    };
    tokio::select! {
        () = finished => {}
        () = clock.sleep(LAST_REQUESTS) => tracing::warn!("some requests did not finish"),
    }
}

/// Number of requests that are being answered.
#[derive(Clone)]
struct Answering(Arc<watch::Sender<usize>>);

/// Request that is being answered.
struct Answer(Answering);

impl Answering {
    fn one(&self) -> Answer {
        self.0.send_if_modified(|answering| {
            *answering += 1;
            false
        });
        Answer(self.clone())
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.0.send_if_modified(|answering| {
            *answering -= 1;
            *answering == 0
        });
    }
}

/// Returns Hyper's builder without timers: [`limits`] keeps the time.
fn builder() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(MOST_BUFFERED).half_close(true);
    http.http2().max_header_list_size(128 * 1024).max_concurrent_streams(256);
    http
}

/// Parts that every connection needs.
struct Connections {
    http: Builder<TokioExecutor>,
    graceful: GracefulShutdown,
    router: axum::Router,
    metrics: Arc<Metrics>,
    answering: Answering,
    clock: Arc<dyn Clock>,
}

impl Connections {
    /// Creates the connections, none yet, with a count of the requests being answered on them.
    fn new(
        router: axum::Router,
        metrics: Arc<Metrics>,
        clock: Arc<dyn Clock>,
    ) -> (Self, watch::Receiver<usize>) {
        let graceful = GracefulShutdown::new();
        let (answering, answered) = watch::channel(0);
        let answering = Answering(Arc::new(answering));
        (Self { http: builder(), graceful, router, metrics, answering, clock }, answered)
    }

    /// Serves `stream`, whose client is at `ip`.
    fn begin(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, ip: IpAddr) {
        let requests = Requests::default();
        let stream = Limited::new(stream, requests.clone(), Arc::clone(&self.clock));
        let metrics = Arc::clone(&self.metrics);
        let answering = self.answering.clone();
        let service =
            self.router.clone().map_request(move |mut request: http::Request<Incoming>| {
                request.extensions_mut().insert(ClientIp(ip));
                request.map(axum::body::Body::new)
            });
        let service = service.map_response(move |response| {
            metrics.answered(response.status());
            response
        });
        let service = service.map_future(move |answer| {
            let one = (answering.one(), requests.one());
            async move {
                let answered = answer.await;
                drop(one);
                answered
            }
        });
        let service = TowerToHyperService::new(service);
        let connection = self.http.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(why) = connection.await {
                tracing::debug!(%why, "a connection broke");
            }
        });
    }
}
