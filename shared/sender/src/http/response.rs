//! Answer to a request, by either version of HTTP.

use bytes::Bytes;

use super::{header::Header, http1, http2, pool::Place};

/// Answer whose status is known; its rest is read until the time limit.
pub(crate) enum Response {
    Http1(http1::Answer, Place),
    Http2(http2::Answer),
}

impl Response {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Http1(answer, _) => answer.status(),
            Self::Http2(answer) => answer.status(),
        }
    }

    /// Returns the next piece of the body; `None` at its end, and if it breaks off.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        match self {
            Self::Http1(answer, _) => answer.next().await,
            Self::Http2(answer) => answer.next().await,
        }
    }

    /// Returns the headers that have come so far, in their order.
    pub(crate) fn headers(&self) -> Vec<Header> {
        match self {
            Self::Http1(answer, _) => answer.headers(),
            Self::Http2(answer) => answer.headers(),
        }
    }

    /// Keeps the connection for the next request if this answer was read completely.
    pub(crate) fn finish(self) {
        if let Self::Http1(answer, place) = self
            && let Some(connection) = answer.into_connection()
        {
            place.keep(connection);
        }
    }
}
