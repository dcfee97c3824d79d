//! Map of bounded size that keeps the entries that are used.

use std::{collections::HashMap, hash::Hash, mem};

use foldhash::fast::RandomState;

use super::Look;

/// Memory of an entry besides its key and value, approximately, in bytes.
const ENTRY: usize = 200;

/// Values whose memory use can be measured.
pub(super) trait Held {
    /// Returns the memory that the value refers to, in bytes, approximately, without its own size.
    fn bytes(&self) -> usize;
}

/// Map in two generations: entries that are used move to the young one, and when that is full the
/// old one is dropped.
#[derive(Debug)]
pub(super) struct Generations<K, V> {
    // Keys are long texts that are looked up many times a delivery; this hash takes a fifth of the
    // time of the standard one. It is seeded at random, and a generation is small.
    young: HashMap<K, Look<V>, RandomState>,
    old: HashMap<K, Look<V>, RandomState>,
    /// Size of `young` in bytes, approximately.
    bytes: usize,
    /// Size limit of a generation in bytes, approximately.
    most: usize,
}

impl<K: Hash + Eq + Clone + Held, V: Clone + Held> Generations<K, V> {
    /// Creates a map with generations of about `most` bytes each.
    pub(super) fn of(most: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), bytes: 0, most }
    }

    /// Returns the entry under `key` and marks it as used.
    pub(super) fn used(&mut self, key: &K) -> Option<Look<V>> {
        if let Some(look) = self.young.get(key) {
            return Some(look.clone());
        }
        let look = self.old.remove(key)?;
        self.put(key.clone(), look.clone());
        Some(look)
    }

    /// Returns the entry under `key` without marking it as used.
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

    /// Removes the entry under `key`.
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
    fn used_entries_outlive_unused_ones_within_the_size_limit() {
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
