//! Dispatch: the choice of which message may be worked on next.
//!
//! Leases, and everything else here, live in memory: one process owns the data directory, so a
//! restart ends every lease, and what is due is handed out again. The database is only asked when
//! messages that are due are not in memory: after a start, when a timer ends, or behind a backlog.

mod capacity;
mod group;
mod lane;
mod receipt;
#[cfg(test)]
mod tests;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{
    Timestamp,
    id::{MessageId, WebhookId},
};
use ports::queue::{Lane, Leased, Message, Receipt};
use tokio::sync::{Notify, futures::Notified};

use self::{lane::LaneState, receipt::LeaseId};
use crate::Options;

/// Location of a message in the database: its primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) webhook: WebhookId,
    pub(crate) lane: Lane,
    pub(crate) due: Timestamp,
    pub(crate) id: MessageId,
}

impl Place {
    pub(crate) const fn of(message: &Message) -> Self {
        Self { webhook: message.webhook, lane: message.lane, due: message.due, id: message.id }
    }
}

/// Current time by both clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Wall clock, compared with due times.
    pub(crate) wall: Timestamp,
    /// Monotonic clock, which measures how long leases are held.
    pub(crate) monotonic: Duration,
}

/// Answer to a worker that asks for a message.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Work on this message.
    Work(Leased),
    /// Read more messages of this group, pass them to [`Dispatch::refill`], and ask again.
    Read(Wanted),
    /// Wait until something changes or this much time has passed.
    Wait(Duration),
}

/// A request to read a group's next due messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) lane: Lane,
    pub(crate) webhook: WebhookId,
    /// Number of rows to read, those already in memory included.
    pub(crate) rows: usize,
    /// Latest due time of the messages to read.
    pub(crate) until: Timestamp,
}

/// Result of reading a group from the database.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The group's first due messages, as many as were wanted.
    pub(crate) due: Vec<Message>,
    /// Due time of the next message, if all due ones were returned.
    pub(crate) next_due: Option<Timestamp>,
}

/// The state of both lanes.
#[derive(Debug)]
pub(crate) struct Dispatch {
    first: Mutex<LaneState>,
    retry: Mutex<LaneState>,
    first_changed: Notify,
    retry_changed: Notify,
}

impl Dispatch {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            first: Mutex::new(LaneState::new(Lane::First, options.first, options)),
            retry: Mutex::new(LaneState::new(Lane::Retry, options.retry, options)),
            first_changed: Notify::new(),
            retry_changed: Notify::new(),
        }
    }

    /// Records a group that has messages in the database, the first due at `due`.
    pub(crate) fn found_group(&self, lane: Lane, webhook: WebhookId, due: Timestamp) {
        self.lane(lane).found_group(webhook, due);
    }

    /// Completes when `lane` has changed since the last time it was awaited.
    pub(crate) fn changed(&self, lane: Lane) -> Notified<'_> {
        self.change(lane).notified()
    }

    /// Hands out the next message of `lane`, or says what to do instead.
    pub(crate) fn turn(&self, lane: Lane, now: Now) -> Turn {
        let mut state = self.lane(lane);
        let turn = state.turn(now);
        let more = state.has_ready();
        drop(state);
        if more {
            // Wake another waiting worker as well: one change wakes only one.
            self.change(lane).notify_one();
        }
        turn
    }

    /// Takes in the rows that were read for `wanted`; `None` when reading failed.
    pub(crate) fn refill(&self, wanted: Wanted, found: Option<Found>) {
        self.lane(wanted.lane).refill(wanted, found);
        self.change(wanted.lane).notify_one();
    }

    /// Returns the location of the message of a running lease.
    pub(crate) fn leased(&self, receipt: &Receipt) -> Option<Place> {
        let lease = LeaseId::read(receipt)?;
        self.lane(lease.lane).leased(lease)
    }

    /// Takes in what a commit made durable: new messages, and leases whose message is gone.
    pub(crate) fn committed(&self, arrived: Vec<Message>, finished: &[Receipt], now: Now) {
        let finished: Vec<LeaseId> = finished.iter().filter_map(LeaseId::read).collect();
        let mut arrived_first = arrived;
        let arrived_retry: Vec<Message> =
            arrived_first.extract_if(.., |message| message.lane == Lane::Retry).collect();
        for (lane, arrived) in [(Lane::First, arrived_first), (Lane::Retry, arrived_retry)] {
            let mut finished = finished.iter().filter(|lease| lease.lane == lane).peekable();
            if arrived.is_empty() && finished.peek().is_none() {
                continue;
            }
            let mut state = self.lane(lane);
            for lease in finished {
                state.finished(*lease, now);
            }
            for message in arrived {
                state.arrived(message, now.wall);
            }
            drop(state);
            self.change(lane).notify_one();
        }
    }

    /// Ends a lease whose message was not finished.
    pub(crate) fn release(&self, receipt: &Receipt, now: Now) {
        let Some(lease) = LeaseId::read(receipt) else { return };
        self.lane(lease.lane).release(lease, now);
        self.change(lease.lane).notify_one();
    }

    fn lane(&self, lane: Lane) -> MutexGuard<'_, LaneState> {
        let state = match lane {
            Lane::First => &self.first,
            Lane::Retry => &self.retry,
        };
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    const fn change(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::First => &self.first_changed,
            Lane::Retry => &self.retry_changed,
        }
    }
}
