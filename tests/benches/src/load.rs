//! Load generator of the bench: sends the same request repeatedly, each with its own mark.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    io,
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use tokio::{net::TcpStream, task::JoinSet};

use crate::{
    clock,
    failure::Failure,
    payload::{self, Mark},
    report,
    sink::{LONGEST, millis},
    wire::{self, Connection},
};

/// Plan of a load, as the bench passes it to the generator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// Address to send to.
    pub(crate) to: SocketAddr,
    /// Whole request, as text.
    pub(crate) request: String,
    /// Accounts that take turns in the place of the first, which the request names; none: always the
    /// same request. Their identifiers have one length.
    pub(crate) accounts: Vec<String>,
    /// Number of connections; each waits for its answer before it sends again.
    pub(crate) connections: u32,
    /// Condition to stop.
    pub(crate) until: Until,
    /// Requests a second over all connections; none: as fast as answers come.
    pub(crate) rate: Option<f64>,
    /// Number of the first event.
    pub(crate) first: u32,
}

/// Condition under which a load ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Until {
    /// After that many seconds.
    Seconds(u64),
    /// After that many requests.
    Count(u32),
}

/// Result of a load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Time at which the first request was sent, nanoseconds.
    pub(crate) began: u64,
    /// Time at which the last answer was read, nanoseconds.
    pub(crate) ended: u64,
    /// Number of answers by status.
    pub(crate) answers: BTreeMap<u16, u64>,
    /// Median time to an answer, milliseconds.
    pub(crate) p50_ms: f64,
    /// 99th percentile of the time to an answer, milliseconds.
    pub(crate) p99_ms: f64,
}

impl Done {
    /// Number of 2xx answers.
    pub(crate) fn succeeded(&self) -> u64 {
        self.answers.range(200..300).map(|(_, count)| count).sum()
    }

    /// Number of all other answers.
    pub(crate) fn refused(&self) -> u64 {
        self.answers.values().sum::<u64>() - self.succeeded()
    }
}

/// Runs the [`Plan`] from standard input; prints [`Done`] to standard output.
///
/// # Errors
/// [`Failure`], when there is no plan, or a connection breaks.
pub(crate) async fn run() -> Result<(), Failure> {
    let plan: Plan =
        serde_json::from_reader(io::stdin()).map_err(|why| Failure::of("the plan", why))?;
    let local = tokio::task::LocalSet::new();
    let done = local.run_until(send(plan)).await.map_err(|why| Failure::of("sending", why))?;
    report::print_json(&done)
}

async fn send(plan: Plan) -> io::Result<Done> {
    let shared = Rc::new(Shared::of(&plan)?);
    let mut senders = JoinSet::new();
    for place in 0..plan.connections {
        let connection = Connection::over(TcpStream::connect(plan.to).await?)?;
        let sender = Sender {
            shared: Rc::clone(&shared),
            connection,
            request: plan.request.clone().into_bytes(),
            mark_at: payload::place(plan.request.as_bytes()),
            account_at: plan.accounts.first().and_then(|first| plan.request.find(first.as_str())),
            tick: place,
        };
        senders.spawn_local(sender.run());
    }
    while let Some(finished) = senders.join_next().await {
        finished.map_err(io::Error::other)??;
    }
    Ok(shared.done())
}

/// State that all connections share.
struct Shared {
    began: Duration,
    began_at: u64,
    until: Until,
    period: Option<Duration>,
    connections: u32,
    accounts: Vec<String>,
    first: u32,
    sent: Cell<u32>,
    ended_at: Cell<u64>,
    answers: RefCell<BTreeMap<u16, u64>>,
    latency: RefCell<Histogram<u64>>,
}

impl Shared {
    fn of(plan: &Plan) -> io::Result<Self> {
        Ok(Self {
            began: clock::monotonic(),
            began_at: clock::unix_nanos(),
            until: plan.until,
            period: plan.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
            connections: plan.connections,
            accounts: plan.accounts.clone(),
            first: plan.first,
            sent: Cell::new(0),
            ended_at: Cell::new(0),
            answers: RefCell::default(),
            latency: RefCell::new(
                Histogram::new_with_bounds(1, LONGEST, 3).map_err(io::Error::other)?,
            ),
        })
    }

    /// Number of the next event; none when the load ends.
    fn next(&self) -> Option<u32> {
        let enough = match self.until {
            Until::Seconds(seconds) => clock::elapsed(self.began) >= Duration::from_secs(seconds),
            Until::Count(count) => self.sent.get() >= count,
        };
        let number = self.first + self.sent.get();
        (!enough).then(|| self.sent.set(self.sent.get() + 1)).map(|()| number)
    }

    /// Account whose turn it is.
    fn account(&self, number: u32) -> &str {
        &self.accounts[number as usize % self.accounts.len()]
    }

    fn answered(&self, status: Option<u16>, sent_at: u64) {
        let now = clock::unix_nanos();
        *self.answers.borrow_mut().entry(status.unwrap_or_default()).or_default() += 1;
        self.latency.borrow_mut().saturating_record(now.saturating_sub(sent_at) / 1000);
        self.ended_at.set(now);
    }

    fn done(&self) -> Done {
        let latency = self.latency.borrow();
        Done {
            began: self.began_at,
            ended: self.ended_at.get(),
            answers: self.answers.borrow().clone(),
            p50_ms: millis(latency.value_at_quantile(0.50)),
            p99_ms: millis(latency.value_at_quantile(0.99)),
        }
    }
}

/// Connection that sends.
struct Sender {
    shared: Rc<Shared>,
    connection: Connection,
    request: Vec<u8>,
    mark_at: Option<usize>,
    account_at: Option<usize>,
    /// Next tick of the rate; connections take turns.
    tick: u32,
}

impl Sender {
    async fn run(mut self) -> io::Result<()> {
        loop {
            self.wait_for_tick().await;
            let Some(number) = self.shared.next() else { return Ok(()) };
            let sent = clock::unix_nanos();
            if let Some(at) = self.mark_at {
                Mark { sent, number }.write(&mut self.request, at);
            }
            if let Some(at) = self.account_at {
                let account = self.shared.account(number).as_bytes();
                self.request[at..at + account.len()].copy_from_slice(account);
            }
            self.connection.write(&self.request).await?;
            let answer = self.connection.read().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            self.shared.answered(wire::status(self.connection.head(&answer)), sent);
        }
    }

    async fn wait_for_tick(&mut self) {
        let Some(period) = self.shared.period else { return };
        let due = self.shared.began + period * self.tick;
        self.tick += self.shared.connections;
        clock::sleep(due.saturating_sub(clock::monotonic())).await;
    }
}
