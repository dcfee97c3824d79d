//! Randomness and identifiers.

use domain::{Timestamp, id::Ulid};

/// Identifiers and randomness: the only source of either.
pub trait Ids: Send + Sync {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);

    /// Returns a ULID of the instant `at`. Identifiers that one process makes in the same
    /// millisecond rise in the order of the calls.
    fn ulid(&self, at: Timestamp) -> Ulid;
}
