//! Passphrase encryption for exported data: the passphrase is stretched by Argon2id.

use argon2::{Algorithm, Argon2, Params, Version};
use domain::Secret;
use ports::Ids;
use ring::hmac;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::aead::KeyBytes;

/// Length of a salt, in bytes (RFC 9106, 3.1).
pub const SALT_LEN: usize = 16;
/// Largest memory cost that a file may ask for, in KiB: its author must not choose ours.
const MOST_MEMORY: u32 = 1 << 20;
/// Largest number of passes that a file may ask for.
const MOST_PASSES: u32 = 16;

/// Cost of one guess at a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Number of passes over the memory.
    pub passes: u32,
}

impl Default for Cost {
    /// Returns the second recommended choice of RFC 9106 (4), on one lane: 64 MiB, three passes.
    fn default() -> Self {
        Self { memory: 64 << 10, passes: 3 }
    }
}

/// Error for a cost that is more than this machine should be asked for, or less than Argon2 takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cost of its passphrase is not supported")]
pub struct CostRefused;

/// Keys that one passphrase and one salt give: one encrypts, one authenticates.
#[derive(Debug)]
pub struct PassphraseKeys {
    sealing: KeyBytes,
    vouching: hmac::Key,
}

impl PassphraseKeys {
    /// Derives the keys of `passphrase` and `salt`. Takes a fraction of a second, and `cost`'s
    /// memory.
    ///
    /// # Errors
    /// [`CostRefused`].
    pub fn derive(
        passphrase: &Secret,
        salt: &[u8; SALT_LEN],
        cost: Cost,
    ) -> Result<Self, CostRefused> {
        if cost.memory > MOST_MEMORY || cost.passes > MOST_PASSES {
            return Err(CostRefused);
        }
        let mut keys = Zeroizing::new([0; 64]);
        let params = Params::new(cost.memory, cost.passes, 1, Some(keys.len()));
        let argon2 =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|_| CostRefused)?);
        argon2
            .hash_password_into(passphrase.expose().as_bytes(), salt, &mut *keys)
            .map_err(|_| CostRefused)?;
        let (sealing, vouching) = keys.split_at(32);
        Ok(Self {
            sealing: KeyBytes::from_slice(sealing).ok_or(CostRefused)?,
            vouching: hmac::Key::new(hmac::HMAC_SHA256, vouching),
        })
    }

    /// Seals `plain` so that only [`open`](Self::open) with the same `label` reads it.
    ///
    /// # Panics
    /// Never: only 64 GiB would be too long to be sealed.
    #[expect(clippy::expect_used, reason = "a secret is no 64 GiB long")]
    #[must_use]
    pub fn seal(&self, ids: &dyn Ids, label: &str, plain: &[u8]) -> Vec<u8> {
        self.sealing.seal(ids, label, plain).expect("it is short")
    }

    /// Returns the bytes that [`seal`](Self::seal) sealed; `None` if the passphrase or label
    /// differs, or they are damaged.
    #[must_use]
    pub fn open(&self, label: &str, sealed: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
        self.sealing.open(label, sealed).map(Zeroizing::new)
    }

    /// Begins an authentication code over many bytes, taken in pieces.
    #[must_use]
    pub fn vouch(&self) -> Vouching {
        Vouching(hmac::Context::with_key(&self.vouching))
    }
}

/// Authentication code (HMAC-SHA-256) over a stream of bytes: nobody can change any of them without
/// the passphrase.
#[derive(Clone)]
pub struct Vouching(hmac::Context);

impl Vouching {
    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the authentication code of all bytes.
    #[must_use]
    pub fn seal(self) -> [u8; 32] {
        let mut seal = [0; 32];
        seal.copy_from_slice(self.0.sign().as_ref());
        seal
    }
}
