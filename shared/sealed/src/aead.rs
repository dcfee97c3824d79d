//! Authenticated encryption with AES-256-GCM.

use std::fmt;

use ports::Ids;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Version of the layout, the first byte of everything sealed: version, nonce, ciphertext, tag.
const LAYOUT: u8 = 1;
const NONCE_AT: usize = 1;
const CIPHERTEXT_AT: usize = NONCE_AT + NONCE_LEN;

/// Bytes of a 256-bit key.
#[derive(Clone)]
pub(crate) struct KeyBytes(Zeroizing<[u8; 32]>);

/// Error for plaintext longer than AES-GCM can seal: 64 GiB.
#[derive(Debug, thiserror::Error)]
#[error("too long to be sealed")]
pub(crate) struct TooLong;

impl KeyBytes {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn random(ids: &dyn Ids) -> Self {
        let mut key = Self::new([0; 32]);
        ids.fill(key.0.as_mut_slice());
        key
    }

    /// Copies a key from `bytes`; `None` unless there are 32 of them.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::new)
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Seals `plain` so that only [`open`](Self::open) with the same `bound_to` reads it.
    ///
    /// Nonces are random: one key is good for 2³² seals (NIST SP 800-38D, 8.3), and no key here
    /// seals for more than one account.
    pub(crate) fn seal(
        &self,
        ids: &dyn Ids,
        bound_to: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, TooLong> {
        let mut nonce = [0; NONCE_LEN];
        ids.fill(&mut nonce);
        // Allocated at full size, because growing would leave a copy of `plain` in freed memory.
        let mut sealed = Vec::with_capacity(CIPHERTEXT_AT + plain.len() + AES_256_GCM.tag_len());
        sealed.push(LAYOUT);
        sealed.extend(nonce);
        sealed.extend(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .cipher()
            .seal_in_place_separate_tag(nonce, Aad::from(bound_to), &mut sealed[CIPHERTEXT_AT..])
            .map_err(|_| TooLong)?;
        sealed.extend(tag.as_ref());
        Ok(sealed)
    }

    /// Returns the plaintext; `None` if it was sealed with another key, bound to something else, or
    /// is incomplete.
    pub(crate) fn open(&self, bound_to: &str, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (layout, rest) = sealed.split_first()?;
        let nonce = Nonce::try_assume_unique_for_key(rest.get(..NONCE_LEN)?).ok()?;
        if *layout != LAYOUT {
            return None;
        }
        let plain = self
            .cipher()
            .open_within(nonce, Aad::from(bound_to), &mut sealed, CIPHERTEXT_AT..)
            .ok()?;
        let length = plain.len();
        sealed.truncate(length);
        Some(sealed)
    }

    #[expect(clippy::expect_used, reason = "32 bytes are what AES-256 takes")]
    fn cipher(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, self.as_slice()).expect("32 bytes"))
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
