//! Connections: each is served in a task of its own, until its client leaves or takes too long.

use std::{convert::Infallible, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use app::http::{BodyOwner, ClientIp};
use futures_util::FutureExt as _;
use http::StatusCode;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use ports::Clock;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Semaphore, oneshot, watch},
};
use tower::ServiceExt as _;

use super::{
    activity::{Activity, Closed},
    body::{AnswerBody, RequestBody},
    budget::Budget,
    limits::Limits,
    registry::{Group, Registry},
    stream::Observed,
};
use crate::metrics::Metrics;

/// Size limit of a head on HTTP/1.1 in bytes, which also limits the buffer of a body. The API
/// itself allows less and says so; beyond this the answer is a bare 431.
const MOST_BUFFERED: usize = 256 * 1024;
/// Number of bytes that a client of HTTP/2 may send before they are asked for, on a stream and on a
/// connection.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;
/// Number of requests that may be under way on a connection of HTTP/2.
const STREAMS: u32 = 100;
/// Number of those that are answered at a time; the others wait their turn. A client has as much of the
/// server with one connection as with this many of HTTP/1.1.
const AT_ONCE: usize = 16;
/// Time for which the refusal of a caller, for its credential or for how often that was used, is held
/// back: who does not heed it asks twenty times a second and connection, and not thousands of times.
const REFUSED: Duration = Duration::from_millis(50);
/// Time for which it is held back that there is no room, of bodies for example: the answer says to wait as
/// long, and who does not would send the next body at once.
const NO_ROOM: Duration = Duration::from_secs(1);

/// Returns Hyper's builder without timers: [`Activity`] keeps the time.
fn builder() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(MOST_BUFFERED).half_close(true);
    http.http2()
        .max_header_list_size(128 * 1024)
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    http
}

/// Connections that are open.
pub(super) struct Connections {
    http: Builder<TokioExecutor>,
    pub(super) registry: Registry,
    shared: Arc<Shared>,
    ending: watch::Receiver<bool>,
}

/// Parts that every request needs.
struct Shared {
    router: axum::Router,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    budget: Arc<Budget>,
    answering: Answering,
}

impl Connections {
    /// Creates the connections, none yet, with a count of the requests being answered on them. Once
    /// `ending` completes, each is closed after its last answer.
    pub(super) fn new(
        router: axum::Router,
        metrics: Arc<Metrics>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        ending: watch::Receiver<bool>,
    ) -> (Self, watch::Receiver<usize>) {
        let (answering, answered) = watch::channel(0);
        let answering = Answering(Arc::new(answering));
        let registry = Registry::new(limits.connections, Arc::clone(&metrics));
        let budget = Arc::new(Budget::new(&limits));
        let shared = Arc::new(Shared { router, metrics, clock, limits, budget, answering });
        (Self { http: builder(), registry, shared, ending }, answered)
    }

    /// Serves `stream`, whose client is at `ip`, if there is room for one more.
    pub(super) fn begin(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        ip: IpAddr,
    ) {
        let activity = Activity::new(Arc::clone(&self.shared.clock));
        let Some((place, displaced)) = self.registry.add(Group::of(ip), activity.clone()) else {
            self.shared.metrics.connection_refused();
            return;
        };
        let (http, shared, ending) =
            (self.http.clone(), Arc::clone(&self.shared), self.ending.clone());
        tokio::spawn(async move {
            serve(&http, stream, ip, &activity, &shared, displaced, ending).await;
            drop(place);
        });
    }
}

/// Serves one connection to its end.
async fn serve(
    http: &Builder<TokioExecutor>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ip: IpAddr,
    activity: &Activity,
    shared: &Arc<Shared>,
    displaced: oneshot::Receiver<()>,
    mut ending: watch::Receiver<bool>,
) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let service = service_fn(|request| {
        answer(Arc::clone(shared), activity.clone(), Arc::clone(&turns), ip, request)
    });
    let stream = TokioIo::new(Observed::new(stream, activity.clone()));
    let mut connection = pin!(http.serve_connection(stream, service));
    let mut late = pin!(activity.late(&shared.limits));
    let mut displaced = pin!(displaced);
    let mut is_ending = false;
    let closed = loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(why) = ended {
                    tracing::debug!(%why, "a connection broke");
                }
                if activity.is_flood() {
                    shared.metrics.connection_closed(Closed::Flood);
                }
                return;
            }
            _ = ending.wait_for(|ending| *ending), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
            _ = displaced.as_mut() => break Closed::Displaced,
            why = late.as_mut() => break why,
        }
    };
    shared.metrics.connection_closed(closed);
    // Over HTTP/2 the client is told, so that it takes none of its requests for processed.
    connection.as_mut().graceful_shutdown();
    let _ = connection.now_or_never();
}

/// Answers one request.
async fn answer(
    shared: Arc<Shared>,
    activity: Activity,
    turns: Arc<Semaphore>,
    ip: IpAddr,
    request: http::Request<Incoming>,
) -> Result<http::Response<AnswerBody>, Infallible> {
    let _one = shared.answering.one();
    let under_way = activity.request();
    let owner = BodyOwner::default();
    let mut request = request.map(|body| {
        let time = (Arc::clone(&shared.clock), shared.limits.body);
        let paid = (Arc::clone(&shared.budget), owner.clone(), Group::of(ip));
        let metrics = Arc::clone(&shared.metrics);
        axum::body::Body::new(RequestBody::new(body, time, metrics, paid, &under_way))
    });
    request.extensions_mut().insert(ClientIp(ip));
    request.extensions_mut().insert(owner);
    // Nobody closes it, so there is always a turn.
    let _turn = turns.acquire().await;
    let response = shared.router.clone().oneshot(request).await?;
    match response.status() {
        StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS => {
            shared.clock.sleep(REFUSED).await;
        }
        StatusCode::SERVICE_UNAVAILABLE => shared.clock.sleep(NO_ROOM).await,
        _ => {}
    }
    shared.metrics.answered(response.status());
    Ok(response.map(|body| AnswerBody::new(body, under_way.answer())))
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
