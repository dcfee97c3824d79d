//! The keys that wrap data keys, and the pepper.

mod stored;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::Secret;
use ports::Ids;
use zeroize::Zeroizing;

pub(crate) use self::stored::RingKey;
use self::stored::{Stored, VERSION};
use crate::aead::KeyBytes;

/// Random bytes in the name of a ring key.
const ID_LEN: usize = 8;

/// The keys that wrap data keys, and the pepper of fingerprints: all that must be kept outside the
/// store. Whoever has it and the store has every secret; without it the store's secrets are noise.
///
/// Its [`text`](Self::text) is JSON, with a checksum that tells a damaged ring from another one.
#[derive(Debug)]
pub struct KeyRing {
    current: RingKey,
    /// Newest first.
    retired: Vec<RingKey>,
    pepper: KeyBytes,
}

/// Why a text is not a key ring. Nothing of the text is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKeyRing {
    /// It ends before the JSON does.
    #[error("it ends in the middle, as if it had been written only half")]
    Truncated,
    /// It is not the JSON of a key ring.
    #[error("it is not the JSON of a key ring (line {line}, column {column})")]
    Malformed {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
    },
    /// A later version of Latchhook wrote it.
    #[error("it has version {0}, which only a later Latchhook reads")]
    Version(u32),
    /// It has been changed since it was written.
    #[error("its checksum does not hold: it was changed or damaged")]
    Checksum,
}

impl KeyRing {
    /// A new ring of one key.
    #[must_use]
    pub fn generate(ids: &dyn Ids) -> Self {
        Self { current: ring_key(ids), retired: Vec::new(), pepper: KeyBytes::random(ids) }
    }

    /// Adds a key that wraps every data key from now on. The others stay, because what they wrapped
    /// still needs them; so does the pepper, because every fingerprint would change with it.
    pub fn rotate(&mut self, ids: &dyn Ids) {
        let retired = std::mem::replace(&mut self.current, ring_key(ids));
        self.retired.insert(0, retired);
    }

    /// The pepper, as it moves to another backend: every fingerprint needs it there.
    #[must_use]
    pub fn pepper_text(&self) -> Secret {
        Secret::new(BASE64_STANDARD.encode(self.pepper.as_slice()))
    }

    /// This ring with another installation's pepper; none when that is no pepper.
    #[must_use]
    pub fn with_pepper(self, text: &Secret) -> Option<Self> {
        let pepper = Zeroizing::new(BASE64_STANDARD.decode(text.expose()).ok()?);
        Some(Self { pepper: KeyBytes::from_slice(&pepper)?, ..self })
    }

    /// Reads what [`text`](Self::text) wrote.
    ///
    /// # Errors
    /// [`NotAKeyRing`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NotAKeyRing> {
        let stored = Stored::parse(text)?;
        Ok(Self { current: stored.current, retired: stored.retired, pepper: stored.pepper })
    }

    /// The ring as JSON, for a file of mode 0600 or a secrets manager.
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

    /// The key that wraps.
    pub(crate) fn current(&self) -> &RingKey {
        &self.current
    }

    /// The key of that name.
    pub(crate) fn key(&self, id: &str) -> Option<&RingKey> {
        std::iter::once(&self.current).chain(&self.retired).find(|key| key.id == id)
    }

    /// What fingerprints are keyed with.
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
