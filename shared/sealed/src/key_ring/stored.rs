//! Stored form of a key ring.

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::Secret;
use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use super::NotAKeyRing;
use crate::aead::KeyBytes;

/// Version of the form that is written.
pub(super) const VERSION: u32 = 1;

/// Stored form of a key ring.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    pub(super) version: u32,
    pub(super) current: RingKey,
    pub(super) retired: Vec<RingKey>,
    pub(super) pepper: KeyBytes,
    /// Base64 of a SHA-256 of the rest. Without it a damaged pepper would go unnoticed until every
    /// API key had stopped working.
    pub(super) checksum: String,
}

/// Key of the ring.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RingKey {
    /// Name, which the data keys that it wraps carry.
    pub(crate) id: String,
    /// Key.
    pub(crate) key: KeyBytes,
}

/// Header: all that is read of a ring of unknown version.
#[derive(Deserialize)]
struct Header {
    version: u32,
}

impl Stored {
    pub(super) fn parse(text: &str) -> Result<Self, NotAKeyRing> {
        let Header { version } = read(text)?;
        if version != VERSION {
            return Err(NotAKeyRing::Version(version));
        }
        let stored: Self = read(text)?;
        if stored.checksum_of() == stored.checksum {
            Ok(stored)
        } else {
            Err(NotAKeyRing::Checksum)
        }
    }

    /// Returns the JSON with the right checksum and a line end.
    #[expect(clippy::expect_used, reason = "texts and numbers can always be written as JSON")]
    pub(super) fn text(mut self) -> Secret {
        self.checksum = self.checksum_of();
        // Allocated at full size, because growing would leave copies behind in freed memory.
        let mut json = Vec::with_capacity(512 + 256 * self.retired.len());
        serde_json::to_writer_pretty(&mut json, &self).expect("plain JSON");
        json.push(b'\n');
        Secret::new(String::from_utf8(json).expect("JSON is UTF-8"))
    }

    fn checksum_of(&self) -> String {
        let mut sum = digest::Context::new(&digest::SHA256);
        sum.update(&self.version.to_be_bytes());
        sum.update(self.pepper.as_slice());
        for ring_key in std::iter::once(&self.current).chain(&self.retired) {
            sum.update(ring_key.key.as_slice());
            sum.update(ring_key.id.as_bytes());
            // Ends the name, the only part of variable length.
            sum.update(&[0]);
        }
        BASE64_STANDARD.encode(sum.finish())
    }
}

/// Parses JSON; on failure only the position is kept, because the parser's message could repeat a
/// part of the text.
fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, NotAKeyRing> {
    serde_json::from_str(text).map_err(|why| {
        if why.is_eof() {
            NotAKeyRing::Truncated
        } else {
            NotAKeyRing::Malformed { line: why.line(), column: why.column() }
        }
    })
}

impl Serialize for KeyBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(BASE64_STANDARD.encode(self.as_slice()));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for KeyBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = BASE64_STANDARD.decode(text.as_bytes()).map(Zeroizing::new);
        bytes
            .ok()
            .and_then(|bytes| Self::from_slice(&bytes))
            .ok_or_else(|| D::Error::custom("must be the base64 of 32 bytes"))
    }
}
