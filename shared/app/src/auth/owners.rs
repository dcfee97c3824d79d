//! Owners of API keys, in memory.

use domain::id::AccountId;

use crate::kept::Kept;

/// Maximum number of keys whose owner is cached; about a megabyte.
const MOST_REMEMBERED: usize = 16_384;

/// Owner of a key, and how that is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    /// Account that owns the key.
    pub(super) account: AccountId,
    /// True if the key was found by the fingerprint in use, so that no other is asked for.
    pub(super) is_first: bool,
}

/// Cache of the owners of keys, by the fingerprint in use. An owner never changes, and knowing it
/// allows reading a key and its account in one call to the backend. The standing of the key is
/// always read.
pub(crate) struct Owners(pub(super) Kept<[u8; 32], (), Owner>);

impl Default for Owners {
    fn default() -> Self {
        Self(Kept::of_entries(MOST_REMEMBERED))
    }
}
