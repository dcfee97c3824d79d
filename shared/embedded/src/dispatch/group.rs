//! The messages of one endpoint in one lane.

use std::collections::{HashSet, VecDeque};

use domain::{Timestamp, id::MessageId};
use ports::queue::Message;

/// Key of a message within its group.
pub(super) type Slot = (Timestamp, MessageId);

/// Queue in which a group waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Queued {
    /// In no queue: it has nothing to do, or its endpoint holds all the leases it may.
    #[default]
    No,
    /// Among the groups that may be served.
    Ready,
    /// Among the groups that wait for others to end a lease.
    Blocked,
}

/// The messages of one endpoint in one lane, as far as they are in memory.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Messages that are due and not leased; oldest first.
    pub(super) buffer: VecDeque<Message>,
    /// Keys of all messages that are buffered or leased.
    known: HashSet<Slot>,
    /// True if the database has due messages that are not in memory.
    more: bool,
    /// While the group is being read: the messages finished meanwhile, which that read may still
    /// see.
    reading: Option<HashSet<Slot>>,
    /// Due time of the next message that is not due yet, or an earlier time.
    pub(super) next_due: Option<Timestamp>,
    /// Number of leased messages.
    pub(super) leased: usize,
    /// True if the last lease that was judged took long.
    pub(super) slow: bool,
    /// Queue in which the group waits.
    pub(super) queued: Queued,
}

impl Group {
    /// Returns whether a turn of this group would lead to anything.
    pub(super) fn has_work(&self) -> bool {
        !self.buffer.is_empty() || (self.more && self.reading.is_none())
    }

    /// Returns whether the group can be forgotten without losing anything.
    pub(super) fn is_idle(&self) -> bool {
        self.leased == 0
            && self.queued == Queued::No
            && self.buffer.is_empty()
            && !self.more
            && self.reading.is_none()
            && self.next_due.is_none()
    }

    /// Records that the database has due messages.
    pub(super) fn note_more(&mut self) {
        self.more = true;
    }

    /// Takes a due message that was just made durable, if there is `room`. Behind a backlog it
    /// waits for its turn in the database, so that older ones go first.
    pub(super) fn offer(&mut self, message: Message, room: bool) -> bool {
        if self.known.contains(&slot(&message)) {
            return false;
        }
        if !room || self.more || self.reading.is_some() {
            self.more = true;
            return false;
        }
        self.known.insert(slot(&message));
        self.buffer.push_back(message);
        true
    }

    /// Begins a read and returns its number of rows, which is greater than the number of known
    /// messages.
    pub(super) fn begin_read(&mut self, room: usize) -> usize {
        self.more = false;
        self.reading = Some(HashSet::new());
        room + self.known.len()
    }

    /// Takes in the `due` messages of a read that wanted `rows`; returns how many were new.
    pub(super) fn end_read(&mut self, due: Vec<Message>, rows: usize) -> usize {
        let finished = self.reading.take().unwrap_or_default();
        self.more |= due.len() >= rows;
        let before = self.buffer.len();
        for message in due {
            if !finished.contains(&slot(&message)) && self.known.insert(slot(&message)) {
                self.buffer.push_back(message);
            }
        }
        self.buffer.len() - before
    }

    /// Forgets a leased message that is done.
    pub(super) fn finish(&mut self, message: &Message) {
        self.known.remove(&slot(message));
        if let Some(finished) = &mut self.reading {
            finished.insert(slot(message));
        }
    }
}

fn slot(message: &Message) -> Slot {
    (message.due, message.id)
}
