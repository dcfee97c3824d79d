//! Answer on an HTTP/2 stream.

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use h2::RecvStream;
use http::{HeaderMap, Request, StatusCode};

use super::stream::{Sending, Stream};
use crate::http::{error::SendError, header::Header};

/// Answer whose head has come.
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: RecvStream,
    sending: Sending,
    _stream: Stream,
}

impl Answer {
    /// Sends `request` on `stream` and waits for the status of its answer.
    pub(in crate::http) async fn to(
        request: &Request<Bytes>,
        stream: Stream,
    ) -> Result<Self, SendError> {
        let (response, sending, stream) = stream.send(request).await?;
        let (head, body) = response.into_parts();
        Ok(Self { status: head.status, headers: head.headers, body, sending, _stream: stream })
    }

    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(crate) fn headers(&self) -> Vec<Header> {
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| Header {
            name: Bytes::copy_from_slice(name.as_str().as_bytes()),
            value: Bytes::copy_from_slice(value.as_bytes()),
        };
        self.headers.iter().map(header).collect()
    }

    /// Returns the next piece of the body; `None` if it ends or breaks off.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let sent = self.sending.poll(cx);
        match ready!(self.body.poll_data(cx)) {
            Some(Ok(data)) => {
                // Can only fail for more bytes than were received.
                let _ = self.body.flow_control().release_capacity(data.len());
                Poll::Ready(Some(data))
            }
            // A receiver that accepts a delivery before it has read it gets the rest.
            None if self.status.is_success() => sent.map(|()| None),
            _ => Poll::Ready(None),
        }
    }
}
