//! The SDK's HTTP client: one pool for all services, on rustls and ring.
//!
//! It trusts the authorities that are compiled in. Reading the system's takes longer than all the
//! rest of a function's start.

use std::{fmt, sync::Arc, time::Duration};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared as _,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector as Tcp},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// How long a connection may take to come up; as the SDK's own client has it.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// Connection pool of all services' clients; it connects when a call is made.
#[derive(Clone)]
pub(crate) struct Wire(Pool);

type Pool = legacy::Client<HttpsConnector<Tcp>, Full<Bytes>>;

impl Wire {
    pub(crate) fn new() -> Self {
        Self(pool())
    }
}

fn pool() -> Pool {
    let mut tcp = Tcp::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls())
        // Plain HTTP is for emulators, by an endpoint of theirs.
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    legacy::Client::builder(TokioExecutor::new()).build(connector)
}

#[expect(clippy::expect_used, reason = "ring supports the default versions, whatever the input")]
fn tls() -> ClientConfig {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.clone().into_shared()
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request =
                request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let (head, body) = request.into_parts();
            let body = Full::new(Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
            let response = client.request(http::Request::from_parts(head, body)).await;
            let response = response.map_err(|error| ConnectorError::io(error.into()))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| ConnectorError::io(error.into()))?;
            let response = http::Response::from_parts(head, SdkBody::from(body.to_bytes()));
            HttpResponse::try_from(response)
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
