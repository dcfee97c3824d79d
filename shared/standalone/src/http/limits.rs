//! Time limits of a connection: idle time, and time for a request's head.
//!
//! The first byte of a head tells the two apart, which Hyper's own timer can't do: it runs from the
//! last answer on. So the stream under Hyper keeps the time. At a limit it reports that the client
//! has hung up, and Hyper ends the connection in an orderly way.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use ports::Clock;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest time that a connection may be idle. It is longer than the 60 s of common load balancers:
/// if it were shorter, one of them would now and then send a request on a connection that is just
/// being closed.
pub(super) const IDLE: Duration = Duration::from_secs(75);
/// Longest time for a request's head, from its first byte on.
pub(super) const HEAD: Duration = Duration::from_secs(10);
/// Preface of every HTTP/2 connection.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Requests of one connection that are being answered.
#[derive(Clone, Default)]
pub(super) struct Requests(Arc<AtomicUsize>);

/// Request that is being answered, until this is dropped.
pub(super) struct Request(Requests);

impl Requests {
    /// Counts a request until the result is dropped.
    pub(super) fn one(&self) -> Request {
        self.0.fetch_add(1, Ordering::Relaxed);
        Request(self.clone())
    }

    fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Stream that ends when its client takes too long.
pub(super) struct Limited<S> {
    stream: S,
    requests: Requests,
    clock: Arc<dyn Clock>,
    /// Number of bytes of the HTTP/2 preface that came, as long as no other byte did.
    preface: Option<usize>,
    /// Time of the last write, or of the connection's start.
    active: Duration,
    /// Time of the first byte of an incomplete head. Always `None` on HTTP/2, where frames come
    /// between requests as well.
    head: Option<Duration>,
    timer: Option<Timer>,
}

/// Timer that wakes the connection when a limit may be reached. It is kept as long as it is early
/// enough, so that a busy connection creates one in 75 seconds and not one for each request.
struct Timer {
    at: Duration,
    sleep: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<S> Limited<S> {
    /// Limits `stream`, whose `requests` are being answered.
    pub(super) fn new(stream: S, requests: Requests, clock: Arc<dyn Clock>) -> Self {
        let active = clock.monotonic();
        Self { stream, requests, clock, preface: Some(0), active, head: None, timer: None }
    }

    /// Records received bytes.
    fn heard(&mut self, bytes: &[u8]) {
        let is_http2 = self.is_http2();
        if let Some(known) = self.preface.filter(|_| !is_http2) {
            let goes_on =
                PREFACE[known..].starts_with(bytes) || bytes.starts_with(&PREFACE[known..]);
            self.preface = goes_on.then_some(PREFACE.len().min(known + bytes.len()));
        }
        if self.is_http2() {
            self.head = None;
        } else if self.head.is_none() && !self.requests.any() && begins_a_head(bytes) {
            self.head = Some(self.clock.monotonic());
        }
    }

    fn is_http2(&self) -> bool {
        self.preface == Some(PREFACE.len())
    }

    /// Returns whether the client took too long; if not, the connection is woken at the next limit.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        if self.requests.any() {
            return false;
        }
        loop {
            let end = self.head.map_or(self.active + IDLE, |began| began + HEAD);
            let left = end.saturating_sub(self.clock.monotonic());
            if left.is_zero() {
                return true;
            }
            let kept = self.timer.take().filter(|timer| timer.at <= end);
            let timer = self.timer.insert(kept.unwrap_or_else(|| {
                let clock = Arc::clone(&self.clock);
                Timer { at: end, sleep: Box::pin(async move { clock.sleep(left).await }) }
            }));
            if timer.sleep.as_mut().poll(context).is_pending() {
                return false;
            }
            self.timer = None;
        }
    }

    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(1..)) = written {
            self.active = self.clock.monotonic();
            self.head = None;
        }
        written
    }
}

/// Returns whether a head begins in `bytes`. Empty lines don't count: they may precede a request,
/// and some clients end a body with one.
fn begins_a_head(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n'))
}

impl<S: AsyncRead + Unpin> AsyncRead for Limited<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.heard(&buffer.filled()[before..]);
            return read;
        }
        // Reading nothing means that the stream has ended.
        if self.is_over(context) { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Limited<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
