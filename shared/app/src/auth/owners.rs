//! Owners of API keys, in memory.

use domain::id::AccountId;

use crate::kept::Kept;

/// Maximum number of keys whose owner is cached; about a megabyte.
const MOST_REMEMBERED: usize = 16_384;

/// Cache of the owners of keys, by the fingerprint in use. An owner never changes, and knowing it
/// allows reading a key and its account in one call to the backend. The standing of the key is
/// always read.
pub(crate) struct Owners(pub(super) Kept<[u8; 32], (), AccountId>);

impl Default for Owners {
    fn default() -> Self {
        Self(Kept::of_entries(MOST_REMEMBERED))
    }
}
