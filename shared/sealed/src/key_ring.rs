//! Key ring: the keys that wrap data keys, and the peppers of fingerprints.

mod peppers;
mod stored;

use domain::{Secret, Timestamp};
use ports::Ids;

pub(crate) use self::stored::RingKey;
use crate::aead::KeyBytes;

/// Number of random bytes in the name of a ring key.
const ID_LEN: usize = 8;

/// Key ring: the keys that wrap data keys, and the peppers of fingerprints. It is the only thing
/// that must be kept outside the store: with it and the store every secret can be read, without it
/// none.
///
/// Usually there is one key and one pepper. [`rotate`](Self::rotate) adds one of each, which are
/// used from a given time on; the older ones still open what is under them, until everything is
/// under the newest and they are [retired](Self::retire).
///
/// Its [`text`](Self::text) is JSON, with a checksum that tells a damaged ring from another one.
#[derive(Debug)]
pub struct KeyRing {
    /// Keys, newest first; at least one.
    keys: Vec<RingKey>,
    /// Peppers, newest first; at least one. An installation's first has no name.
    peppers: Vec<RingKey>,
}

/// Error: the ring still has keys or peppers that a rotation replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ring was rotated before, and the older key and pepper are not retired")]
pub struct NotRetired;

/// Reason why a text is not a key ring. Repeats nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKeyRing {
    /// The text ends before the JSON does.
    #[error("it ends in the middle: it was probably written only in part")]
    Truncated,
    /// The text is not the JSON of a key ring.
    #[error("it is not the JSON of a key ring (line {line}, column {column})")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The text was written by a later version of Latchhook.
    #[error("it has version {0}, which only a later Latchhook reads")]
    Version(u32),
    /// The text was changed after it was written.
    #[error("its checksum is wrong: it was changed or damaged")]
    Checksum,
}

impl KeyRing {
    /// Creates a ring of one key and one pepper.
    #[must_use]
    pub fn generate(ids: &dyn Ids) -> Self {
        let key = ring_key(ids, Timestamp::EPOCH);
        let pepper =
            RingKey { id: String::new(), from: Timestamp::EPOCH, key: KeyBytes::random(ids) };
        Self { keys: vec![key], peppers: vec![pepper] }
    }

    /// Adds a key and a pepper that are used from `from` on. Whoever may read or write what is
    /// under them has to have this ring by then.
    ///
    /// # Errors
    /// [`NotRetired`] after an earlier rotation: each pepper costs every look-up of a key.
    pub fn rotate(&mut self, ids: &dyn Ids, from: Timestamp) -> Result<(), NotRetired> {
        if self.has_older() {
            return Err(NotRetired);
        }
        self.keys.insert(0, ring_key(ids, from));
        self.peppers.insert(0, ring_key(ids, from));
        Ok(())
    }

    /// Returns whether the ring has keys or peppers that newer ones replace.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.keys.len() > 1 || self.peppers.len() > 1
    }

    /// Returns the time from which the newest key and pepper are used.
    #[must_use]
    pub fn newest_from(&self) -> Timestamp {
        let newest = [&self.keys, &self.peppers].map(|all| all.first().map(|key| key.from));
        newest.into_iter().flatten().max().unwrap_or(Timestamp::EPOCH)
    }

    /// Removes every key and pepper but the newest. Nothing must be under them any more: it could
    /// not be opened or found again.
    pub fn retire(&mut self) {
        self.keys.truncate(1);
        self.peppers.truncate(1);
    }

    /// Returns the ring as JSON, for a file of mode 0600 or a secrets manager.
    #[must_use]
    pub fn text(&self) -> Secret {
        stored::text(self)
    }

    /// Parses the output of [`text`](Self::text).
    ///
    /// # Errors
    /// [`NotAKeyRing`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NotAKeyRing> {
        stored::parse(text)
    }

    /// Returns a name of this ring that is another's only by chance, for requests that must not be
    /// done twice.
    #[must_use]
    pub fn name(&self) -> &str {
        self.keys.first().map_or("", |key| &key.id)
    }

    /// Returns whether this can be what `before` has become by a rotation or a retirement: it still
    /// has what is newest in that. An older copy has not.
    pub(crate) fn follows(&self, before: &Self) -> bool {
        let has = |mine: &[RingKey], theirs: &[RingKey]| {
            theirs.first().is_some_and(|newest| mine.iter().any(|key| key.id == newest.id))
        };
        has(&self.keys, &before.keys) && has(&self.peppers, &before.peppers)
    }

    /// Returns the key that wraps data keys at `now`.
    pub(crate) fn wrapping(&self, now: Timestamp) -> &RingKey {
        &self.keys[in_use(&self.keys, now)]
    }

    /// Returns the key named `id`.
    pub(crate) fn key(&self, id: &str) -> Option<&RingKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Returns the peppers, newest first.
    pub(crate) fn peppers(&self) -> &[RingKey] {
        &self.peppers
    }
}

/// Returns the index of the newest of `keys` that is used at `now`; the oldest is used if none is.
pub(crate) fn in_use(keys: &[RingKey], now: Timestamp) -> usize {
    keys.iter().position(|key| key.from <= now).unwrap_or(keys.len() - 1)
}

fn ring_key(ids: &dyn Ids, from: Timestamp) -> RingKey {
    let mut id = [0; ID_LEN];
    ids.fill(&mut id);
    RingKey { id: format!("{:016x}", u64::from_be_bytes(id)), from, key: KeyBytes::random(ids) }
}

#[cfg(test)]
mod tests;
