//! HTTP/1.1 client that accepts receivers' deviations.
//!
//! It is written here because a library parses too strictly for webhooks and reports too little. To
//! the sender the status is all that counts, so a fault in the rest of an answer, or an answer that
//! comes before the request was read, must not fail a delivery. And a request may be sent again
//! only if it is known that no byte of an answer came.

mod body;
mod exchange;
mod head;

use std::{
    io,
    pin::Pin,
    task::{Context, Waker},
};

use bytes::Bytes;
use http::{Request, header::HOST};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead as _, AsyncWrite as _, ReadBuf},
    net::TcpStream,
};

pub(super) use self::exchange::Answer;
use self::exchange::Exchange;
use super::{error::SendError, interim::Endless};

/// Transport of a connection.
pub(super) type Io = Box<TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>>;

/// Answers that are about the connection, not about the request: of a server that closes it because
/// it was idle for too long, which may cross the next request on its way, and of one that does not
/// answer for this host on it any more.
const OF_A_CONNECTION: [u16; 2] = [408, MISDIRECTED];

/// Answer of a server that does not process this request on this connection (RFC 9110, section
/// 15.5.20).
pub(super) const MISDIRECTED: u16 = 421;

/// Connection on which no request is under way.
pub(super) struct Connection {
    io: Io,
    /// Number of the connection, counted over all connections of the pool.
    pub(super) number: u64,
    is_used: bool,
}

/// Reason why there is no status.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the connection was closed before the answer")]
    Closed,
    #[error("the connection broke")]
    Broken(#[source] io::Error),
    #[error("the answer is not HTTP")]
    NotHttp,
    #[error(transparent)]
    Endless(#[from] Endless),
}

impl Connection {
    pub(super) fn new(io: Io, number: u64) -> Self {
        Self { io, number, is_used: false }
    }

    /// Returns whether nothing has come since the last answer: neither the connection's end, nor
    /// bytes that belong to no request.
    pub(super) fn is_quiet(&mut self) -> bool {
        let mut byte = [0];
        let mut cx = Context::from_waker(Waker::noop());
        Pin::new(&mut self.io).poll_read(&mut cx, &mut ReadBuf::new(&mut byte)).is_pending()
    }

    /// Sends `request` and waits for the status of its answer.
    pub(super) async fn send(self, request: &Request<Bytes>) -> Result<Answer, SendError> {
        let is_used = self.is_used;
        let mut exchange = Exchange::new(self, encode(request));
        match exchange.status().await {
            Ok(status) if is_used && OF_A_CONNECTION.contains(&status) => {
                Err(SendError::Unprocessed(Fault::Closed.into()))
            }
            Ok(status) => Ok(Answer::new(exchange, status)),
            Err(fault) if is_used && exchange.is_unanswered() => {
                Err(SendError::Unprocessed(fault.into()))
            }
            Err(fault) => Err(SendError::Unanswered(fault.into())),
        }
    }
}

impl Drop for Connection {
    /// Sends a TLS close notification if that is possible without waiting.
    fn drop(&mut self) {
        let mut cx = Context::from_waker(Waker::noop());
        let _ = Pin::new(&mut self.io).poll_shutdown(&mut cx);
    }
}

/// Encodes the request in one piece: some receivers read only once.
fn encode(request: &Request<Bytes>) -> Bytes {
    let (uri, headers, body) = (request.uri(), request.headers(), request.body());
    let target = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut bytes = Vec::with_capacity(512 + target.len() + body.len());
    for part in [request.method().as_str(), " ", target, " HTTP/1.1\r\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
    let mut line = |name: &str, value: &[u8]| {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    };
    if !headers.contains_key(HOST) {
        line("host", host(uri).as_bytes());
    }
    if !headers.contains_key("content-length") {
        line("content-length", body.len().to_string().as_bytes());
    }
    for (name, value) in headers {
        line(name.as_str(), value.as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes.into()
}

/// Returns the host, and the port if it is not the scheme's default.
fn host(uri: &http::Uri) -> String {
    let host = uri.host().unwrap_or_default();
    match (uri.port_u16(), uri.scheme_str()) {
        (None, _) | (Some(443), Some("https")) | (Some(80), Some("http")) => host.to_owned(),
        (Some(port), _) => format!("{host}:{port}"),
    }
}
