//! Attacker: a process that does what it is told as fast as it can, from an address of its own.

mod hammer;
mod http2;
mod stall;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::{TcpSocket, TcpStream},
    task::{JoinSet, LocalSet},
};

use super::hostile::Order;
use crate::{failure::Failure, report};

/// Address that attacks come from.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Priority of attackers, as `nice` has it. In the field they have machines of their own; here their
/// work must not take the processors from the server.
const NICE: i32 = 10;

/// Work of an attacker.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// Sends whole requests by turns, on each connection as fast as answers come.
    Hammer { connections: usize, requests: Vec<String> },
    /// Sends whole requests by turns, at most so many a second.
    Paced { connections: usize, requests: Vec<String>, rate: f64 },
    /// Sends these requests once, and then nothing.
    Once { connections: usize, requests: Vec<String>, times: usize },
    /// Opens connections, sends `begin` on each, and then a byte every `drip` milliseconds or none.
    Stall { connections: usize, begin: String, drip: Option<u64> },
    /// Floods connections of HTTP/2.
    Http2 { connections: usize, flood: Flood, path: String, authorization: String },
}

/// Flood of an HTTP/2 connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flood {
    /// A hundred requests at once, a new one for each that is answered.
    Streams,
    /// Requests that are cancelled at once.
    Resets,
    /// Pings and settings, each of which wants an answer.
    Pings,
}

/// Everything that an attacker is told before it begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// Address of the server.
    pub(crate) to: SocketAddr,
    pub(crate) works: Vec<Work>,
}

/// Answers to an attacker so far, by status; 0: the connection was closed or refused.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) answers: BTreeMap<u16, u64>,
}

impl Tally {
    /// Returns the number of answers with a status in `range`.
    pub(crate) fn count(&self, range: impl std::ops::RangeBounds<u16>) -> u64 {
        self.answers.range(range).map(|(_, count)| count).sum()
    }
}

/// State that all of an attacker's connections share.
struct Shared {
    to: SocketAddr,
    tally: RefCell<Tally>,
}

/// Takes a [`Plan`], then [`Order`]s, until standard input ends.
///
/// # Errors
/// [`Failure`], when the input can't be read.
pub(crate) async fn run() -> Result<(), Failure> {
    rustix::process::nice(NICE).map_err(|why| Failure::of("a lower priority", why))?;
    // Every helper prints a port; an attacker has none.
    println!("0");
    LocalSet::new().run_until(obey()).await
}

async fn obey() -> Result<(), Failure> {
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    let mut plan = Plan { to: SocketAddr::from(([127, 0, 0, 1], 0)), works: vec![] };
    let mut shared = Rc::new(Shared { to: plan.to, tally: RefCell::default() });
    let mut attack = JoinSet::new();
    while let Some(line) = orders.next_line().await? {
        match serde_json::from_str::<Order>(&line) {
            Ok(Order::Go) => {
                for work in plan.works.clone() {
                    begin(work, &shared, &mut attack);
                }
            }
            Ok(Order::Stop) => attack.shutdown().await,
            Ok(Order::Tell) => {}
            Err(_) => {
                plan = serde_json::from_str(&line).map_err(io::Error::from)?;
                shared = Rc::new(Shared { to: plan.to, tally: RefCell::default() });
            }
        }
        report::print_json(&*shared.tally.borrow())?;
    }
    Ok(())
}

fn begin(work: Work, shared: &Rc<Shared>, attack: &mut JoinSet<()>) {
    match work {
        Work::Hammer { connections, requests } => {
            let requests: Rc<[String]> = requests.into();
            for first in 0..connections {
                attack.spawn_local(hammer::hammer(Rc::clone(shared), Rc::clone(&requests), first));
            }
        }
        Work::Paced { connections, requests, rate } => {
            let pace = hammer::Pace::new(requests, rate);
            for _ in 0..connections {
                attack.spawn_local(hammer::paced(Rc::clone(shared), Rc::clone(&pace)));
            }
        }
        Work::Once { connections, requests, times } => {
            let left = hammer::Left::new(requests, times);
            for _ in 0..connections {
                attack.spawn_local(hammer::once(Rc::clone(shared), Rc::clone(&left)));
            }
        }
        Work::Stall { connections, begin, drip } => {
            let begin: Rc<str> = begin.into();
            for _ in 0..connections {
                attack.spawn_local(stall::stall(Rc::clone(shared), Rc::clone(&begin), drip));
            }
        }
        Work::Http2 { connections, flood, path, authorization } => {
            let request: Rc<[u8]> = http2::head(&path, &authorization).into();
            for _ in 0..connections {
                attack.spawn_local(http2::flood(Rc::clone(shared), flood, Rc::clone(&request)));
            }
        }
    }
}

impl Shared {
    async fn connect(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((ADDRESS, 0).into())?;
        let stream = socket.connect(self.to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Counts an answer; `None`: the connection broke.
    fn answered(&self, status: Option<u16>) {
        *self.tally.borrow_mut().answers.entry(status.unwrap_or_default()).or_default() += 1;
    }
}
