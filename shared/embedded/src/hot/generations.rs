//! A map of bounded size that keeps what is used.

use std::{collections::HashMap, hash::Hash, mem};

use foldhash::fast::RandomState;

use super::Look;

/// What an entry takes beside its key and value, about.
const ENTRY: usize = 200;

/// What takes memory.
pub(super) trait Held {
    /// About how many bytes, beside its own size.
    fn bytes(&self) -> usize;
}

/// Two generations: what is used moves to the young one, and when that is full the old one is
/// dropped.
#[derive(Debug)]
pub(super) struct Generations<K, V> {
    // Keys are longish texts and looked up many times a delivery: what takes a fifth of the time of
    // the standard hash. It is seeded at random, and a generation is small.
    young: HashMap<K, Look<V>, RandomState>,
    old: HashMap<K, Look<V>, RandomState>,
    /// About what `young` takes.
    bytes: usize,
    /// About what a generation may take.
    most: usize,
}

impl<K: Hash + Eq + Clone + Held, V: Clone + Held> Generations<K, V> {
    /// Generations of about `most` bytes each.
    pub(super) fn of(most: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), bytes: 0, most }
    }

    /// What there is under `key`, which is used by that.
    pub(super) fn used(&mut self, key: &K) -> Option<Look<V>> {
        if let Some(look) = self.young.get(key) {
            return Some(look.clone());
        }
        let look = self.old.remove(key)?;
        self.put(key.clone(), look.clone());
        Some(look)
    }

    /// What there is under `key`.
    pub(super) fn get(&self, key: &K) -> Option<&Look<V>> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// Puts `look` under `key`.
    pub(super) fn put(&mut self, key: K, look: Look<V>) {
        let value = match &look {
            Look::Known { value, .. } => value.bytes(),
            Look::Unknown { .. } => 0,
        };
        self.bytes += ENTRY + key.bytes() + value;
        self.old.remove(&key);
        self.young.insert(key, look);
        if self.bytes > self.most {
            self.old = mem::take(&mut self.young);
            self.bytes = 0;
        }
    }

    /// Removes what there is under `key`.
    pub(super) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    /// Removes everything.
    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Held for u32 {
        fn bytes(&self) -> usize {
            0
        }
    }

    #[test]
    fn what_is_used_outlives_what_is_not_within_bounds() {
        const MOST: usize = 100 * ENTRY;
        let known = |value| Look::Known { stamp: 1, value };
        let mut held = Generations::of(MOST);
        held.put(1, known(1));
        held.put(2, known(2));
        for number in 3..400 {
            assert!(held.used(&1).is_some(), "after {number}");
            held.put(number, known(number));
        }
        assert!(held.used(&2).is_none());
        assert!(held.young.len() + held.old.len() <= 2 * MOST / ENTRY + 2);
    }
}
