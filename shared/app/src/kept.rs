//! Cache of bounded size, based on `quick_cache`.

use std::hash::Hash;

use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};

/// Fraction of a cache reserved for entries that were used again, and the maximum share of a single
/// entry. Less than the usual 0.97, because most entries here are used soon after they are added
/// and never again.
const HOT: f64 = 0.6;

/// Cache whose entries are valid for exactly the source they were made from. A look-up names the
/// source, so that nothing stale can be found.
pub(crate) struct Kept<K, F, V>(Cache<K, Made<F, V>, SourceWeight<F>>);

#[derive(Debug, Clone)]
struct Made<F, V> {
    from: F,
    value: V,
}

/// Weight of an entry, computed from its source.
struct SourceWeight<F>(fn(&F) -> usize);

impl<F> Clone for SourceWeight<F> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K, F, V> Weighter<K, Made<F, V>> for SourceWeight<F> {
    fn weight(&self, _: &K, made: &Made<F, V>) -> u64 {
        (self.0)(&made.from) as u64
    }
}

impl<K: Hash + Eq, V: Clone> Kept<K, (), V> {
    /// Makes a cache of `most` entries that never become stale.
    pub(crate) fn of_entries(most: usize) -> Self {
        Self::weighed(most, most, |()| 1)
    }
}

impl<K: Hash + Eq, F: Clone + PartialEq, V: Clone> Kept<K, F, V> {
    /// Makes a cache of about `entries` entries, with a total weight of at most `most`.
    pub(crate) fn weighed(most: usize, entries: usize, weigh: fn(&F) -> usize) -> Self {
        // One shard: with several, each would hold only a part of `most`, and an entry can be a
        // large part of it.
        let options = OptionsBuilder::new()
            .shards(1)
            .hot_allocation(HOT)
            .weight_capacity(most as u64)
            .estimated_items_capacity(entries)
            .build();
        #[expect(clippy::expect_used, reason = "it asks for the two capacities")]
        let options = options.expect("both capacities are there");
        let hasher = DefaultHashBuilder::default();
        Self(Cache::with_options(options, SourceWeight(weigh), hasher, DefaultLifecycle::default()))
    }

    /// Returns the entry under `key`, if it was made from `from`.
    pub(crate) fn get(&self, key: &K, from: &F) -> Option<V> {
        self.0.get(key).filter(|made| made.from == *from).map(|made| made.value)
    }

    /// Stores `value`, made from `from`, under `key`.
    pub(crate) fn put(&self, key: K, from: F, value: V) {
        self.0.insert(key, Made { from, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept<u32, usize, u32> {
        Kept::weighed(1000, 100, |from| *from)
    }

    #[test]
    fn an_entry_is_found_only_by_its_own_source() {
        let kept = kept();
        kept.put(1, 10, 7);
        assert_eq!(
            (kept.get(&1, &10), kept.get(&1, &11), kept.get(&2, &10)),
            (Some(7), None, None)
        );
        kept.put(1, 11, 8);
        assert_eq!((kept.get(&1, &10), kept.get(&1, &11)), (None, Some(8)));
    }

    #[test]
    fn used_entries_outlive_unused_ones() {
        let kept = kept();
        kept.put(0, 10, 0);
        for key in 1..1000 {
            kept.put(key, 10, key);
            assert_eq!(kept.get(&0, &10), Some(0), "after {key}");
            assert!(kept.0.weight() <= 1000);
        }
    }

    #[test]
    fn the_newest_entry_is_kept_even_if_others_were_used_more() {
        let kept = kept();
        for _ in 0..3 {
            for key in 0..100 {
                kept.put(key, 10, key);
                assert_eq!(kept.get(&key, &10), Some(key));
            }
        }
        for key in 1000..2000 {
            kept.put(key, 10, key);
            if key >= 1030 {
                assert_eq!(kept.get(&(key - 30), &10), Some(key - 30));
            }
        }
    }

    #[test]
    fn an_entry_may_take_half_of_the_cache() {
        let kept = kept();
        (0..200).for_each(|key| kept.put(key, 10, key));
        kept.put(200, 510, 200);
        assert_eq!(kept.get(&200, &510), Some(200));
    }
}
