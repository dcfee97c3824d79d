//! The SDK's HTTP client: our pool, so our guard.

use std::{fmt, sync::Arc};

use aws_sdk_sns::config::{
    HttpClient, RuntimeComponents,
    http::{HttpRequest, HttpResponse},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};

use ports::resolve::Asker;

use crate::{http::Client, pools::Pools};

/// The most that is read of an answer; SNS answers in a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

#[derive(Clone)]
pub(super) struct Wire {
    pools: Arc<Pools>,
    asker: Asker,
}

impl Wire {
    /// Sends on the connections of `asker`.
    pub(super) const fn new(pools: Arc<Pools>, asker: Asker) -> Self {
        Self { pools, asker }
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.pools.of(self.asker);
        HttpConnectorFuture::new(async move { exchange(&client, request).await })
    }
}

async fn exchange(client: &Client, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (head, body) = request.into_parts();
    let body = Full::new(Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
    let response = client
        .request(http::Request::from_parts(head, body))
        .await
        .map_err(|error| ConnectorError::io(error.into()))?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_ANSWER_BYTES)
        .collect()
        .await
        .map_err(ConnectorError::io)?
        .to_bytes();
    HttpResponse::try_from(http::Response::from_parts(head, SdkBody::from(body)))
        .map_err(|error| ConnectorError::user(error.into()))
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
