//! HTTP and HTTPS, one request at a time, bounded.

mod tls;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// The longest that a request may take in all.
const PATIENCE: Duration = Duration::from_mins(1);
/// The largest answer that is read: 64 MiB.
const LARGEST: usize = 64 << 20;

type Secure = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Sends requests; connections are kept for the next.
#[derive(Clone)]
pub(crate) struct Transport {
    plain: Client<HttpConnector, Full<Bytes>>,
    secure: Arc<std::sync::OnceLock<Secure>>,
    trust: Trust,
    patience: Duration,
}

/// Whose certificates are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Those that the system's authorities vouch for.
    System,
    /// Anybody's: whoever is on the way can read and change everything.
    Anybody,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer, in words for people.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// Anything else.
    #[error("{0}")]
    Broken(String),
}

impl Transport {
    /// A transport without connections.
    pub(crate) fn new() -> Self {
        Self::trusting(Trust::System)
    }

    /// The same for servers that `trust` accepts.
    pub(crate) fn trusting(trust: Trust) -> Self {
        let plain = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Self { plain, secure: Arc::default(), trust, patience: PATIENCE }
    }

    /// The same with another limit to what a request may take in all.
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

    /// Reading the system's certificates takes a while, so only who speaks HTTPS waits for it.
    fn secure(&self) -> Result<&Secure, TransportError> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let tls = tls::config(self.trust).map_err(|why| TransportError::Broken(why.to_string()))?;
        let https = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls);
        let https = https.https_only().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(https);
        Ok(self.secure.get_or_init(|| client))
    }
}

fn is_secure(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// The innermost cause says what happened ("connection refused"); those around it only where.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
