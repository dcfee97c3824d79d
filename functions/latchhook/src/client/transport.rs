//! HTTP and HTTPS, one request at a time, bounded.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
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

/// Sends requests; connections are kept for the next.
#[derive(Clone)]
pub(crate) struct Transport {
    plain: Client<HttpConnector, Full<Bytes>>,
    secure: Arc<std::sync::OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>>,
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// Why there is no answer, in words for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct TransportError(String);

impl Transport {
    /// A transport without connections.
    pub(crate) fn new() -> Self {
        let plain = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Self { plain, secure: Arc::default() }
    }

    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    /// When there is none within a minute, or it is larger than 64 MiB.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let seconds = PATIENCE.as_secs();
        let late = |_| TransportError(format!("no answer within {seconds} s"));
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.map_err(late)?
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let request = request.map(Full::new);
        let response = if is_secure(request.uri()) {
            self.secure()?.request(request).await
        } else {
            self.plain.request(request).await
        };
        let (parts, body) = response.map_err(|why| TransportError(chain(&why)))?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await;
        let body = body.map_err(|why| TransportError(why.to_string()))?.to_bytes();
        Ok(Answer { status: parts.status, body })
    }

    /// Reading the system's certificates takes a while, so only who speaks HTTPS waits for it.
    fn secure(
        &self,
    ) -> Result<&Client<HttpsConnector<HttpConnector>, Full<Bytes>>, TransportError> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let client = Client::builder(TokioExecutor::new()).build(https()?);
        Ok(self.secure.get_or_init(|| client))
    }
}

fn https() -> Result<HttpsConnector<HttpConnector>, TransportError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| TransportError(why.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let https = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls);
    Ok(https.https_only().enable_http1().build())
}

fn is_secure(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// The innermost cause says what happened ("connection refused"); those around it only where.
fn chain(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
