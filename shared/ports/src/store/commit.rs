//! Commits: the one atomic change that a command makes.

use bytes::Bytes;
use domain::Timestamp;

use super::{Addition, IndexEntry, Key, NewEvent, StreamId};
use crate::{
    Corrupt, ReadError, Unavailable,
    queue::{Message, Receipt},
};

/// Events to append to one stream.
#[derive(Debug, Clone)]
pub struct Append {
    /// Stream.
    pub stream: StreamId,
    /// Version that the stream must have; zero for a stream that must not exist yet. None appends at
    /// its end, wherever that is: for events that nothing was decided on.
    pub expected_version: Option<u64>,
    /// Events in order; at least one.
    pub events: Vec<NewEvent>,
}

/// Precondition on a document for a commit to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// No precondition.
    None,
    /// The document does not exist, or has expired.
    Absent,
    /// The document exists.
    Present,
    /// The document is the one that was put with this revision.
    Revision(u64),
}

/// Change of a document or counter, or only a precondition.
#[derive(Debug, Clone)]
pub enum Write {
    /// Puts a document in place of the present one, its index entries included.
    Put {
        /// Key of the document.
        key: Key,
        /// Body, JSON.
        body: Bytes,
        /// Time from which the document no longer exists.
        expires_at: Option<Timestamp>,
        /// Every other place where the document is listed; entries of the replaced document that
        /// are not among these are removed.
        index: Vec<IndexEntry>,
        /// Precondition.
        condition: Condition,
    },
    /// Removes a document and its index entries; no error if there is none.
    Delete {
        /// Key of the document.
        key: Key,
        /// Precondition.
        condition: Condition,
    },
    /// Changes nothing: the commit only happens if `condition` holds.
    Check {
        /// Key of the document.
        key: Key,
        /// Precondition.
        condition: Condition,
    },
    /// Adds to a counter, which never goes below zero.
    Count {
        /// Key of the counter.
        key: Key,
        /// Amount to add; may be negative.
        by: i64,
        /// Upper bound of the counter afterwards; the commit only happens if it holds.
        at_most: Option<u64>,
    },
}

impl Write {
    /// Returns the key of the document or counter that this is about.
    #[must_use]
    pub const fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. }
            | Self::Delete { key, .. }
            | Self::Check { key, .. }
            | Self::Count { key, .. } => key,
        }
    }
}

/// Atomic change of one command: everything in it happens, or nothing.
///
/// No two writes of a commit name the same document or counter.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// Events to append.
    pub appends: Vec<Append>,
    /// Changes of documents and counters.
    pub writes: Vec<Write>,
    /// New documents that are true by themselves, such as the log row of an attempt that was made:
    /// puts without a condition, under keys that nobody else puts. A backend for which writing
    /// everything at once is dear puts them before the rest, so they can be there without it: when
    /// the process dies in between, or the commit fails.
    pub ahead: Vec<Write>,
    /// Keys under which nothing can be, because they are named after something that this commit makes: a
    /// backend that remembers documents may remember that.
    pub absent: Vec<Key>,
    /// Additions to documents of numbers.
    pub additions: Vec<Addition>,
    /// Messages to enqueue.
    pub messages: Vec<Message>,
    /// Receipts of the messages that this commit finishes.
    pub acknowledge: Vec<Receipt>,
    /// Time from which it must not happen any more; none if it may at any time.
    pub until: Option<Timestamp>,
    /// True if what it replaces or deletes is to be found nowhere any more: a backend that keeps that for
    /// a while, as in a log of changes, lets go of it soon.
    pub erases: bool,
    /// True if it takes authority away: where a backend keeps space back for what must go on, that
    /// is for this as well.
    pub revokes: bool,
}

impl Commit {
    /// Adds `writes`, but no check that is already there: two secrets kept in one commit both check
    /// the same document of their account.
    pub fn add(&mut self, writes: impl IntoIterator<Item = Write>) {
        for write in writes {
            if !self.has_check(&write) {
                self.writes.push(write);
            }
        }
    }

    fn has_check(&self, write: &Write) -> bool {
        let Write::Check { key, condition } = write else { return false };
        self.writes.iter().any(|known| {
            matches!(known, Write::Check { key: k, condition: c } if k == key && c == condition)
        })
    }
}

/// Reason why a commit did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// The stream of `appends[index]` has another version.
    #[error("stream {index} of the commit has moved on")]
    StreamMoved {
        /// Index of the append.
        index: usize,
    },
    /// The condition of `writes[index]` does not hold.
    #[error("the condition of write {index} of the commit does not hold")]
    ConditionFailed {
        /// Index of the write; the first that fails.
        index: usize,
    },
    /// The time of [`Commit::until`] has come.
    #[error("the time until which the commit could happen is over")]
    Late,
    /// Another commit was in the way; retrying makes sense.
    #[error("another commit was in the way")]
    Contended,
    /// An item is larger than the backend can keep.
    #[error("an item of {bytes} bytes is larger than the backend can keep")]
    TooLarge {
        /// Size of the item.
        bytes: usize,
    },
    /// The commit changes more items than the backend can change at once.
    #[error("a commit of {items} items is more than the backend can do at once")]
    TooManyItems {
        /// Number of items, as the backend counts them.
        items: usize,
    },
    /// The backend is unavailable.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// Something that the commit replaces or depends on is damaged.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

impl From<ReadError> for CommitError {
    fn from(why: ReadError) -> Self {
        match why {
            ReadError::Unavailable(why) => why.into(),
            ReadError::Corrupt(why) => why.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Collection, Partition, Scope};

    #[test]
    fn equal_checks_are_added_only_once() {
        let key = Partition::new(Scope::Installation, Collection("things"), "").key("one");
        let check = |condition| Write::Check { key: key.clone(), condition };
        let mut commit = Commit::default();
        commit.add([check(Condition::Present)]);
        commit.add([check(Condition::Present), check(Condition::Revision(1))]);
        commit.add([Write::Delete { key: key.clone(), condition: Condition::Present }]);
        let [Write::Check { .. }, Write::Check { condition, .. }, Write::Delete { .. }] =
            commit.writes.as_slice()
        else {
            panic!("{:?}", commit.writes);
        };
        assert_eq!(*condition, Condition::Revision(1));
    }
}
