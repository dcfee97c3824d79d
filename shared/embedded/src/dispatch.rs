//! Which message may be worked on next.
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

/// Where a message lies in the database: its primary key.
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

/// The present, by both clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// For what is due.
    pub(crate) wall: Timestamp,
    /// For how long leases are held.
    pub(crate) monotonic: Duration,
}

/// What a worker that asks for a message is told.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Work on this.
    Work(Leased),
    /// Read more of this group, give it to [`Dispatch::refill`], and ask again.
    Read(Wanted),
    /// Nothing until something changes, or this much time has passed.
    Wait(Duration),
}

/// A request to read a group's next due messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) lane: Lane,
    pub(crate) webhook: WebhookId,
    /// How many rows, those already in memory included.
    pub(crate) rows: usize,
    /// Up to when they are due.
    pub(crate) until: Timestamp,
}

/// What the database has of a group.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Its first due messages, as many as were wanted.
    pub(crate) due: Vec<Message>,
    /// Where there are no more of those: when the next becomes due.
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

    /// Notes a group that has messages in the database, the first due at `due`.
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
            // For whoever else waits; one change wakes one worker.
            self.change(lane).notify_one();
        }
        turn
    }

    /// Takes in what was read for `wanted`; `None` when reading failed.
    pub(crate) fn refill(&self, wanted: Wanted, found: Option<Found>) {
        self.lane(wanted.lane).refill(wanted, found);
        self.change(wanted.lane).notify_one();
    }

    /// Where the message of a running lease lies.
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

    /// Ends a lease without its message being done.
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
