//! Receiver of the bench: counts and times deliveries, as cheaply as it can.
//!
//! Deliveries to `/ok/N` are counted for the N-th webhook; those to `/hang` are held for 20
//! seconds. The sink reads orders from standard input, a line each, and answers with a line of
//! JSON. If it is told where to put its certificate, it receives by TLS.

use std::{
    cell::RefCell, collections::HashMap, convert::Infallible, io, path::PathBuf, rc::Rc,
    time::Duration,
};

use bytes::Bytes;
use clap::Args;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Empty};
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufReader},
    net::TcpListener,
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    clock,
    failure::Failure,
    payload::Mark,
    report, tls,
    wire::{self, Connection},
};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const FAILED: &[u8] = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
/// Time for which `/hang` holds a delivery.
const HANG: Duration = Duration::from_secs(20);

/// Order of the bench to the sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Report what has arrived.
    Tell,
    /// Forget what arrived; answer at once from now on.
    Answer,
    /// Forget what arrived; answer nothing from now on.
    Hold,
    /// Forget what arrived; answer with an error from now on.
    Refuse,
}

/// Way in which the sink receives.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Sink {
    /// File to write the certificate to by which deliveries are received over TLS
    #[arg(long)]
    pub(crate) certificate: Option<PathBuf>,
    /// Receive by HTTP/2
    #[arg(long)]
    pub(crate) http2: bool,
}

/// Deliveries that arrived since the sink was last told to forget.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Arrivals {
    /// Deliveries that arrived.
    pub(crate) count: u64,
    /// Number of them without duplicates: different events or webhooks.
    pub(crate) distinct: u64,
    /// Time of the first arrival, nanoseconds.
    pub(crate) first: u64,
    /// Time of the last arrival that was not a duplicate, nanoseconds.
    pub(crate) last: u64,
    /// Median time from sent to arrived, milliseconds.
    pub(crate) p50_ms: f64,
    /// 99th percentile of the time from sent to arrived, milliseconds.
    pub(crate) p99_ms: f64,
}

/// Serves until standard input ends.
///
/// # Errors
/// [`Failure`], when the machine refuses a port or the certificate's file.
pub(crate) async fn run(sink: &Sink) -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let secure = sink.certificate.as_deref().map(|file| tls::acceptor(file, sink.http2));
    let secure = secure.transpose()?;
    println!("{}", listener.local_addr()?.port());
    tokio::task::LocalSet::new().run_until(serve(listener, secure, sink.http2)).await
}

async fn serve(
    listener: TcpListener,
    secure: Option<TlsAcceptor>,
    http2: bool,
) -> Result<(), Failure> {
    let state = Rc::new(RefCell::new(State::new()?));
    let (mode, watched) = watch::channel(Order::Answer);
    let accepting = Rc::clone(&state);
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (state, mode) = (Rc::clone(&accepting), watched.clone());
            let secure = secure.clone();
            tokio::task::spawn_local(async move {
                stream.set_nodelay(true)?;
                match secure {
                    None => receive(Connection::on(stream), &state, mode).await,
                    Some(secure) => {
                        let stream = secure.accept(stream).await?;
                        if http2 {
                            receive_streams(stream, state, mode).await
                        } else {
                            receive(Connection::on(stream), &state, mode).await
                        }
                    }
                }
            });
        }
    });
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = orders.next_line().await? {
        let order: Order = serde_json::from_str(&line).map_err(io::Error::from)?;
        if order != Order::Tell {
            *state.borrow_mut() = State::new()?;
            mode.send_replace(order);
        }
        report::print_json(&state.borrow().arrivals())?;
    }
    Ok(())
}

/// Serves a connection until it breaks: the server was killed, or has closed it.
async fn receive<S: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<S>,
    state: &RefCell<State>,
    mut mode: watch::Receiver<Order>,
) -> io::Result<()> {
    while let Some(message) = connection.read().await? {
        if connection.head(&message).starts_with(b"POST /hang") {
            clock::sleep(HANG).await;
        } else {
            let webhook = webhook(connection.head(&message));
            let mark = Mark::read(connection.body(&message));
            state.borrow_mut().arrived(webhook, mark, clock::unix_nanos());
            match answering(&mut mode).await {
                Some(Order::Refuse) => {
                    connection.write(FAILED).await?;
                    continue;
                }
                Some(_) => {}
                None => return Ok(()),
            }
        }
        connection.write(OK).await?;
    }
    Ok(())
}

/// Waits until deliveries are answered; none when the bench has ended.
async fn answering(mode: &mut watch::Receiver<Order>) -> Option<Order> {
    mode.wait_for(|mode| *mode != Order::Hold).await.ok().map(|mode| *mode)
}

/// Serves an HTTP/2 connection until it breaks.
async fn receive_streams<S: AsyncRead + AsyncWrite + Unpin + 'static>(
    stream: S,
    state: Rc<RefCell<State>>,
    mode: watch::Receiver<Order>,
) -> io::Result<()> {
    let answer = service_fn(move |request: http::Request<Incoming>| {
        let (state, mut mode) = (Rc::clone(&state), mode.clone());
        async move {
            let webhook = webhook(request.uri().path().as_bytes());
            // A body that breaks off is no delivery.
            if let Ok(body) = request.into_body().collect().await {
                let mark = Mark::read(&body.to_bytes());
                state.borrow_mut().arrived(webhook, mark, clock::unix_nanos());
            }
            let mut answer = http::Response::new(Empty::<Bytes>::new());
            if answering(&mut mode).await == Some(Order::Refuse) {
                *answer.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let server = http2::Builder::new(OnThisThread);
    server.serve_connection(TokioIo::new(stream), answer).await.map_err(io::Error::other)
}

/// Executor of the thread that counts.
#[derive(Clone, Copy)]
struct OnThisThread;

impl<F: Future<Output = ()> + 'static> hyper::rt::Executor<F> for OnThisThread {
    fn execute(&self, stream: F) {
        tokio::task::spawn_local(stream);
    }
}

/// Parses the N of `/ok/N`.
fn webhook(head: &[u8]) -> u8 {
    let at = wire::position(head, b"/ok/").map(|at| at + 4);
    at.and_then(|at| head.get(at)).map_or(0, |digit| digit.wrapping_sub(b'0'))
}

struct State {
    count: u64,
    distinct: u64,
    first: u64,
    last: u64,
    latency: Histogram<u64>,
    /// Events that have arrived: for each webhook, a bit for each event.
    seen: HashMap<u8, Vec<u64>>,
}

impl State {
    fn new() -> Result<Self, Failure> {
        let latency = Histogram::new_with_bounds(1, LONGEST, 3)
            .map_err(|why| Failure::of("a histogram", why))?;
        Ok(Self { count: 0, distinct: 0, first: 0, last: 0, latency, seen: HashMap::new() })
    }

    fn arrived(&mut self, webhook: u8, mark: Option<Mark>, now: u64) {
        let Some(mark) = mark else { return };
        self.count += 1;
        if self.first == 0 {
            self.first = now;
        }
        if self.is_new(webhook, mark.number) {
            self.distinct += 1;
            self.last = now;
            self.latency.saturating_record(now.saturating_sub(mark.sent) / 1000);
        }
    }

    fn is_new(&mut self, webhook: u8, number: u32) -> bool {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        let seen = self.seen.entry(webhook).or_default();
        if seen.len() <= word {
            seen.resize(word + 1, 0);
        }
        let new = seen[word] & bit == 0;
        seen[word] |= bit;
        new
    }

    fn arrivals(&self) -> Arrivals {
        Arrivals {
            count: self.count,
            distinct: self.distinct,
            first: self.first,
            last: self.last,
            p50_ms: millis(self.latency.value_at_quantile(0.50)),
            p99_ms: millis(self.latency.value_at_quantile(0.99)),
        }
    }
}

/// Longest latency that the histogram resolves, in microseconds: an hour. It is fixed, because a
/// histogram that resizes itself does not do so while it saturates.
pub(crate) const LONGEST: u64 = 3_600_000_000;

/// Converts microseconds to milliseconds.
#[expect(clippy::cast_precision_loss, reason = "a latency has no 53 significant bits")]
pub(crate) fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_counted_but_not_as_distinct_nor_timed() {
        let mut state = State::new().unwrap();
        let mark = |number| Some(Mark { sent: 1_000_000, number });
        state.arrived(0, mark(1), 3_000_000);
        state.arrived(1, mark(1), 5_001_000_000);
        state.arrived(0, mark(1), 99_000_000);
        state.arrived(0, None, 99_000_000);
        let told = state.arrivals();
        assert_eq!(
            (told.count, told.distinct, told.first, told.last),
            (3, 2, 3_000_000, 5_001_000_000)
        );
        assert!((told.p99_ms - 5000.0).abs() < 5.0, "{told:?}");
    }

    #[test]
    fn the_webhook_is_in_the_path() {
        assert_eq!(webhook(b"POST /ok/7 HTTP/1.1"), 7);
        assert_eq!(webhook(b"POST / HTTP/1.1"), 0);
    }
}
