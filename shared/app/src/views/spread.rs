//! Spread of busy lists over partitions.
//!
//! A backend of many machines takes only so many writes a second to one partition, and the newest rows
//! of a list are all written to its end. There a busy list is several partitions, which are read side by
//! side and merged; a document is in the one that its sort key says. The first has the list's own name,
//! and is the only one where spreading is of no use, and where it was not done before. Such a list is a
//! [`SpreadList`], so that nobody takes one of its partitions for all of it.

use std::fmt;

use ports::{
    ReadError, Store,
    store::{Document, IndexEntry, Key, Partition},
};

/// List that a backend may spread over several partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpreadList(Partition);

impl SpreadList {
    /// Returns the list that is `first` where lists are not spread.
    pub(super) const fn new(first: Partition) -> Self {
        Self(first)
    }

    /// Returns the partition with the list's own name. It has all that was put before lists were spread.
    #[must_use]
    pub const fn first(&self) -> &Partition {
        &self.0
    }

    /// Returns the partition of that [number](Spread::own).
    #[must_use]
    pub fn part(&self, number: u8) -> Partition {
        self.0.part(number)
    }
}

/// Number of partitions that a busy list is spread over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread(u8);

impl Spread {
    /// No spread: each list is one partition.
    pub const NONE: Self = Self(1);

    /// Returns the spread of lists in `store`.
    #[must_use]
    pub fn of(store: &dyn Store) -> Self {
        Self(store.spread().max(1))
    }

    /// Returns all partitions of `list`.
    #[must_use]
    pub fn all(self, list: &SpreadList) -> Vec<Partition> {
        (0..self.0).map(|number| list.part(number)).collect()
    }

    /// Returns the partitions of all of `lists`.
    #[must_use]
    pub fn all_of(self, lists: impl IntoIterator<Item = SpreadList>) -> Vec<Partition> {
        lists.into_iter().flat_map(|list| self.all(&list)).collect()
    }

    /// Returns the key in `list` for a document that is put.
    #[must_use]
    pub fn key(self, list: &SpreadList, sort: impl fmt::Display) -> Key {
        let sort = sort.to_string();
        Key { partition: list.part(self.number(&sort)), sort }
    }

    /// Returns the index entry in `list` at `sort`.
    #[must_use]
    pub fn entry(self, list: &SpreadList, sort: impl fmt::Display) -> IndexEntry {
        let Key { partition, sort } = self.key(list, sort);
        IndexEntry { partition, sort }
    }

    /// Returns the keys in `list` under one of which a document is that may have been put before lists
    /// were spread, or come from another backend.
    #[must_use]
    pub fn keys(self, list: &SpreadList, sort: impl fmt::Display) -> Vec<Key> {
        let key = self.key(list, sort);
        let former = list.0.key(&key.sort);
        if key == former { vec![key] } else { vec![key, former] }
    }

    /// Reads the document under one of the [keys](Self::keys), the usual one first.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub async fn find(
        self,
        store: &dyn Store,
        list: &SpreadList,
        sort: impl fmt::Display,
    ) -> Result<Option<Document>, ReadError> {
        for key in self.keys(list, sort) {
            if let Some(found) = store.get(&[key]).await?.pop().flatten() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Returns the number of a process's own partition among those that it adds numbers to.
    #[must_use]
    pub const fn own(self, random: u8) -> u8 {
        random % self.0
    }

    /// Returns the number of the partition of a sort key that ends in a random character.
    fn number(self, sort: &str) -> u8 {
        random_digit(sort) % self.0
    }
}

/// Returns the value of the last character of an identifier, which is random: one of 32.
pub(super) fn random_digit(sort: &str) -> u8 {
    let last = sort.chars().next_back().unwrap_or_default();
    DIGITS.chars().zip(0..).find(|(digit, _)| *digit == last).map_or(0, |(_, value)| value)
}

/// Digits of an identifier, by value (Crockford's base 32).
const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::id::{EventId, Ulid};
    use ports::store::{Collection, Scope};

    use super::*;

    fn list() -> SpreadList {
        SpreadList::new(Partition::new(Scope::Installation, Collection("things"), "test"))
    }

    #[test]
    fn a_key_is_in_one_of_the_partitions_and_all_are_used() {
        let (spread, mut used) = (Spread(8), BTreeMap::<Partition, u32>::new());
        for number in 0..64 {
            let key = spread.key(&list(), EventId(Ulid::from(number)));
            assert!(spread.all(&list()).contains(&key.partition));
            assert_eq!(key.partition.collection(), "things");
            assert_eq!(key.partition.whole(), *list().first());
            *used.entry(key.partition).or_default() += 1;
        }
        assert_eq!(used.into_values().collect::<Vec<_>>(), [8; 8]);
    }

    #[test]
    fn a_list_that_is_not_spread_is_its_own_partition() {
        let spread = Spread(1);
        assert_eq!(spread.all(&list()), [list().first().clone()]);
        assert_eq!(spread.keys(&list(), "x"), [list().first().key("x")]);
    }

    #[test]
    fn what_was_put_before_is_looked_for_as_well() {
        let keys = Spread(8).keys(&list(), "9");
        assert_eq!(keys, [list().first().part(1).key("9"), list().first().key("9")]);
        assert_eq!(Spread(8).keys(&list(), "8"), [list().first().key("8")]);
    }
}
