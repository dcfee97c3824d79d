//! Randomness and identifiers.

use domain::{Timestamp, id::Ulid};

/// The only source of randomness.
pub trait Ids: Send + Sync {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);

    /// A ULID of the instant `at`. Two calls of one process in the same millisecond, in order,
    /// give identifiers in that order.
    fn ulid(&self, at: Timestamp) -> Ulid;
}
