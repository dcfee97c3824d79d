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
use super::{client::BoxError, http1, pool::MAX_IDLE};

/// The longest list of headers that is taken. HTTP/2 has no way to read on past it.
const MAX_HEADERS_BYTES: u32 = 256 * 1024;

/// What a receiver may send unread, of one answer and of all on a connection: h2's own windows are
/// meant for downloads.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 4 * STREAM_WINDOW;

/// How many streams are opened before the receiver has said how many it takes.
const FIRST_STREAMS: usize = 100;

/// How long a connection that nobody uses any more may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// HTTP/2 connection in the pool.
pub(super) struct Connection {
    sender: SendRequest<Bytes>,
    /// Counted over all connections of the pool.
    pub(super) number: u64,
    usage: Arc<Usage>,
}

impl Connection {
    /// A connection on `io`, and a stream for the request that it was opened for. It gets no new
    /// requests once it has been silent under one for `silence`, and a ping has not been answered
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

    /// A stream for one more request; none while the receiver takes no more at once.
    pub(super) fn stream(&self) -> Option<Stream> {
        let has_room = self.usage.state().streams < self.sender.current_max_send_streams();
        has_room.then(|| Stream::new(self.sender.clone(), self.usage.clone()))
    }

    /// Whether it is closed or closing, is retired, or has been idle for too long.
    pub(super) fn is_over(&mut self, now: Duration) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let is_closing = matches!(self.sender.poll_ready(&mut cx), Poll::Ready(Err(_)));
        is_closing || self.usage.state().is_over(now)
    }
}

/// Use of a connection, known to the pool and to the streams on it.
struct Usage {
    clock: Arc<dyn Clock>,
    state: Mutex<UsageState>,
    /// Dropped with the last of those who know it.
    _alive: oneshot::Sender<()>,
}

struct UsageState {
    /// Requests under way.
    streams: usize,
    /// How often something has come from the receiver: a status, or the answer to a ping.
    heard: u64,
    /// When the last request ended.
    idle_since: Duration,
    /// Whether it gets no more requests: it may be dead, or has refused one.
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

/// Pings the receiver while a request waits in silence, and gives the connection up when that is
/// not answered: no new requests, those under way go on. Never returns.
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
