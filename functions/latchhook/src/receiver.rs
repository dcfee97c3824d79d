//! Small HTTP server that passes whole requests to a function: the receivers of `listen` and
//! `demo`.

use std::{convert::Infallible, future::Future, io, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::net::TcpListener;

/// Size limit of a body: 16 MiB, far more than Latchhook accepts as an event.
const LARGEST: usize = 16 << 20;

/// Whole request.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) method: http::Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Arrived {
    /// Returns a header's value, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Whole answer.
pub(crate) type Answered = Response<Bytes>;

/// Returns an answer without headers or a body.
pub(crate) fn bare(status: StatusCode) -> Answered {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// Answers requests with the results of `handle`, on HTTP/1.1 and HTTP/2, until it is dropped.
///
/// # Errors
/// When no more connections can be accepted.
pub(crate) async fn serve<H, F>(listener: TcpListener, handle: H) -> io::Result<Infallible>
where
    H: Fn(Arrived) -> F + Send + Sync + 'static,
    F: Future<Output = Answered> + Send + 'static,
{
    let handle = Arc::new(handle);
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        let handle = Arc::clone(&handle);
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&handle), request));
            let http = Builder::new(TokioExecutor::new());
            // An error of a connection concerns its client only; it can't be answered.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer<H, F>(
    handle: Arc<H>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible>
where
    H: Fn(Arrived) -> F,
    F: Future<Output = Answered>,
{
    let (parts, body) = request.into_parts();
    let answer = match Limited::new(body, LARGEST).collect().await {
        Ok(body) => {
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
            let (method, headers) = (parts.method, parts.headers);
            handle(Arrived { method, path, headers, body: body.to_bytes() }).await
        }
        Err(_) => bare(StatusCode::PAYLOAD_TOO_LARGE),
    };
    Ok(answer.map(Full::new))
}
