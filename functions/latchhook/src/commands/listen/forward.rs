//! Passing on what arrived.

use http::{HeaderName, Request, StatusCode, Uri, header};

use crate::{
    client::{Transport, TransportError},
    failure::Failure,
    receiver::Arrived,
};

/// Headers of this connection, not of the delivery.
const OF_THE_CONNECTION: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Where everything is passed on to.
pub(super) struct Forward {
    uri: Uri,
    transport: Transport,
}

impl Forward {
    /// Passes on to `url`.
    pub(super) fn to(url: &str) -> Result<Self, Failure> {
        let wrong =
            || Failure::Usage(format!("--forward: {url:?} is not an http:// or https:// URL"));
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        match uri.scheme_str() {
            Some("http" | "https") => Ok(Self { uri, transport: Transport::new() }),
            _ => Err(wrong()),
        }
    }

    /// Passes a request on: same method, headers and bytes, so that its signature still holds.
    /// Returns what was answered.
    pub(super) async fn pass_on(&self, arrived: Arrived) -> Result<StatusCode, TransportError> {
        let mut request = Request::new(arrived.body);
        *request.method_mut() = arrived.method;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = arrived.headers;
        for name in OF_THE_CONNECTION {
            request.headers_mut().remove(name);
        }
        Ok(self.transport.send(request).await?.status)
    }
}
