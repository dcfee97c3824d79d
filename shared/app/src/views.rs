//! What is derived from events, and where every document is.
//!
//! A view is a pure function of a stream's state: [`View::derive`] lists the documents and counter
//! contributions that a state stands for. A command commits the difference between the state before
//! and after ([`changes`]); `rebuild` derives everything again from the events alone and compares.
//! Documents that no event tells of (events on their way, deliveries, logs, tokens) are named in
//! [`collections`] too, so that this folder is the whole table of contents of the store.

mod account;
mod api_key;
pub mod collections;
mod event_types;
mod webhook;

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::{Decider, Environment};
use ports::{
    Unavailable,
    store::{Condition, Document, IndexEntry, Key, StreamId, Write},
    vault::SecretName,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A state with the version of its stream, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<S> {
    /// How many events the state is the fold of.
    pub version: u64,
    /// The state.
    pub state: S,
    /// The revision of the document that it was read from; zero where it was not.
    #[serde(skip)]
    pub revision: u64,
}

impl<S: DeserializeOwned> Versioned<S> {
    /// Reads a state from its document.
    ///
    /// # Errors
    /// When the document is not of such a state.
    pub fn read(document: &Document) -> Result<Self, Unavailable> {
        let read: Self = crate::work::read(&document.body)?;
        Ok(Self { revision: document.revision, ..read })
    }
}

/// A document that a state stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// JSON.
    pub body: Bytes,
    /// Where else it is listed.
    pub index: Vec<IndexEntry>,
    /// Whether no other stream may stand for a document of this key.
    pub unique: bool,
}

/// Everything that a state stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// Its documents.
    pub documents: BTreeMap<Key, Derived>,
    /// What it adds to counters.
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

/// A thing whose state stands for documents.
pub trait View: Decider + Serialize + DeserializeOwned + Send + Sync {
    /// The stream that its events are in.
    fn stream(&self) -> StreamId;

    /// The environment that it belongs to; none where it belongs to both.
    fn environment(&self) -> Option<Environment>;

    /// Where its own document is, as long as there is one: the state at its version.
    fn key(&self) -> Key;

    /// What the vault keeps for it.
    fn secrets(&self) -> Vec<SecretName> {
        Vec::new()
    }

    /// Everything that this state at `version` stands for.
    fn derive(&self, version: u64) -> Derivation;
}

/// The writes that lead from what `before` stands for to what `after` does.
#[must_use]
pub fn changes<S: View>(before: Option<&Versioned<S>>, after: &Versioned<S>) -> Vec<Write> {
    let mut old = before.map(|before| before.state.derive(before.version)).unwrap_or_default();
    let new = after.state.derive(after.version);
    let mut writes = Vec::new();
    for (key, document) in new.documents {
        let was = old.documents.remove(&key);
        if was.as_ref() != Some(&document) {
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

/// What a stream that begins stands for can't be there yet, and what is unique must not be. Saying
/// so spares a backend the look at what it replaces.
fn put(key: Key, document: Derived, is_new: bool) -> Write {
    let condition = if is_new { Condition::Absent } else { Condition::None };
    Write::Put { key, body: document.body, expires_at: None, index: document.index, condition }
}

/// A document's or an answer's JSON.
///
/// # Panics
/// When it has none: nothing is better than an empty document, or a 200 with an empty body.
#[expect(clippy::expect_used, reason = "they are structs of texts, numbers and lists")]
#[must_use]
pub fn to_body(document: &impl Serialize) -> Bytes {
    serde_json::to_vec(document).expect("a struct of texts, numbers and lists").into()
}
