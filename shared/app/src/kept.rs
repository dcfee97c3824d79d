//! Cache of bounded size, on `quick_cache`.

use std::hash::Hash;

use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};

/// The part of a cache that is for what was used again, and the most that one entry may be of it.
/// Less than the usual 0.97: most of what is kept here is used soon after it came, and not any
/// more.
const HOT: f64 = 0.6;

/// Cache whose entries are good for exactly what they were made from. Whoever looks one up says
/// what it has to be made from, so that nothing out of date can be found.
pub(crate) struct Kept<K, F, V>(Cache<K, Made<F, V>, Weigh<F>>);

#[derive(Debug, Clone)]
struct Made<F, V> {
    from: F,
    value: V,
}

/// What an entry counts, by what it was made from.
struct Weigh<F>(fn(&F) -> usize);

impl<F> Clone for Weigh<F> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K, F, V> Weighter<K, Made<F, V>> for Weigh<F> {
    fn weight(&self, _: &K, made: &Made<F, V>) -> u64 {
        (self.0)(&made.from) as u64
    }
}

impl<K: Hash + Eq, V: Clone> Kept<K, (), V> {
    /// A cache of `most` entries, of what stays true for ever.
    pub(crate) fn of_entries(most: usize) -> Self {
        Self::weighed(most, most, |()| 1)
    }
}

impl<K: Hash + Eq, F: Clone + PartialEq, V: Clone> Kept<K, F, V> {
    /// A cache of entries that `weigh` at most `most` together, about `entries` of them.
    pub(crate) fn weighed(most: usize, entries: usize, weigh: fn(&F) -> usize) -> Self {
        // One shard: each could hold a part of `most` only, and an entry can be a good part of it.
        let options = OptionsBuilder::new()
            .shards(1)
            .hot_allocation(HOT)
            .weight_capacity(most as u64)
            .estimated_items_capacity(entries)
            .build();
        #[expect(clippy::expect_used, reason = "it asks for the two capacities")]
        let options = options.expect("both capacities are there");
        let hasher = DefaultHashBuilder::default();
        Self(Cache::with_options(options, Weigh(weigh), hasher, DefaultLifecycle::default()))
    }

    /// What there is under `key`, if it was made from `from`.
    pub(crate) fn get(&self, key: &K, from: &F) -> Option<V> {
        self.0.get(key).filter(|made| made.from == *from).map(|made| made.value)
    }

    /// Puts `value`, made from `from`, under `key`.
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
    fn an_entry_is_good_for_what_it_was_made_from_alone() {
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
    fn what_is_used_outlives_what_is_not_within_bounds() {
        let kept = kept();
        kept.put(0, 10, 0);
        for key in 1..1000 {
            kept.put(key, 10, key);
            assert_eq!(kept.get(&0, &10), Some(0), "after {key}");
            assert!(kept.0.weight() <= 1000);
        }
    }

    #[test]
    fn what_came_last_is_kept_though_others_were_used_more() {
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
    fn an_entry_may_be_half_of_everything() {
        let kept = kept();
        (0..200).for_each(|key| kept.put(key, 10, key));
        kept.put(200, 510, 200);
        assert_eq!(kept.get(&200, &510), Some(200));
    }
}
