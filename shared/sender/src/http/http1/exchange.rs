//! Exchange of one request and its answer on a connection.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWrite as _};

use super::{
    Connection, Fault,
    body::{Framing, Step},
    head::{self, StatusLine},
};
use crate::http::{header::Header, interim::Interim};

/// Number of bytes of an answer's head that are read. The body of a longer one is not read.
const MAX_HEAD_BYTES: usize = 256 * 1024;

/// Number of bytes read at once.
const READ_BYTES: usize = 8 * 1024;

/// Request on its way and the part of its answer that has come. Sending continues while the answer
/// is read; its failure means nothing, because a receiver that answers early need not read the
/// rest.
pub(super) struct Exchange {
    connection: Connection,
    unsent: Bytes,
    sending: Sending,
    received: BytesMut,
    is_answered: bool,
    /// Result of reading, once it has ended.
    end: Option<io::Result<()>>,
}

enum Sending {
    Writing,
    Flushing,
    Done,
    Failed(io::Error),
}

impl Exchange {
    pub(super) fn new(connection: Connection, request: Bytes) -> Self {
        Self {
            connection,
            unsent: request,
            sending: Sending::Writing,
            received: BytesMut::new(),
            is_answered: false,
            end: None,
        }
    }

    /// Returns whether no byte has come back.
    pub(super) fn is_unanswered(&self) -> bool {
        !self.is_answered
    }

    /// Returns the status of the final answer.
    pub(super) async fn status(&mut self) -> Result<u16, Fault> {
        let mut interim = Interim::default();
        loop {
            let status = self.any_status().await?;
            if !matches!(status, 100 | 102..=199) {
                return Ok(status);
            }
            let end = self.head_end().await.ok_or_else(|| self.fault())?;
            self.received.advance(end);
            interim.pass(end)?;
        }
    }

    async fn any_status(&mut self) -> Result<u16, Fault> {
        loop {
            match head::status_line(&self.received, self.end.is_some()) {
                StatusLine::Status(status) => return Ok(status),
                StatusLine::Partial if self.end.is_some() => return Err(self.fault()),
                StatusLine::Partial if self.received.len() < READ_BYTES => self.receive().await,
                _ => return Err(Fault::NotHttp),
            }
        }
    }

    /// Returns the end of the head that is being received; `None` if it does not end.
    async fn head_end(&mut self) -> Option<usize> {
        let mut looked_at = 0;
        loop {
            if let Some(end) = head::end(&self.received, looked_at) {
                return Some(end);
            }
            if self.end.is_some() || self.received.len() >= MAX_HEAD_BYTES {
                return None;
            }
            looked_at = self.received.len();
            self.receive().await;
        }
    }

    /// Receives more bytes, sending meanwhile.
    async fn receive(&mut self) {
        let read = poll_fn(|cx| {
            let _ = self.poll_send(cx);
            self.received.reserve(READ_BYTES);
            pin!(self.connection.io.read_buf(&mut self.received)).poll(cx)
        });
        match read.await {
            Ok(0) => self.end = Some(Ok(())),
            Ok(_) => self.is_answered = true,
            // Many receivers close without a TLS close notification.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.end = Some(Ok(())),
            Err(error) => self.end = Some(Err(error)),
        }
    }

    /// Sends the rest of the request.
    async fn send(&mut self) {
        poll_fn(|cx| self.poll_send(cx)).await;
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let io = Pin::new(&mut self.connection.io);
            let sent = match self.sending {
                Sending::Done | Sending::Failed(_) => return Poll::Ready(()),
                Sending::Writing => ready!(io.poll_write(cx, &self.unsent)),
                Sending::Flushing => ready!(io.poll_flush(cx)).map(|()| 0),
            };
            self.sending = match (sent, &self.sending) {
                (Err(error), _) => Sending::Failed(error),
                (Ok(_), Sending::Flushing) => Sending::Done,
                (Ok(0), _) => Sending::Failed(io::ErrorKind::WriteZero.into()),
                (Ok(sent), _) => {
                    self.unsent.advance(sent);
                    if self.unsent.is_empty() { Sending::Flushing } else { Sending::Writing }
                }
            };
        }
    }

    fn fault(&mut self) -> Fault {
        match (self.end.take(), std::mem::replace(&mut self.sending, Sending::Done)) {
            (Some(Err(error)), _) | (_, Sending::Failed(error)) => Fault::Broken(error),
            _ => Fault::Closed,
        }
    }
}

/// Answer whose status is known.
pub(crate) struct Answer {
    exchange: Exchange,
    status: u16,
    /// Head of the answer, once it is complete.
    head: Option<(BytesMut, Framing)>,
    is_over: bool,
}

impl Answer {
    pub(super) fn new(exchange: Exchange, status: u16) -> Self {
        Self { exchange, status, head: None, is_over: false }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers that have come so far.
    pub(crate) fn headers(&self) -> Vec<Header> {
        head::headers(self.head.as_ref().map_or(&self.exchange.received, |(head, _)| head))
    }

    /// Returns the next piece of the body; `None` if it ends or breaks off.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        if self.head.is_none() {
            let end = self.exchange.head_end().await?;
            let head = self.exchange.received.split_to(end);
            let framing = Framing::of(self.status, &head);
            self.head = Some((head, framing));
        }
        let (_, framing) = self.head.as_mut()?;
        loop {
            match framing.decode(&mut self.exchange.received, self.exchange.end.is_some()) {
                Step::Data(data) => return Some(data),
                Step::Over => break,
                Step::Broken => return None,
                Step::More if self.exchange.end.is_some() => return None,
                Step::More => self.exchange.receive().await,
            }
        }
        // A receiver that accepts a delivery before it has read it gets the rest.
        if (200..300).contains(&self.status) {
            self.exchange.send().await;
        }
        self.is_over = true;
        None
    }

    /// Returns the connection, if it can carry another request.
    pub(in crate::http) fn into_connection(self) -> Option<Connection> {
        let Exchange { mut connection, sending, received, end, .. } = self.exchange;
        let is_sent = matches!(sending, Sending::Done);
        let is_kept = self.head.is_some_and(|(_, framing)| framing.keeps_connection());
        let is_clean = self.is_over && is_sent && is_kept && received.is_empty() && end.is_none();
        connection.is_used = true;
        is_clean.then_some(connection)
    }
}
