//! The one atomic change that a command makes.

use bytes::Bytes;
use domain::Timestamp;

use super::{IndexEntry, Key, NewEvent, StreamId};
use crate::{
    Unavailable,
    queue::{Message, Receipt},
};

/// Events for one stream.
#[derive(Debug, Clone)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// The version it must be at; zero for a stream that must not exist yet.
    pub expected_version: u64,
    /// What happened, in order; at least one.
    pub events: Vec<NewEvent>,
}

/// What must be true of a document for a commit to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// It is not there (or has expired).
    Absent,
    /// It is there.
    Present,
    /// It is there as the put of this revision left it.
    Revision(u64),
}

/// A change of a document or counter, or only a look at one.
#[derive(Debug, Clone)]
pub enum Write {
    /// Puts a document in place of whatever is there, its index entries included.
    Put {
        /// Where.
        key: Key,
        /// JSON.
        body: Bytes,
        /// When it stops being there.
        expires_at: Option<Timestamp>,
        /// Every other place where it is listed; entries of the document it replaces that are not
        /// among these are removed.
        index: Vec<IndexEntry>,
        /// What must be true.
        condition: Condition,
    },
    /// Removes a document and its index entries; nothing there is no error.
    Delete {
        /// Where.
        key: Key,
        /// What must be true.
        condition: Condition,
    },
    /// Changes nothing: the commit only happens if `condition` holds.
    Check {
        /// Where.
        key: Key,
        /// What must be true.
        condition: Condition,
    },
    /// Adds to a counter, which never goes below zero.
    Count {
        /// Which counter.
        key: Key,
        /// How much, either way.
        by: i64,
        /// The commit only happens if the counter is no greater than this afterwards.
        at_most: Option<u64>,
    },
}

/// Everything one command changes; it all happens, or none of it.
///
/// No two writes of a commit name the same document or counter.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// New events.
    pub appends: Vec<Append>,
    /// Documents and counters.
    pub writes: Vec<Write>,
    /// Messages to enqueue.
    pub messages: Vec<Message>,
    /// Messages that this commit finishes.
    pub acknowledge: Vec<Receipt>,
}

impl Commit {
    /// Adds `writes`, but no check that is already there: two secrets kept in one commit both rely
    /// on the same document of their account.
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

/// Why a commit did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// A stream has moved on: `appends[index]`.
    #[error("stream {index} of the commit has moved on")]
    StreamMoved {
        /// Which of the commit's appends.
        index: usize,
    },
    /// A condition does not hold: that of `writes[index]`.
    #[error("the condition of write {index} of the commit does not hold")]
    ConditionFailed {
        /// Which of the commit's writes; the first that fails.
        index: usize,
    },
    /// Another commit was in the way; nothing is known but that trying again makes sense.
    #[error("another commit was in the way")]
    Contended,
    /// An item is larger than the backend can keep.
    #[error("an item of {bytes} bytes is larger than the backend can keep")]
    TooLarge {
        /// The item's size.
        bytes: usize,
    },
    /// It changes more than the backend can change at once.
    #[error("a commit of {items} items is more than the backend can do at once")]
    TooManyItems {
        /// How many items it comes to, as the backend counts them.
        items: usize,
    },
    /// The backend is unavailable.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Collection, Partition, Scope};

    #[test]
    fn a_check_is_added_once_and_everything_else_as_it_comes() {
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
