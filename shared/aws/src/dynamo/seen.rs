//! What a commit looks at before it writes.
//!
//! A put that replaces something must know its index entries, and so must a delete. Both are then
//! conditioned on exactly what was seen: every put leaves an identifier of its own, so what is
//! there now is either that or something else.

use std::collections::HashMap;

use domain::Timestamp;
use ports::{
    Unavailable,
    store::{Condition, IndexEntry, Key, Write},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key, expiry, key_of, read_entries, read_number, read_text},
};

/// The attributes of a document that a commit looks at: all but its body.
const LOOKED_AT: &str = "pk, sk, revision, put_id, expires_ms, entries";

/// A document that is there, expired or not.
#[derive(Debug, Clone)]
pub(super) struct Was {
    pub(super) revision: u64,
    pub(super) put: String,
    pub(super) entries: Vec<IndexEntry>,
    expires_at: Option<Timestamp>,
}

impl Was {
    pub(super) fn read(item: &Item) -> Result<Self, Unavailable> {
        Ok(Self {
            revision: read_number(item, "revision")?,
            put: read_text(item, "put_id")?.to_owned(),
            entries: read_entries(item)?,
            expires_at: expiry(item)?,
        })
    }

    /// Whether it has not expired at `now`.
    pub(super) fn is_there(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| at > now)
    }
}

/// Whether `condition` holds of `was` at `now`.
pub(super) fn holds(condition: Condition, was: Option<&Was>, now: Timestamp) -> bool {
    let there = was.filter(|was| was.is_there(now));
    match condition {
        Condition::None => true,
        Condition::Absent => there.is_none(),
        Condition::Present => there.is_some(),
        Condition::Revision(revision) => there.is_some_and(|there| there.revision == revision),
    }
}

/// The documents that a commit has looked at.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<Key, Was>);

impl Seen {
    /// What was under `key`.
    pub(super) fn at(&self, key: &Key) -> Option<&Was> {
        self.0.get(key)
    }

    /// The first of `writes` that was looked at and whose condition does not hold.
    pub(super) fn first_failing(&self, writes: &[Write], now: Timestamp) -> Option<usize> {
        writes.iter().position(|write| {
            looked_at(write).is_some_and(|(key, condition)| !holds(condition, self.at(key), now))
        })
    }
}

/// What of a write must be looked at before. A put where nothing may be needs no look, nor does a
/// mere check.
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
    /// Looks at what `writes` replace, in one call where there is any.
    pub(super) async fn look_at(&self, writes: &[Write]) -> Result<Seen, Unavailable> {
        let keys = writes.iter().filter_map(looked_at).map(|(key, _)| key);
        self.look(keys).await
    }

    /// Which of `writes` is the first whose condition does not hold; `known` is one that was looked
    /// at. Only those before it are still to be looked at.
    pub(super) async fn first_failing(
        &self,
        writes: &[Write],
        known: usize,
        now: Timestamp,
    ) -> Result<usize, Unavailable> {
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

    async fn look(&self, keys: impl Iterator<Item = &Key>) -> Result<Seen, Unavailable> {
        let keys: Vec<Item> = keys.map(document_key).collect();
        let found = self.fetch(&self.tables.views, keys, Some(LOOKED_AT)).await?;
        let read = |item: &Item| Ok((key_of(item)?, Was::read(item)?));
        found.iter().map(read).collect::<Result<_, Unavailable>>().map(Seen)
    }
}
