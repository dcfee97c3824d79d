//! Receiver of the bench: counts and times deliveries, as cheaply as it can.
//!
//! Deliveries to `/ok/N` are counted for the N-th webhook; those to `/hang` are held for 20
//! seconds. The sink reads orders from standard input, a line each, and answers with a line of
//! JSON.

use std::{cell::RefCell, collections::HashMap, io, rc::Rc, time::Duration};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{
    clock,
    failure::Failure,
    payload::Mark,
    report,
    wire::{self, Connection},
};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
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
/// [`Failure`], when the machine refuses a port.
pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    tokio::task::LocalSet::new().run_until(serve(listener)).await
}

async fn serve(listener: TcpListener) -> Result<(), Failure> {
    let state = Rc::new(RefCell::new(State::new()?));
    let (mode, watched) = watch::channel(Order::Answer);
    let accepting = Rc::clone(&state);
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (state, mode) = (Rc::clone(&accepting), watched.clone());
            tokio::task::spawn_local(async move { receive(stream, &state, mode).await });
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
async fn receive(
    stream: TcpStream,
    state: &RefCell<State>,
    mut mode: watch::Receiver<Order>,
) -> io::Result<()> {
    let mut connection = Connection::over(stream)?;
    while let Some(message) = connection.read().await? {
        if connection.head(&message).starts_with(b"POST /hang") {
            clock::sleep(HANG).await;
        } else {
            let webhook = webhook(connection.head(&message));
            let mark = Mark::read(connection.body(&message));
            state.borrow_mut().arrived(webhook, mark, clock::unix_nanos());
            if mode.wait_for(|mode| *mode == Order::Answer).await.is_err() {
                return Ok(());
            }
        }
        connection.write(OK).await?;
    }
    Ok(())
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
