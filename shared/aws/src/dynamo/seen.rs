//! Documents that a commit reads before it writes.
//!
//! A put that replaces a document must know its index entries, and so must a delete. Both are then
//! conditioned on the document being unchanged: every put leaves a revision of its own in the item.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::Timestamp;
use ports::{
    Corrupt, ReadError,
    store::{Condition, IndexEntry, Key, Write},
};

use super::{
    DynamoStore,
    attributes::{Entered, Item, document_key, expiry, key_of, read_entered, read_number},
    batch::How,
};

/// Largest number of documents that are noted; of more, all are read again.
const MOST_FORESEEN: usize = 1024;
/// Attributes of a document that a commit reads: all but its body.
const LOOKED_AT: &str = "pk, sk, revision, expires_ms, entries";

/// Document before a commit, expired or not.
#[derive(Debug, Clone)]
pub(super) struct PriorDocument {
    pub(super) revision: u64,
    pub(super) entries: Vec<Entered>,
    pub(super) expires_at: Option<Timestamp>,
}

impl PriorDocument {
    pub(super) fn read(item: &Item) -> Result<Self, Corrupt> {
        Ok(Self {
            revision: read_number(item, "revision")?,
            entries: read_entered(item)?,
            expires_at: expiry(item)?,
        })
    }

    /// Returns `entry` as the document has it.
    pub(super) fn entered(&self, entry: &IndexEntry) -> Option<&Entered> {
        self.entries.iter().find(|entered| entered.entry == *entry)
    }

    /// Returns whether it has not expired at `now`.
    pub(super) fn is_there(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| at > now)
    }
}

/// Returns whether `condition` holds of `was` at `now`.
pub(super) fn holds(condition: Condition, was: Option<&PriorDocument>, now: Timestamp) -> bool {
    let there = was.filter(|was| was.is_there(now));
    match condition {
        Condition::None => true,
        Condition::Absent => there.is_none(),
        Condition::Present => there.is_some(),
        Condition::Revision(revision) => there.is_some_and(|there| there.revision == revision),
    }
}

/// Documents that a commit has read.
#[derive(Debug, Default)]
pub(super) struct PriorDocuments(HashMap<Key, PriorDocument>);

impl PriorDocuments {
    /// Returns the document that was under `key`.
    pub(super) fn at(&self, key: &Key) -> Option<&PriorDocument> {
        self.0.get(key)
    }

    /// Returns the first of `writes` that was read and whose condition does not hold.
    pub(super) fn first_failing(&self, writes: &[Write], now: Timestamp) -> Option<usize> {
        writes.iter().position(|write| {
            looked_at(write).is_some_and(|(key, condition)| !holds(condition, self.at(key), now))
        })
    }
}

/// Documents that were read whole for whoever is usually about to replace them, so that the commit need not
/// read them again. That they are still there is its condition anyway.
#[derive(Debug, Default)]
pub(super) struct Foreseen(Mutex<HashMap<Key, PriorDocument>>);

impl Foreseen {
    /// Notes the documents in `items`.
    pub(super) fn note(&self, items: &[Item]) -> Result<(), Corrupt> {
        let mut known = self.known();
        for item in items.iter().filter(|item| item.contains_key("revision")) {
            if known.len() >= MOST_FORESEEN {
                known.clear();
            }
            known.insert(key_of(item)?, PriorDocument::read(item)?);
        }
        Ok(())
    }

    /// Takes the document under `key`, if it was noted at `revision`: after a conflict it is read.
    fn take(&self, key: &Key, revision: u64) -> Option<PriorDocument> {
        self.known().remove(key).filter(|known| known.revision == revision)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Key, PriorDocument>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the key that must be read before a write, and the condition. A put that requires an
/// absent document needs no read, nor does a mere check.
fn looked_at(write: &Write) -> Option<(&Key, Condition)> {
    match write {
        Write::Put { condition: Condition::Absent, .. }
        | Write::Check { .. }
        | Write::Count { .. } => None,
        Write::Put { key, condition, .. } | Write::Delete { key, condition } => {
            Some((key, *condition))
        }
    }
}

impl DynamoStore {
    /// Reads the documents that `writes` replace, in one call if there are any that were not
    /// [foreseen](Foreseen).
    pub(super) async fn look_at(&self, writes: &[Write]) -> Result<PriorDocuments, ReadError> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (key, condition) in writes.iter().filter_map(looked_at) {
            let foreseen = match condition {
                Condition::Revision(revision) => self.foreseen.take(key, revision),
                _ => None,
            };
            match foreseen {
                Some(prior) => known.push((key.clone(), prior)),
                None => unknown.push(key),
            }
        }
        let mut seen = self.look(unknown.into_iter()).await?;
        seen.0.extend(known);
        Ok(seen)
    }

    /// Returns the first of `writes` whose condition does not hold; `known` is one that was read.
    /// Only those before it are still to be read.
    pub(super) async fn first_failing(
        &self,
        writes: &[Write],
        known: usize,
        now: Timestamp,
    ) -> Result<usize, ReadError> {
        let before = &writes[..known];
        let conditions = |write: &Write| match write {
            Write::Put { key, condition: Condition::Absent, .. } => {
                Some((key.clone(), Condition::Absent))
            }
            Write::Check { key, condition } => Some((key.clone(), *condition)),
            _ => None,
        };
        let keys: Vec<Key> = before.iter().filter_map(conditions).map(|(key, _)| key).collect();
        let seen = self.look(keys.iter()).await?;
        for (index, write) in before.iter().enumerate() {
            let fails = match write {
                Write::Count { key, by, at_most } => {
                    let counted = i128::from(self.count_at(key).await?) + i128::from(*by);
                    counted < 0 || at_most.is_some_and(|most| counted > i128::from(most))
                }
                write => conditions(write)
                    .is_some_and(|(key, condition)| !holds(condition, seen.at(&key), now)),
            };
            if fails {
                return Ok(index);
            }
        }
        Ok(known)
    }

    async fn look(&self, keys: impl Iterator<Item = &Key>) -> Result<PriorDocuments, ReadError> {
        let keys: Vec<Item> = keys.map(document_key).collect();
        let found = self.fetch(&self.tables.views, keys, How::only(LOOKED_AT)).await?;
        let read = |item: &Item| Ok((key_of(item)?, PriorDocument::read(item)?));
        Ok(PriorDocuments(found.iter().map(read).collect::<Result<_, Corrupt>>()?))
    }
}
