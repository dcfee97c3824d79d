//! Whose an API key is, which never changes.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::id::AccountId;

/// The most keys whose owner is remembered: about a megabyte.
const MOST: usize = 16_384;

/// The accounts of API keys, by the fingerprints of the keys. It says where to look and no more:
/// whether the key works is read each time.
#[derive(Debug, Default)]
pub struct Owners(Mutex<HashMap<[u8; 32], AccountId>>);

impl Owners {
    /// Whose the key of that fingerprint is, if it was seen here.
    pub(super) fn of(&self, fingerprint: &[u8; 32]) -> Option<AccountId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(fingerprint).copied()
    }

    /// Remembers an owner. Where there are too many, all are learned again: who verifies that many
    /// keys reads each twice only now and then.
    pub(super) fn remember(&self, fingerprint: [u8; 32], owner: AccountId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(fingerprint, owner);
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Ulid;

    use super::*;

    #[test]
    fn memory_is_bounded_however_many_keys_are_used() {
        let owners = Owners::default();
        let owner = |number: usize| AccountId(Ulid::from(number as u128));
        let fingerprint = |number: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&number.to_le_bytes());
            bytes
        };
        for number in 0..=MOST {
            owners.remember(fingerprint(number), owner(number));
            assert_eq!(owners.of(&fingerprint(number)), Some(owner(number)));
        }
        assert_eq!(owners.of(&fingerprint(0)), None);
        assert_eq!(owners.0.lock().unwrap().len(), 1);
    }
}
