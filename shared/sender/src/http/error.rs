//! Errors of requests.

use std::error::Error;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// Reason why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// There was no connection to send it on.
    #[error("no connection")]
    Connect(#[source] BoxError),
    /// The receiver can't have processed the request: it said so, or closed a connection that was
    /// kept from an earlier request before it sent any byte of an answer to this one.
    #[error("the request was not processed")]
    Unprocessed(#[source] BoxError),
    /// The receiver wants HTTP/1.1, or its answer over HTTP/2 can't be read.
    #[error("no answer over HTTP/2")]
    OnlyHttp1(#[source] BoxError),
    /// The request may have been processed.
    #[error("no answer")]
    Unanswered(#[source] BoxError),
}
