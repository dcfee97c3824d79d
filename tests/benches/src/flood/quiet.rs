//! Quiet neighbour: reads and posts at a pace, receives its own deliveries, and times all of it.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    io,
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinSet, LocalSet, spawn_local},
};

use crate::{
    clock,
    failure::Failure,
    payload::{self, Mark},
    report,
    wire::{self, Connection},
};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
/// Longest time that an answer is waited for; one that takes longer counts as that long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest time that deliveries are waited for after the last event.
const PATIENCE_FOR_DELIVERIES: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(5);

/// Order to watch for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Watch {
    /// Address of the server.
    pub(crate) to: SocketAddr,
    /// Time to watch.
    pub(crate) millis: u64,
    /// Kinds of requests, each at its own pace.
    pub(crate) paces: Vec<Pace>,
}

/// Requests of one kind, sent by turns.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pace {
    /// Name of the kind.
    pub(crate) kind: String,
    /// Whole requests. One with a mark is an event, whose delivery is timed.
    pub(crate) requests: Vec<String>,
    /// Requests a second.
    pub(crate) rate: f64,
}

/// Observations of one watch.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Watched {
    /// Times to an answer by kind, in microseconds; of events, times to their delivery.
    pub(crate) times: BTreeMap<String, Vec<u64>>,
    /// Events that were accepted.
    pub(crate) accepted: u64,
    /// Accepted events that were not delivered.
    pub(crate) lost: u64,
    /// Requests that were not answered with success, by status; 0: no answer.
    pub(crate) failed: BTreeMap<u16, u64>,
}

/// Serves until standard input ends.
///
/// # Errors
/// [`Failure`], when the machine refuses a port.
pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    LocalSet::new().run_until(serve(listener)).await
}

async fn serve(listener: TcpListener) -> Result<(), Failure> {
    let arrived: Arrived = Rc::default();
    let arriving = Rc::clone(&arrived);
    spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            spawn_local(receive(stream, Rc::clone(&arriving)));
        }
    });
    let numbers = Rc::new(Cell::new(0));
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = orders.next_line().await? {
        let order: Watch = serde_json::from_str(&line).map_err(io::Error::from)?;
        report::print_json(&watch(order, &numbers, &arrived).await)?;
    }
    Ok(())
}

/// Time from sent to arrived of each event by its number, in microseconds; the first time that it
/// arrived.
type Arrived = Rc<RefCell<HashMap<u32, u64>>>;

async fn receive(stream: TcpStream, arrived: Arrived) -> io::Result<()> {
    let mut connection = Connection::over(stream)?;
    while let Some(message) = connection.read().await? {
        if let Some(mark) = Mark::read(connection.body(&message)) {
            let took = clock::unix_nanos().saturating_sub(mark.sent) / 1000;
            arrived.borrow_mut().entry(mark.number).or_insert(took);
        }
        connection.write(OK).await?;
    }
    Ok(())
}

/// State of one watch.
struct Watching {
    to: SocketAddr,
    /// Connections that are not in use.
    idle: RefCell<Vec<Connection>>,
    times: RefCell<BTreeMap<String, Vec<u64>>>,
    failed: RefCell<BTreeMap<u16, u64>>,
    accepted: RefCell<Vec<u32>>,
    numbers: Rc<Cell<u32>>,
}

async fn watch(order: Watch, numbers: &Rc<Cell<u32>>, arrived: &Arrived) -> Watched {
    let watching = Rc::new(Watching {
        to: order.to,
        idle: RefCell::default(),
        times: RefCell::default(),
        failed: RefCell::default(),
        accepted: RefCell::default(),
        numbers: Rc::clone(numbers),
    });
    let lasts = Duration::from_millis(order.millis);
    let mut all = JoinSet::new();
    for pace in order.paces {
        all.spawn_local(keep(pace, lasts, Rc::clone(&watching)));
    }
    while all.join_next().await.is_some() {}
    watching.delivered(arrived).await
}

/// Sends requests at a pace, each on time: one that takes long delays no other.
async fn keep(pace: Pace, lasts: Duration, watching: Rc<Watching>) {
    let (began, mut sent) = (clock::monotonic(), JoinSet::new());
    let kind: Rc<str> = pace.kind.into();
    for (tick, request) in (0_u32..).zip(pace.requests.iter().cycle()) {
        let due = Duration::from_secs_f64(f64::from(tick) / pace.rate);
        if due >= lasts {
            break;
        }
        clock::sleep((began + due).saturating_sub(clock::monotonic())).await;
        let (kind, request) = (Rc::clone(&kind), request.clone().into_bytes());
        sent.spawn_local(Rc::clone(&watching).send(kind, request));
        while sent.try_join_next().is_some() {}
    }
    while sent.join_next().await.is_some() {}
}

impl Watching {
    async fn send(self: Rc<Self>, kind: Rc<str>, mut request: Vec<u8>) {
        let sent = clock::unix_nanos();
        let event = payload::place(&request).map(|at| {
            let number = self.numbers.replace(self.numbers.get() + 1);
            Mark { sent, number }.write(&mut request, at);
            number
        });
        let status = tokio::time::timeout(PATIENCE, self.answered(&request)).await;
        let status = status.ok().and_then(Result::ok).flatten().unwrap_or_default();
        if !(200..300).contains(&status) {
            *self.failed.borrow_mut().entry(status).or_default() += 1;
        } else if let Some(number) = event {
            self.accepted.borrow_mut().push(number);
            return;
        }
        self.took(&kind, clock::unix_nanos().saturating_sub(sent) / 1000);
    }

    async fn answered(&self, request: &[u8]) -> io::Result<Option<u16>> {
        let idle = self.idle.borrow_mut().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::over(TcpStream::connect(self.to).await?)?,
        };
        connection.write(request).await?;
        let Some(answer) = connection.read().await? else { return Ok(None) };
        let status = wire::status(connection.head(&answer));
        self.idle.borrow_mut().push(connection);
        Ok(status)
    }

    fn took(&self, kind: &str, micros: u64) {
        self.times.borrow_mut().entry(kind.to_owned()).or_default().push(micros);
    }

    /// Waits for the deliveries of all accepted events; returns everything.
    async fn delivered(&self, arrived: &Arrived) -> Watched {
        let accepted = self.accepted.take();
        let began = clock::monotonic();
        let missing = || accepted.iter().any(|number| !arrived.borrow().contains_key(number));
        while missing() && clock::elapsed(began) < PATIENCE_FOR_DELIVERIES {
            clock::sleep(LOOK).await;
        }
        let mut lost = 0;
        for number in &accepted {
            match arrived.borrow().get(number) {
                Some(took) => self.took(DELIVERY, *took),
                None => lost += 1,
            }
        }
        Watched {
            times: self.times.take(),
            accepted: accepted.len() as u64,
            lost,
            failed: self.failed.take(),
        }
    }
}

/// Kind under which the times of deliveries are reported.
pub(crate) const DELIVERY: &str = "delivery";
