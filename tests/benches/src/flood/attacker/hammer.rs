//! Hammering: whole requests, one after another.

use std::{
    cell::{Cell, RefCell},
    io,
    rc::Rc,
    time::Duration,
};

use super::Shared;
use crate::{
    clock,
    wire::{self, Connection},
};

/// Pause after a connection was refused, or closed before anything was answered on it.
const AFTER_REFUSAL: Duration = Duration::from_millis(10);

/// Sends `requests` by turns, for ever.
pub(super) async fn hammer(shared: Rc<Shared>, requests: Rc<[String]>, first: usize) {
    let turn = Cell::new(first);
    let next = || {
        let at = turn.replace(turn.get() + 1) % requests.len();
        Some(requests[at].clone())
    };
    keep_sending(&shared, next).await;
}

/// Requests at a pace.
pub(super) struct Pace {
    requests: Vec<String>,
    period: Duration,
    began: Duration,
    sent: Cell<u32>,
}

impl Pace {
    pub(super) fn new(requests: Vec<String>, rate: f64) -> Rc<Self> {
        let period = Duration::from_secs_f64(1.0 / rate);
        Rc::new(Self { requests, period, began: clock::monotonic(), sent: Cell::new(0) })
    }
}

/// Sends requests at a pace, by turns with other connections.
pub(super) async fn paced(shared: Rc<Shared>, pace: Rc<Pace>) {
    let mut connection = None;
    loop {
        let number = pace.sent.replace(pace.sent.get() + 1);
        let due = pace.began + pace.period * number;
        clock::sleep(due.saturating_sub(clock::monotonic())).await;
        let request = &pace.requests[number as usize % pace.requests.len()];
        send(&shared, &mut connection, request).await;
    }
}

/// Requests that are left to be sent once.
pub(super) struct Left {
    requests: Vec<String>,
    times: Cell<usize>,
    /// Number of requests begun since the last order.
    begun: RefCell<usize>,
}

impl Left {
    pub(super) fn new(requests: Vec<String>, times: usize) -> Rc<Self> {
        Rc::new(Self { requests, times: Cell::new(times), begun: RefCell::default() })
    }

    fn next(&self) -> Option<String> {
        let mut begun = self.begun.borrow_mut();
        *begun += 1;
        (*begun <= self.times.get()).then(|| self.requests[*begun % self.requests.len()].clone())
    }
}

/// Sends what is left.
pub(super) async fn once(shared: Rc<Shared>, left: Rc<Left>) {
    keep_sending(&shared, || left.next()).await;
}

/// Sends requests until there is none, on a new connection whenever the old one ends.
async fn keep_sending(shared: &Shared, next: impl Fn() -> Option<String>) {
    let mut connection = None;
    while let Some(request) = next() {
        send(shared, &mut connection, &request).await;
    }
}

/// Sends a request and counts its answer.
async fn send(shared: &Shared, connection: &mut Option<Connection>, request: &str) {
    let status = answered(shared, connection, request).await.ok().flatten();
    if status.is_none() {
        *connection = None;
        clock::sleep(AFTER_REFUSAL).await;
    }
    shared.answered(status);
}

async fn answered(
    shared: &Shared,
    connection: &mut Option<Connection>,
    request: &str,
) -> io::Result<Option<u16>> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(Connection::over(shared.connect().await?)?),
    };
    // The answer may come before all of the body was taken.
    let written = open.write(request.as_bytes()).await;
    let Some(answer) = open.read().await? else { return written.map(|()| None) };
    let head = open.head(&answer);
    let status = wire::status(head);
    if wire::position(head, b"connection: close").is_some() {
        *connection = None;
    }
    Ok(status)
}
