//! HTTP client: sends a request, and repeats it if it certainly was not processed.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use ports::Clock;

use super::{
    error::SendError,
    http2,
    pool::{Age, Destination, Pool, Pooled},
    response::Response,
};
use crate::{connect::Connector, idle::Idle};

/// HTTP client on the connections of one pool. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Client(Arc<Pool>);

impl Client {
    /// Creates a client on `connector`, for requests that are given up after `timeout`.
    /// Its share of the idle connections is taken from `idle`.
    pub(crate) fn new(
        connector: Connector,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        idle: Idle,
    ) -> Self {
        Self(Arc::new(Pool::new(connector, clock, timeout, idle)))
    }

    /// Sends `request` and returns once its status is known; dropping the future cancels it. A
    /// request that certainly was not processed is sent again at once: on a connection that was
    /// opened after this call began, then on one of its own.
    ///
    /// # Errors
    /// [`SendError`] says how far the last try got.
    pub(crate) async fn send(&self, request: &Request<Bytes>) -> Result<Response, SendError> {
        let destination = Destination::of(request.uri());
        let since = Age::Since(self.0.opened());
        let mut sent = self.send_once(request, &destination, Age::Any).await;
        for age in [since, Age::New] {
            let Err(SendError::Unprocessed(_)) = sent else { break };
            sent = self.send_once(request, &destination, age).await;
        }
        sent
    }

    async fn send_once(
        &self,
        request: &Request<Bytes>,
        destination: &Destination,
        age: Age,
    ) -> Result<Response, SendError> {
        match self.0.connection(destination, age).await.map_err(SendError::Connect)? {
            Pooled::Http1(connection) => {
                let answer = connection.send(request).await?;
                Ok(Response::Http1(answer, self.0.place(destination)))
            }
            Pooled::Http2(stream) => Ok(Response::Http2(http2::Answer::to(request, stream).await?)),
        }
    }
}
