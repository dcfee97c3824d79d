//! Stored forms of a key ring.
//!
//! Version 1 is a ring that was never rotated: one pepper, which has no name, and keys that have
//! always been used. Such a ring is still written like that, so that the release before reads it.

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Secret, Timestamp};
use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use super::{KeyRing, NotAKeyRing};
use crate::aead::KeyBytes;

/// Key of the ring, or pepper.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RingKey {
    /// Name, which the data keys that it wraps carry, and the fingerprints under it.
    pub(crate) id: String,
    /// Time from which it is used.
    #[serde(default = "always", skip_serializing_if = "is_always")]
    pub(crate) from: Timestamp,
    /// Key.
    pub(crate) key: KeyBytes,
}

/// Header: all that is read of a ring of unknown version.
#[derive(Deserialize)]
struct Header {
    version: u32,
}

/// Ring in version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<'a> {
    version: u32,
    current: Cow<'a, RingKey>,
    retired: Cow<'a, [RingKey]>,
    pepper: Cow<'a, KeyBytes>,
    /// Base64 of a SHA-256 of the rest. Without it a damaged pepper would go unnoticed until every
    /// API key had stopped working.
    checksum: String,
}

/// Ring in version 2.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V2<'a> {
    version: u32,
    keys: Cow<'a, [RingKey]>,
    peppers: Cow<'a, [RingKey]>,
    /// Base64 of a SHA-256 of the rest.
    checksum: String,
}

/// Parses a ring of any version.
pub(super) fn parse(text: &str) -> Result<KeyRing, NotAKeyRing> {
    let Header { version } = read(text)?;
    let (ring, checksum) = match version {
        1 => {
            let V1 { current, retired, pepper, checksum, .. } = read(text)?;
            let pepper = pepper.into_owned();
            let pepper = RingKey { id: String::new(), from: Timestamp::EPOCH, key: pepper };
            let mut keys = vec![current.into_owned()];
            keys.extend(retired.into_owned());
            (KeyRing { keys, peppers: vec![pepper] }, checksum)
        }
        2 => {
            let V2 { keys, peppers, checksum, .. } = read(text)?;
            (KeyRing { keys: keys.into_owned(), peppers: peppers.into_owned() }, checksum)
        }
        later => return Err(NotAKeyRing::Version(later)),
    };
    let is_whole = !ring.keys.is_empty() && !ring.peppers.is_empty();
    // The checksum of version 1 covers no times.
    let fits = is_whole && (version > 1 || is_version_1(&ring));
    if fits && checksum_of(version, &ring) == checksum {
        Ok(ring)
    } else {
        Err(NotAKeyRing::Checksum)
    }
}

/// Returns the JSON with the right checksum and a line end.
pub(super) fn text(ring: &KeyRing) -> Secret {
    match (&ring.keys[..], &ring.peppers[..]) {
        ([current, retired @ ..], [pepper]) if is_version_1(ring) => {
            let version = 1;
            write(
                ring,
                &V1 {
                    version,
                    current: Cow::Borrowed(current),
                    retired: Cow::Borrowed(retired),
                    pepper: Cow::Borrowed(&pepper.key),
                    checksum: checksum_of(version, ring),
                },
            )
        }
        (keys, peppers) => {
            let version = 2;
            let (keys, peppers) = (Cow::Borrowed(keys), Cow::Borrowed(peppers));
            write(ring, &V2 { version, keys, peppers, checksum: checksum_of(version, ring) })
        }
    }
}

/// Returns the JSON of `keys` alone.
#[expect(clippy::expect_used, reason = "texts and times can always be written as JSON")]
pub(super) fn keys_text(keys: &[RingKey]) -> Secret {
    let mut json = Vec::with_capacity(256 * keys.len());
    serde_json::to_writer(&mut json, keys).expect("plain JSON");
    Secret::new(String::from_utf8(json).expect("JSON is UTF-8"))
}

#[expect(clippy::expect_used, reason = "texts and numbers can always be written as JSON")]
fn write(ring: &KeyRing, stored: &impl Serialize) -> Secret {
    // Allocated at full size, because growing would leave copies behind in freed memory.
    let keys = ring.keys.len() + ring.peppers.len();
    let mut json = Vec::with_capacity(256 + 256 * keys);
    serde_json::to_writer_pretty(&mut json, stored).expect("plain JSON");
    json.push(b'\n');
    Secret::new(String::from_utf8(json).expect("JSON is UTF-8"))
}

/// Returns whether version 1 can say everything.
fn is_version_1(ring: &KeyRing) -> bool {
    let mut all = ring.keys.iter().chain(&ring.peppers);
    all.all(|key| is_always(&key.from)) && ring.peppers[..1].iter().all(|key| key.id.is_empty())
}

fn checksum_of(version: u32, ring: &KeyRing) -> String {
    let mut sum = digest::Context::new(&digest::SHA256);
    sum.update(&version.to_be_bytes());
    if version == 1 {
        ring.peppers.iter().for_each(|pepper| sum.update(pepper.key.as_slice()));
        ring.keys.iter().for_each(|key| add(&mut sum, key));
    } else {
        for keys in [&ring.keys, &ring.peppers] {
            sum.update(&u64::try_from(keys.len()).unwrap_or(u64::MAX).to_be_bytes());
            for key in keys {
                sum.update(&key.from.as_millis().to_be_bytes());
                add(&mut sum, key);
            }
        }
    }
    BASE64_STANDARD.encode(sum.finish())
}

fn add(sum: &mut digest::Context, key: &RingKey) {
    sum.update(key.key.as_slice());
    sum.update(key.id.as_bytes());
    // Ends the name, the only part of variable length.
    sum.update(&[0]);
}

const fn always() -> Timestamp {
    Timestamp::EPOCH
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_always(from: &Timestamp) -> bool {
    *from == always()
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
