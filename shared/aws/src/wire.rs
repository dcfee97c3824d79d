//! HTTP client of the SDK: one pool of connections for all services, on rustls and ring.

use std::time::Duration;

use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    connector_metadata::ConnectorMetadata,
    http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    runtime_components::RuntimeComponents,
};

/// Time after which an idle connection is not used any more. A Lambda container is frozen between
/// invocations, and the other end closes its connections meanwhile.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// HTTP client that loads the system's root certificates at its first request: the SDK would load
/// them when a service's client is made, 2 ms of the start of a function that may never call AWS.
/// Plain HTTP is for the endpoints of emulators.
#[derive(Debug)]
pub(crate) struct Wire(SharedHttpClient);

impl Wire {
    pub(crate) fn new() -> Self {
        let provider = Provider::Rustls(CryptoMode::Ring);
        Self(Builder::new().pool_idle_timeout(IDLE_TIMEOUT).tls_provider(provider).build_https())
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[cfg(test)]
mod tests;
