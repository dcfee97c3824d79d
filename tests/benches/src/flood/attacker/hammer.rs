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
        let status = answered(shared, &mut connection, &request).await.ok().flatten();
        if status.is_none() {
            connection = None;
            clock::sleep(AFTER_REFUSAL).await;
        }
        shared.answered(status);
    }
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
