//! HTTP client of the SDK that uses our pool, and so our guard.

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
use http::{HeaderName, HeaderValue};

use ports::resolve::Asker;

use crate::{http::Client, pools::Pools};

/// Number of bytes of an answer that are read; SNS answers in a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

#[derive(Clone)]
pub(super) struct Wire {
    pools: Arc<Pools>,
    asker: Asker,
}

impl Wire {
    /// Creates a client on the connections of `asker`.
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
    // A body that is not in memory can't come from this crate, and must not be sent as an empty
    // one.
    let body = body.bytes().ok_or_else(|| ConnectorError::user("a streaming body".into()))?;
    let request = http::Request::from_parts(head, Bytes::copy_from_slice(body));
    let mut response =
        client.send(&request).await.map_err(|error| ConnectorError::io(error.into()))?;
    let mut body = Vec::new();
    while let Some(data) = response.next().await {
        body.extend_from_slice(&data);
        if body.len() > MAX_ANSWER_BYTES {
            break;
        }
    }
    let mut answer = http::Response::builder().status(response.status());
    for header in response.headers() {
        // A header whose name the SDK can't parse means nothing to it, so it is skipped.
        let name = HeaderName::from_bytes(&header.name);
        let value = HeaderValue::from_bytes(&header.value);
        if let (Ok(name), Ok(value)) = (name, value) {
            answer = answer.header(name, value);
        }
    }
    response.finish();
    let answer =
        answer.body(SdkBody::from(body)).map_err(|error| ConnectorError::user(error.into()))?;
    HttpResponse::try_from(answer).map_err(|error| ConnectorError::user(error.into()))
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
