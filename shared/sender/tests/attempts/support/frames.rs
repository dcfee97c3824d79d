//! HTTP/2 (RFC 9113), frame by frame, so that a test can play a server with unusual behaviour.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{Connection, Server};

const PREFACE: usize = 24;
const END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;
const ACK: u8 = 0x1;

pub(crate) const REFUSED_STREAM: u32 = 0x7;

/// Frame that a client sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    Headers(u32),
    /// The end of a request.
    End(u32),
    Reset(u32),
    Ping([u8; 8]),
    Other,
}

/// Server's end of an HTTP/2 connection.
pub(crate) struct Frames {
    stream: TlsStream<tokio::net::TcpStream>,
    /// Number of the connection, counted from 1.
    pub(crate) number: usize,
}

impl Frames {
    /// Runs `talk` on every connection that `acceptor` accepts.
    pub(crate) async fn serve<F>(
        acceptor: TlsAcceptor,
        talk: impl Fn(Self) -> F + Send + Sync + 'static,
    ) -> Server
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self::serve_all_but(0, acceptor, talk).await
    }

    /// The same, but for the connection with the number `stalled`, which is never taken up.
    pub(crate) async fn serve_all_but<F>(
        stalled: usize,
        acceptor: TlsAcceptor,
        talk: impl Fn(Self) -> F + Send + Sync + 'static,
    ) -> Server
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (talk, count) = (Arc::new(talk), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
        Server::start(move |mut connection: Connection| {
            let (acceptor, talk) = (acceptor.clone(), talk.clone());
            let number = 1 + count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            async move {
                if number == stalled {
                    return connection.hold().await;
                }
                let Ok(stream) = acceptor.accept(connection.stream).await else { return };
                if let Some(frames) = Self::begin(stream, number).await {
                    talk(frames).await;
                }
            }
        })
        .await
    }

    /// Takes up a connection; `None` when the client does not begin with HTTP/2.
    pub(crate) async fn begin(
        stream: TlsStream<tokio::net::TcpStream>,
        number: usize,
    ) -> Option<Self> {
        let mut frames = Self { stream, number };
        frames.stream.read_exact(&mut [0; PREFACE]).await.ok()?;
        frames.send(4, 0, 0, &[]).await;
        Some(frames)
    }

    /// Returns the next frame; `None` when the client has closed.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await.ok()?;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.ok()?;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        Some(match kind {
            0 if flags & END_STREAM != 0 => Frame::End(id),
            1 => Frame::Headers(id),
            3 => Frame::Reset(id),
            6 if flags & ACK == 0 => Frame::Ping(payload.try_into().unwrap()),
            _ => Frame::Other,
        })
    }

    /// The stream of the next request that has begun.
    pub(crate) async fn head(&mut self) -> Option<u32> {
        loop {
            if let Frame::Headers(id) = self.next().await? {
                return Some(id);
            }
        }
    }

    /// The stream of the next request that is whole.
    pub(crate) async fn request(&mut self) -> Option<u32> {
        loop {
            if let Frame::End(id) = self.next().await? {
                return Some(id);
            }
        }
    }

    /// Answers 200 without a body.
    pub(crate) async fn ok(&mut self, id: u32) {
        // `:status: 200` of the static table.
        self.send(1, END_HEADERS | END_STREAM, id, &[0x88]).await;
    }

    /// Answers `status`, three digits, with nothing.
    pub(crate) async fn answer(&mut self, id: u32, status: &str) {
        // A value of its own under the name of the eighth entry, `:status`.
        let block = [&[0x08, 3][..], status.as_bytes()].concat();
        self.send(1, END_HEADERS | END_STREAM, id, &block).await;
    }

    pub(crate) async fn reset(&mut self, id: u32, reason: u32) {
        self.send(3, 0, id, &reason.to_be_bytes()).await;
    }

    /// Sends a GOAWAY: no stream above `last` is or will be processed.
    pub(crate) async fn go_away(&mut self, last: u32) {
        self.send(7, 0, 0, &[last.to_be_bytes(), [0; 4]].concat()).await;
    }

    pub(crate) async fn pong(&mut self, payload: [u8; 8]) {
        self.send(6, ACK, 0, &payload).await;
    }

    /// Lets the client send bodies of many megabytes at once.
    pub(crate) async fn widen_windows(&mut self) {
        let window = (1_u32 << 28).to_be_bytes();
        self.send(4, 0, 0, &[&[0, 4][..], &window].concat()).await;
        self.send(8, 0, 0, &window).await;
    }

    /// Lets the client open so many streams at once.
    pub(crate) async fn limit_streams(&mut self, limit: u32) {
        self.send(4, 0, 0, &[&[0, 3][..], &limit.to_be_bytes()].concat()).await;
    }

    pub(crate) async fn send(&mut self, kind: u8, flags: u8, id: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let head = [&length[1..], &[kind, flags], &id.to_be_bytes()].concat();
        let _ = self.stream.write_all(&[&head, payload].concat()).await;
        let _ = self.stream.flush().await;
    }

    /// Answers every request with 200.
    pub(crate) async fn answer_all(mut self) {
        while let Some(id) = self.request().await {
            self.ok(id).await;
        }
    }

    /// Sends nothing more until the client closes.
    pub(crate) async fn hold(&mut self) {
        while self.next().await.is_some() {}
    }
}
