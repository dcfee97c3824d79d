//! Transport for HTTP and HTTPS, one request at a time, with limits.

mod tls;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Builder, Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Time limit of a request.
const PATIENCE: Duration = Duration::from_mins(1);
/// Size limit of an answer: 64 MiB.
const LARGEST: usize = 64 << 20;

/// Maximum idle time of a connection: less than the five seconds after which common servers close
/// theirs, so that none closes under a request.
const MAX_IDLE: Duration = Duration::from_secs(4);
/// The most headers of an answer.
const MOST_HEADERS: usize = 1024;

type Secure = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Transport that sends requests and keeps connections for the next one.
#[derive(Clone)]
pub(crate) struct Transport {
    plain: Client<HttpConnector, Full<Bytes>>,
    secure: Arc<std::sync::OnceLock<Secure>>,
    trust: Trust,
    max_idle: Duration,
    patience: Duration,
}

/// Certificates that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Certificates that the system's authorities have signed.
    System,
    /// Any certificate: somebody between client and server can then read and change everything.
    Anybody,
}

/// Whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Reason why there is no answer, in words for people.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// No answer within the time limit.
    #[error("no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// Any other failure.
    #[error("{0}")]
    Broken(String),
}

impl Transport {
    /// Creates a transport without connections.
    pub(crate) fn new() -> Self {
        Self::trusting(Trust::System)
    }

    /// Creates a transport for servers that `trust` accepts.
    pub(crate) fn trusting(trust: Trust) -> Self {
        Self::keeping(MAX_IDLE, trust)
    }

    /// Transport with a new connection for each request: for servers that may close one at any
    /// moment, and requests that can't be repeated when they do.
    pub(crate) fn keeping_nothing(trust: Trust) -> Self {
        Self::keeping(Duration::ZERO, trust)
    }

    fn keeping(max_idle: Duration, trust: Trust) -> Self {
        let plain = builder(max_idle).build(HttpConnector::new());
        Self { plain, secure: Arc::default(), trust, max_idle, patience: PATIENCE }
    }

    /// Returns the transport with another time limit of a request.
    #[cfg(test)]
    pub(crate) fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    /// When there is none in time, or it is larger than 64 MiB.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let late = |_| TransportError::Late(self.patience);
        tokio::time::timeout(self.patience, self.exchange(request)).await.map_err(late)?
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let request = request.map(Full::new);
        let response = if is_secure(request.uri()) {
            self.secure()?.request(request).await
        } else {
            self.plain.request(request).await
        };
        let broken = |why: &dyn std::error::Error| TransportError::Broken(innermost(why));
        let (parts, body) = response.map_err(|why| broken(&why))?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await;
        let body = body.map_err(|why| broken(&*why))?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Returns the HTTPS client, created on first use because reading the system's certificates
    /// takes a while.
    fn secure(&self) -> Result<&Secure, TransportError> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let tls = tls::config(self.trust).map_err(|why| TransportError::Broken(why.to_string()))?;
        let https = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls);
        let https = https.https_only().enable_http1().build();
        let client = builder(self.max_idle).build(https);
        Ok(self.secure.get_or_init(|| client))
    }
}

/// A client that keeps connections for `max_idle` and takes answers whatever their headers are.
fn builder(max_idle: Duration) -> Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MOST_HEADERS)
        .pool_idle_timeout(max_idle);
    if max_idle.is_zero() {
        builder.pool_max_idle_per_host(0);
    }
    builder
}

fn is_secure(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// Returns the innermost cause, which says what happened ("connection refused"); the errors around
/// it only say where.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
