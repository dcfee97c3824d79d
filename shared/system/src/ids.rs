//! System randomness and identifiers.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Timestamp, id::Ulid};
use ports::Ids;

/// Number of a ULID's 80 random bits that hold a counter instead, above those that stay random.
const COUNTING_BITS: u32 = 40;

/// Source of randomness from the operating system, and of ULIDs that rise.
///
/// The random part of a ULID begins with a counter of this process that starts at a random number,
/// so two ULIDs of the same millisecond are in the order in which they were made.
#[derive(Debug)]
pub struct SystemIds {
    made: AtomicU64,
}

impl SystemIds {
    /// Creates a source whose counter starts at random.
    ///
    /// # Panics
    /// When the operating system has no randomness.
    #[must_use]
    pub fn new() -> Self {
        let mut start = [0; 8];
        fill(&mut start);
        // In the lower half, so that it does not overflow in the life of the process.
        Self { made: AtomicU64::new(u64::from_le_bytes(start) >> (64 - COUNTING_BITS + 1)) }
    }
}

impl Default for SystemIds {
    fn default() -> Self {
        Self::new()
    }
}

impl Ids for SystemIds {
    fn fill(&self, bytes: &mut [u8]) {
        fill(bytes);
    }

    fn ulid(&self, at: Timestamp) -> Ulid {
        let mut random = [0; 8];
        fill(&mut random[..5]);
        let count = u128::from(self.made.fetch_add(1, Ordering::Relaxed));
        let random = count << (80 - COUNTING_BITS) | u128::from(u64::from_le_bytes(random));
        Ulid::from_parts(at.as_millis().unsigned_abs(), random & ((1 << 80) - 1))
    }
}

/// Panics on failure: nothing can go on without randomness, and the port has no way to return an
/// error.
#[expect(clippy::disallowed_methods, reason = "this is the Ids port")]
fn fill(bytes: &mut [u8]) {
    if let Err(why) = getrandom::fill(bytes) {
        panic!("the operating system has no randomness: {why}");
    }
}
