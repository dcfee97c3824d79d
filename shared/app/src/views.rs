//! Views: the documents that are derived from events, and the keys of all documents.
//!
//! A view is a pure function of a stream's state: [`View::derive`] lists the documents and counter
//! contributions of a state. A command commits the difference between the state before and after
//! ([`changes`]); `rebuild` derives everything again from the events alone and compares. Documents
//! that are not derived from events (events on their way, deliveries, logs, tokens) are named in
//! [`collections`] too, so that this folder lists everything in the store.

mod account;
mod api_key;
pub mod collections;
mod event_types;
mod key_scopes;
mod operator_token;
mod spread;
mod webhook;

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::{Decider, Environment};
use ports::{
    store::{Condition, IndexEntry, Key, StreamId, Write},
    vault::SecretName,
};
use serde::Serialize;

pub use self::spread::{Spread, SpreadList};
use crate::documents::Form;

/// State with the version of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<S> {
    /// Number of events that the state is the fold of.
    pub version: u64,
    /// The state.
    pub state: S,
    /// Revision of the document that it was read from; zero if it was not.
    pub revision: u64,
    /// True if its documents are stored in another form than the present one, so that the next
    /// commit has to write all of them.
    pub outdated: bool,
}

impl<S> Versioned<S> {
    /// Makes the state that the first `version` events of its stream fold to.
    pub const fn folded(version: u64, state: S) -> Self {
        Self { version, state, revision: 0, outdated: false }
    }
}

/// Document derived from a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Body, as JSON.
    pub body: Bytes,
    /// Index entries of the document.
    pub index: Vec<IndexEntry>,
    /// True if no other stream may have a document with this key.
    pub unique: bool,
}

/// Everything derived from a state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// Documents by key.
    pub documents: BTreeMap<Key, Derived>,
    /// Contributions to counters.
    pub counts: BTreeMap<Key, i64>,
}

impl Derivation {
    fn document(mut self, key: Key, body: &impl Serialize, index: Vec<IndexEntry>) -> Self {
        self.documents.insert(key, Derived { body: to_body(body), index, unique: false });
        self
    }

    fn unique(mut self, key: Key, body: &impl Serialize) -> Self {
        self.documents.insert(key, Derived { body: to_body(body), index: vec![], unique: true });
        self
    }

    fn counted(mut self, key: Key) -> Self {
        *self.counts.entry(key).or_default() += 1;
        self
    }
}

/// State from which documents are derived.
pub trait View: Decider + Send + Sync {
    /// Form of its own document.
    type Form: Form;

    /// Returns the stream of its events.
    fn stream(&self) -> StreamId;

    /// Returns the environment that it belongs to; none if it belongs to both.
    fn environment(&self) -> Option<Environment>;

    /// Returns the key of its own document, if it has one: the state at its version.
    fn key(&self) -> Key;

    /// Returns the names of its secrets in the vault.
    fn secrets(&self) -> Vec<SecretName> {
        Vec::new()
    }

    /// Derives everything from this state at `version`.
    fn derive(&self, version: u64) -> Derivation;
}

/// Returns the writes that lead from the documents of `before` to those of `after`: those that
/// differ, or all of them if they are [outdated](Versioned::outdated).
#[must_use]
pub fn changes<S: View>(before: Option<&Versioned<S>>, after: &Versioned<S>) -> Vec<Write> {
    let mut old = before.map(|before| before.state.derive(before.version)).unwrap_or_default();
    let new = after.state.derive(after.version);
    let outdated = before.is_some_and(|before| before.outdated);
    let mut writes = Vec::new();
    for (key, document) in new.documents {
        let was = old.documents.remove(&key);
        if outdated || was.as_ref() != Some(&document) {
            let is_new = was.is_none() && (before.is_none() || document.unique);
            writes.push(put(key, document, is_new));
        }
    }
    let gone = old.documents.into_keys();
    writes.extend(gone.map(|key| Write::Delete { key, condition: Condition::None }));
    for (key, by) in new.counts {
        *old.counts.entry(key).or_default() -= by;
    }
    let counts = old.counts.into_iter().filter(|(_, less)| *less != 0);
    writes.extend(counts.map(|(key, less)| Write::Count { key, by: -less, at_most: None }));
    writes
}

/// Returns the write that stores a document. A document of a new stream can't be there yet, and a
/// unique one must not be; that precondition spares a backend reading what it replaces.
fn put(key: Key, document: Derived, is_new: bool) -> Write {
    let condition = if is_new { Condition::Absent } else { Condition::None };
    Write::Put { key, body: document.body, expires_at: None, index: document.index, condition }
}

/// Serializes a document or an answer as JSON.
///
/// # Panics
/// When it can't be serialized: better no document than an empty one, or a 200 with an empty body.
#[expect(clippy::expect_used, reason = "they are structs of texts, numbers and lists")]
#[must_use]
pub fn to_body(document: &impl Serialize) -> Bytes {
    serde_json::to_vec(document).expect("a struct of texts, numbers and lists").into()
}
