//! HTTP/2 connections, each shared by many requests.

mod answer;
mod stream;
mod transport;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use h2::{
    Ping, PingPong,
    client::{Builder, SendRequest},
};
use ports::Clock;
use tokio::sync::oneshot;

use self::transport::Transport;
pub(super) use self::{answer::Answer, stream::Stream};
use super::{MAX_IDLE, error::BoxError, http1};

/// Largest list of headers that is accepted, in bytes. HTTP/2 has no way to skip the rest of a
/// longer one.
const MAX_HEADERS_BYTES: u32 = 256 * 1024;

/// Number of bytes that a receiver may send unread, for one answer and for all on a connection:
/// h2's default windows are meant for downloads.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 4 * STREAM_WINDOW;

/// Number of streams that are opened before the receiver has announced its limit.
const FIRST_STREAMS: usize = 100;

/// Time that an unused connection may take to close in an orderly way.
const GOODBYE: Duration = Duration::from_secs(2);

/// HTTP/2 connection in the pool.
pub(super) struct Connection {
    sender: SendRequest<Bytes>,
    /// Number of the connection, counted over all connections of the pool.
    pub(super) number: u64,
    usage: Arc<Usage>,
}

impl Connection {
    /// Opens a connection on `io`, with a stream for the request that it was opened for. It gets no
    /// new requests once a request has been waiting for `silence`, and a ping has not been answered
    /// for as long again.
    pub(super) async fn open(
        io: http1::Io,
        number: u64,
        clock: Arc<dyn Clock>,
        silence: Duration,
    ) -> Result<(Self, Stream), BoxError> {
        let (sender, mut connection) = Builder::new()
            .enable_push(false)
            .initial_max_send_streams(FIRST_STREAMS)
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADERS_BYTES)
            .handshake(Transport(io))
            .await?;
        let (alive, gone) = oneshot::channel();
        let usage = Arc::new(Usage::new(clock.clone(), alive));
        let pings = connection.ping_pong();
        let watched = watch(pings, Arc::downgrade(&usage), clock.clone(), silence);
        tokio::spawn(async move {
            tokio::select! {
                _ = connection => {}
                () = watched => {}
                () = async { let _ = gone.await; clock.sleep(GOODBYE).await } => {}
            }
        });
        let connection = Self { sender, number, usage };
        let stream = Stream::new(connection.sender.clone(), connection.usage.clone());
        Ok((connection, stream))
    }

    /// Opens a stream for one more request; `None` if the receiver accepts no more at once.
    pub(super) fn stream(&self) -> Option<Stream> {
        let has_room = self.usage.state().streams < self.sender.current_max_send_streams();
        has_room.then(|| Stream::new(self.sender.clone(), self.usage.clone()))
    }

    /// Returns whether it is closed or closing, is retired, or has been idle for too long.
    pub(super) fn is_over(&mut self, now: Duration) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let is_closing = matches!(self.sender.poll_ready(&mut cx), Poll::Ready(Err(_)));
        is_closing || self.usage.state().is_over(now)
    }
}

/// Use of a connection, shared by the pool and the streams on it.
struct Usage {
    clock: Arc<dyn Clock>,
    state: Mutex<UsageState>,
    /// Dropped with the last reference, which ends the connection.
    _alive: oneshot::Sender<()>,
}

struct UsageState {
    /// Number of requests under way.
    streams: usize,
    /// Number of times that something has come from the receiver: a status, or the answer to a
    /// ping.
    heard: u64,
    /// Time at which the last request ended.
    idle_since: Duration,
    /// True if it gets no more requests: it may be dead, or has refused one.
    is_retired: bool,
}

impl Usage {
    fn new(clock: Arc<dyn Clock>, alive: oneshot::Sender<()>) -> Self {
        let idle_since = clock.monotonic();
        let state = UsageState { streams: 0, heard: 0, idle_since, is_retired: false };
        Self { clock, state: Mutex::new(state), _alive: alive }
    }

    fn state(&self) -> MutexGuard<'_, UsageState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UsageState {
    fn is_over(&self, now: Duration) -> bool {
        let idle = now.saturating_sub(self.idle_since);
        self.is_retired || (self.streams == 0 && idle >= MAX_IDLE)
    }
}

/// Pings the receiver while a request waits in silence, and retires the connection if that is not
/// answered: it gets no new requests, but those under way go on. Never returns.
async fn watch(
    pings: Option<PingPong>,
    usage: Weak<Usage>,
    clock: Arc<dyn Clock>,
    silence: Duration,
) {
    let heard = || {
        usage.upgrade().and_then(|usage| {
            let state = usage.state();
            (state.streams > 0).then_some(state.heard)
        })
    };
    let mut pings = pings;
    while let Some(pings) = &mut pings {
        let before = heard();
        clock.sleep(silence).await;
        if before.is_none() || heard() != before {
            continue;
        }
        let answered = tokio::select! {
            biased;
            pong = pings.ping(Ping::opaque()) => pong.is_ok(),
            () = clock.sleep(silence) => false,
        };
        let Some(usage) = usage.upgrade() else { break };
        if !answered {
            usage.state().is_retired = true;
            break;
        }
        usage.state().heard += 1;
    }
    std::future::pending::<()>().await;
}
