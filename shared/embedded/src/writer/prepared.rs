//! Commits in the form in which they are stored, prepared on the caller's side so that the writer
//! has less to do.

use domain::Timestamp;
use ports::{
    Commit, Unavailable,
    queue::{Message, Receipt},
    store::{Addition, Append, CommitError, Condition, Key, NewEvent, Scope, Write},
};

use crate::{messages, read::history_name, text};

/// Size limit of a document, event or message, in bytes. SQLite could keep more, but an item that
/// is so much larger than any request is a mistake.
const LARGEST_ITEM: usize = 4 << 20;

/// Commit that is ready to be stored.
pub(super) struct Prepared {
    /// First account whose data it changes, or the installation: whose turn it takes.
    pub(super) scope: Scope,
    /// Everybody whose data it changes, each once.
    pub(super) changes: Vec<Scope>,
    pub(super) appends: Vec<PreparedAppend>,
    pub(super) writes: Vec<PreparedWrite>,
    pub(super) absent: Vec<Key>,
    pub(super) additions: Vec<Addition>,
    pub(super) messages: Vec<PreparedMessage>,
    pub(super) acknowledge: Vec<Receipt>,
    /// Time from which it must not happen any more.
    pub(super) until: Option<Timestamp>,
    pub(super) revokes: bool,
    pub(super) erases: bool,
    /// Size of what is written, in bytes, approximately.
    pub(super) bytes: usize,
}

pub(super) struct PreparedAppend {
    pub(super) stream: String,
    /// Part of its account's history.
    pub(super) history: Option<String>,
    pub(super) expected_version: Option<u64>,
    pub(super) events: Vec<PreparedEvent>,
}

pub(super) struct PreparedEvent {
    pub(super) event: NewEvent,
    pub(super) id: String,
    pub(super) metadata: String,
}

pub(super) struct PreparedWrite {
    pub(super) key: Key,
    pub(super) condition: Condition,
    pub(super) change: Change,
    /// True of a put under a key that nobody else puts.
    pub(super) is_new: bool,
}

pub(super) enum Change {
    Put(Put),
    Delete,
    Nothing,
    Count { by: i64, at_most: Option<u64> },
}

pub(super) struct Put {
    pub(super) body: bytes::Bytes,
    pub(super) expires_at: Option<Timestamp>,
    /// Index entries, as `text::entries` writes them.
    pub(super) entries: Option<String>,
}

pub(super) struct PreparedMessage {
    pub(super) message: Message,
    pub(super) task: String,
}

impl Prepared {
    pub(super) fn from(mut commit: Commit) -> Result<Self, CommitError> {
        let mut bytes = 0;
        let mut weigh = |item: usize| {
            bytes += item;
            if item > LARGEST_ITEM { Err(CommitError::TooLarge { bytes: item }) } else { Ok(()) }
        };
        let (writes, ahead) =
            (std::mem::take(&mut commit.writes), std::mem::take(&mut commit.ahead));
        // Behind the others, so that a condition that fails has the caller's number.
        let mut writes: Vec<_> =
            writes.into_iter().map(PreparedWrite::from).collect::<Result<_, _>>()?;
        for write in ahead {
            writes.push(PreparedWrite { is_new: true, ..PreparedWrite::from(write)? });
        }
        let changes = changes(&commit, &writes);
        let is_account = |scope: &Scope| *scope != Scope::Installation;
        let scope = changes.iter().copied().find(is_account).unwrap_or(Scope::Installation);
        let appends: Vec<_> =
            commit.appends.into_iter().map(PreparedAppend::from).collect::<Result<_, _>>()?;
        for event in appends.iter().flat_map(|append| &append.events) {
            weigh(event.event.payload.get().len())?;
        }
        for write in &writes {
            weigh(write.bytes())?;
        }
        let messages =
            commit.messages.into_iter().map(PreparedMessage::from).collect::<Result<_, _>>()?;
        let Commit { absent, additions, acknowledge, until, revokes, erases, .. } = commit;
        Ok(Self {
            scope,
            changes,
            appends,
            writes,
            absent,
            additions,
            messages,
            acknowledge,
            until,
            revokes,
            erases,
            bytes,
        })
    }

    /// Number of rows that are written, index entries apart.
    pub(super) fn rows(&self) -> usize {
        let events: usize = self.appends.iter().map(|append| append.events.len()).sum();
        events
            + self.writes.len()
            + self.additions.len()
            + self.messages.len()
            + self.acknowledge.len()
    }

    /// Number of documents that are put at most.
    pub(super) const fn puts(&self) -> usize {
        self.writes.len() + self.additions.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.appends.is_empty()
            && self.writes.is_empty()
            && self.additions.is_empty()
            && self.messages.is_empty()
            && self.acknowledge.is_empty()
    }
}

/// Returns everybody whose data a commit changes, each once, in the order of its parts.
fn changes(commit: &Commit, writes: &[PreparedWrite]) -> Vec<Scope> {
    let of_messages = commit.messages.iter().map(|message| Scope::Account(message.account));
    let of_appends = commit.appends.iter().map(|append| append.stream.scope());
    let of_writes = writes.iter().map(|write| write.key.partition.scope());
    let of_additions = commit.additions.iter().map(|addition| addition.key.partition.scope());
    let mut changes = Vec::with_capacity(2);
    for scope in of_messages.chain(of_appends).chain(of_writes).chain(of_additions) {
        if !changes.contains(&scope) {
            changes.push(scope);
        }
    }
    changes
}

impl PreparedAppend {
    fn from(append: Append) -> Result<Self, Unavailable> {
        let prepare = |event: NewEvent| {
            let metadata = text::to_json(&event.metadata)?;
            Ok(PreparedEvent { id: event.id.to_string(), metadata, event })
        };
        Ok(Self {
            stream: append.stream.to_string(),
            history: append.stream.history().map(|(account, part)| history_name(account, part)),
            expected_version: append.expected_version,
            events: append.events.into_iter().map(prepare).collect::<Result<_, _>>()?,
        })
    }
}

impl PreparedWrite {
    fn from(write: Write) -> Result<Self, Unavailable> {
        let (key, condition, change) = match write {
            Write::Put { key, body, expires_at, index, condition } => {
                let entries = text::entries(&index)?;
                (key, condition, Change::Put(Put { body, expires_at, entries }))
            }
            Write::Delete { key, condition } => (key, condition, Change::Delete),
            Write::Check { key, condition } => (key, condition, Change::Nothing),
            Write::Count { key, by, at_most } => {
                (key, Condition::None, Change::Count { by, at_most })
            }
        };
        Ok(Self { key, condition, change, is_new: false })
    }

    fn bytes(&self) -> usize {
        let body = match &self.change {
            Change::Put(put) => put.body.len(),
            _ => 0,
        };
        body + self.key.sort.len()
    }
}

impl PreparedMessage {
    fn from(message: Message) -> Result<Self, Unavailable> {
        Ok(Self { task: messages::task(&message)?, message })
    }
}
