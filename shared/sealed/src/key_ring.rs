//! Key ring: the keys that wrap data keys, and the pepper.

mod stored;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::Secret;
use ports::Ids;
use zeroize::Zeroizing;

pub(crate) use self::stored::RingKey;
use self::stored::{Stored, VERSION};
use crate::aead::KeyBytes;

/// Number of random bytes in the name of a ring key.
const ID_LEN: usize = 8;

/// Key ring: the keys that wrap data keys, and the pepper of fingerprints. It is the only thing
/// that must be kept outside the store: with it and the store every secret can be read, without it
/// none.
///
/// Its [`text`](Self::text) is JSON, with a checksum that tells a damaged ring from another one.
#[derive(Debug)]
pub struct KeyRing {
    current: RingKey,
    /// Retired keys, newest first.
    retired: Vec<RingKey>,
    pepper: KeyBytes,
}

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
    /// Creates a ring of one key.
    #[must_use]
    pub fn generate(ids: &dyn Ids) -> Self {
        Self { current: ring_key(ids), retired: Vec::new(), pepper: KeyBytes::random(ids) }
    }

    /// Adds a key that wraps every data key from now on. The others stay, because the data keys
    /// that they wrapped still need them; so does the pepper, because every fingerprint would
    /// change with it.
    pub fn rotate(&mut self, ids: &dyn Ids) {
        let retired = std::mem::replace(&mut self.current, ring_key(ids));
        self.retired.insert(0, retired);
    }

    /// Returns the pepper, for moving to another backend: fingerprints need the same one there.
    #[must_use]
    pub fn pepper_text(&self) -> Secret {
        Secret::new(BASE64_STANDARD.encode(self.pepper.as_slice()))
    }

    /// Returns this ring with another installation's pepper; `None` if `text` is not a pepper.
    #[must_use]
    pub fn with_pepper(self, text: &Secret) -> Option<Self> {
        let pepper = Zeroizing::new(BASE64_STANDARD.decode(text.expose()).ok()?);
        Some(Self { pepper: KeyBytes::from_slice(&pepper)?, ..self })
    }

    /// Parses the output of [`text`](Self::text).
    ///
    /// # Errors
    /// [`NotAKeyRing`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NotAKeyRing> {
        let stored = Stored::parse(text)?;
        Ok(Self { current: stored.current, retired: stored.retired, pepper: stored.pepper })
    }

    /// Returns the ring as JSON, for a file of mode 0600 or a secrets manager.
    #[must_use]
    pub fn text(&self) -> Secret {
        Stored {
            version: VERSION,
            current: self.current.clone(),
            retired: self.retired.clone(),
            pepper: self.pepper.clone(),
            checksum: String::new(),
        }
        .text()
    }

    /// Returns the key that wraps data keys.
    pub(crate) fn current(&self) -> &RingKey {
        &self.current
    }

    /// Returns the key named `id`.
    pub(crate) fn key(&self, id: &str) -> Option<&RingKey> {
        std::iter::once(&self.current).chain(&self.retired).find(|key| key.id == id)
    }

    /// Returns the key of the fingerprints.
    pub(crate) fn pepper(&self) -> &[u8] {
        self.pepper.as_slice()
    }
}

fn ring_key(ids: &dyn Ids) -> RingKey {
    let mut id = [0; ID_LEN];
    ids.fill(&mut id);
    RingKey { id: format!("{:016x}", u64::from_be_bytes(id)), key: KeyBytes::random(ids) }
}

#[cfg(test)]
mod tests;
