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

    /// Returns whether it knows of hosts what a new client would have to find out.
    pub(crate) fn knows_hosts(&self) -> bool {
        self.0.knows_hosts()
    }

    /// Sends `request` and returns once its status is known; dropping the future cancels it. A
    /// request that certainly was not processed is sent again at once: on a connection that was
    /// opened after this call began, then on one of its own. So is one that HTTP/2 is no use for, by
    /// HTTP/1.1. That may have been processed, but its answer can't be read, and would be no easier
    /// to read when the next attempt is made.
    ///
    /// # Errors
    /// [`SendError`] says how far the last try got.
    pub(crate) async fn send(&self, request: &Request<Bytes>) -> Result<Response, SendError> {
        let destination = Destination::of(request.uri());
        let sent = self.send_thrice(request, &destination).await;
        let Err(SendError::OnlyHttp1(why)) = sent else { return sent };
        let sent = self.send_by_http1(request, &destination).await;
        sent.ok_or(SendError::OnlyHttp1(why))
    }

    /// Sends `request` by HTTP/1.1; `None` without an answer, as where the receiver speaks nothing but
    /// HTTP/2.
    async fn send_by_http1(
        &self,
        request: &Request<Bytes>,
        destination: &Destination,
    ) -> Option<Response> {
        let connection = self.0.open_http1(destination).await.ok()?;
        let answer = connection.send(request).await.ok()?;
        self.0.speaks_http1(destination);
        Some(Response::Http1(answer, self.0.place(destination)))
    }

    async fn send_thrice(
        &self,
        request: &Request<Bytes>,
        destination: &Destination,
    ) -> Result<Response, SendError> {
        let since = Age::Since(self.0.opened());
        let mut sent = self.send_once(request, destination, Age::Any).await;
        for age in [since, Age::New] {
            let Err(SendError::Unprocessed(_)) = sent else { break };
            sent = self.send_once(request, destination, age).await;
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
