//! Reproducible identifiers.

use std::sync::{Mutex, PoisonError};

use domain::{Timestamp, id::Ulid};
use ports::Ids;

use crate::Chance;

/// Randomness from a seed, and ULIDs with a counter, which stay in order even after a restart
/// within the same millisecond.
pub struct SeededIds(Mutex<State>);

struct State {
    chance: Chance,
    made: u64,
}

impl SeededIds {
    /// Creates the identifiers of `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(State { chance: Chance::seeded(seed), made: 0 }))
    }
}

impl Ids for SeededIds {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            let number = state.chance.number().to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
    }

    fn ulid(&self, at: Timestamp) -> Ulid {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.made += 1;
        let random = u128::from(state.made) << 16 | u128::from(state.chance.number() & 0xffff);
        Ulid::from_parts(u64::try_from(at.as_millis()).unwrap_or(0), random)
    }
}
