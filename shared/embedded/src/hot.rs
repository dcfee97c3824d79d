//! Documents that are read often, in memory.
//!
//! A reader's page cache is void after every commit of another connection, so what each delivery
//! reads again (its webhook, its account) would be fetched from the file for each. This keeps the
//! documents themselves, and that there is none, exactly:
//!
//! * before a transaction's `COMMIT` the writer makes everything that it changes unknown, and after
//!   it, before any caller is answered, known as it is then; in between nobody else makes it known,
//!   because one reader can still see what was there and another already what becomes of it;
//! * a reader announces what it is about to fetch, and what it fetched becomes known only if the
//!   announcement still stands, so nothing older than a commit replaces what that commit made known;
//! * what was known before a reader's fetch and is still the same after it was so all the while, so
//!   the two together are of one moment.
//!
//! It holds two generations of bounded size: what is used moves to the young one, and when that is
//! full the old one is dropped.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ports::store::{Document, Key};

/// About how many bytes a generation holds.
const GENERATION: usize = 2 << 20;
/// What an entry takes beside its texts and body, about.
const ENTRY: usize = 200;

/// The announcement of a fetch whose result is never to become known; stamps begin at 1.
const NEVER: u64 = 0;

/// Documents by key.
#[derive(Debug, Default)]
pub(crate) struct Hot {
    state: Mutex<State>,
}

/// What is known of a document.
#[derive(Debug, Clone)]
pub(crate) enum Look {
    /// It is this, or none, since `stamp`.
    Known { stamp: u64, document: Option<Document> },
    /// Nothing; the reader's fetch is announced as `announced`.
    Unknown { announced: u64 },
}

#[derive(Debug, Default)]
struct State {
    young: HashMap<Key, Look>,
    old: HashMap<Key, Look>,
    /// What a transaction is changing.
    changing: HashSet<Key>,
    /// About what `young` takes.
    bytes: usize,
    /// Counts everything that becomes known or is announced.
    stamps: u64,
}

impl Hot {
    /// What is known of the documents under `keys`. What is not is announced to be fetched.
    pub(crate) fn look(&self, keys: &[Key]) -> Vec<Look> {
        let mut state = self.state();
        keys.iter().map(|key| state.look(key)).collect()
    }

    /// Makes known what was fetched for the unknown among `looks`. False if something that was
    /// known then has changed since: then the two are not of one moment.
    pub(crate) fn fetched(
        &self,
        keys: &[Key],
        looks: &[Look],
        fetched: &[Option<Document>],
    ) -> bool {
        let mut state = self.state();
        let mut fetched = fetched.iter();
        let mut same = true;
        for (key, look) in keys.iter().zip(looks) {
            let now = state.stamp(key);
            match look {
                Look::Known { stamp, .. } => same &= now == Some(*stamp),
                Look::Unknown { announced } => {
                    let document = fetched.next().cloned().flatten();
                    if now == Some(*announced) {
                        state.know(key, document);
                    }
                }
            }
        }
        same
    }

    /// A transaction is about to change the documents under `keys`: they are unknown until it has
    /// [committed](Self::committed) or been [abandoned](Self::abandoned).
    pub(crate) fn changing<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) {
        let mut state = self.state();
        for key in keys {
            state.young.remove(key);
            state.old.remove(key);
            state.changing.insert(key.clone());
        }
    }

    /// The transaction did not happen.
    pub(crate) fn abandoned(&self) {
        self.state().changing.clear();
    }

    /// The transaction happened: makes known what it made of documents.
    pub(crate) fn committed(&self, documents: Vec<(Key, Option<Document>)>) {
        let mut state = self.state();
        state.changing.clear();
        for (key, document) in documents {
            state.know(&key, document);
        }
    }

    /// Makes everything unknown.
    pub(crate) fn clear(&self) {
        let mut state = self.state();
        state.young.clear();
        state.old.clear();
        state.bytes = 0;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn look(&mut self, key: &Key) -> Look {
        if self.changing.contains(key) {
            return Look::Unknown { announced: NEVER };
        }
        if let Some(look) = self.young.get(key) {
            return look.clone();
        }
        let look = self.old.remove(key).unwrap_or_else(|| {
            self.stamps += 1;
            Look::Unknown { announced: self.stamps }
        });
        self.insert(key.clone(), look.clone());
        look
    }

    fn stamp(&self, key: &Key) -> Option<u64> {
        match self.young.get(key).or_else(|| self.old.get(key))? {
            Look::Known { stamp, .. } => Some(*stamp),
            Look::Unknown { announced } => Some(*announced),
        }
    }

    fn know(&mut self, key: &Key, document: Option<Document>) {
        self.stamps += 1;
        let look = Look::Known { stamp: self.stamps, document };
        self.old.remove(key);
        self.insert(key.clone(), look);
    }

    fn insert(&mut self, key: Key, look: Look) {
        let body = match &look {
            Look::Known { document: Some(document), .. } => document.body.len(),
            _ => 0,
        };
        self.bytes += ENTRY + 2 * (key.partition.as_str().len() + key.sort.len()) + body;
        self.young.insert(key, look);
        if self.bytes > GENERATION {
            self.old = mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use ports::store::{Collection, Partition, Scope};

    use super::*;

    fn key(sort: &str) -> Key {
        Partition::new(Scope::Installation, Collection("things"), "").key(sort)
    }

    fn document(sort: &str, revision: u64) -> Document {
        Document { key: key(sort), revision, expires_at: None, body: Bytes::from_static(b"{}") }
    }

    fn revision(hot: &Hot, sort: &str) -> Option<u64> {
        match &hot.look(&[key(sort)])[..] {
            [Look::Known { document: Some(document), .. }] => Some(document.revision),
            _ => None,
        }
    }

    #[test]
    fn what_was_fetched_is_known() {
        let hot = Hot::default();
        let keys = [key("a"), key("b")];
        let looks = hot.look(&keys);
        assert!(hot.fetched(&keys, &looks, &[Some(document("a", 1)), None]));
        assert_eq!(revision(&hot, "a"), Some(1));
        assert!(matches!(hot.look(&keys)[1], Look::Known { document: None, .. }));
    }

    #[test]
    fn a_fetch_that_a_commit_overtook_is_not_believed() {
        let hot = Hot::default();
        let keys = [key("a")];
        let looks = hot.look(&keys);
        hot.changing(&keys);
        hot.committed(vec![(key("a"), Some(document("a", 2)))]);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), Some(2));
    }

    #[test]
    fn a_fetch_that_a_commit_has_begun_to_overtake_is_not_believed() {
        let hot = Hot::default();
        let keys = [key("a")];
        let looks = hot.look(&keys);
        hot.changing(&keys);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), None);
    }

    #[test]
    fn nothing_that_is_being_changed_becomes_known_by_a_fetch() {
        let hot = Hot::default();
        let keys = [key("a")];
        hot.changing(&keys);
        let looks = hot.look(&keys);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), None);
        hot.abandoned();
        let looks = hot.look(&keys);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), Some(1));
    }

    #[test]
    fn known_and_fetched_are_of_one_moment_or_said_not_to_be() {
        let hot = Hot::default();
        hot.committed(vec![(key("a"), Some(document("a", 1)))]);
        let keys = [key("a"), key("b")];
        let looks = hot.look(&keys);
        hot.changing(&[key("a")]);
        assert!(!hot.fetched(&keys, &looks, &[Some(document("b", 1))]));
        hot.committed(vec![(key("a"), Some(document("a", 2)))]);
        assert!(!hot.fetched(&keys, &looks, &[Some(document("b", 1))]));
    }

    #[test]
    fn what_is_used_outlives_what_is_not_within_bounds() {
        let hot = Hot::default();
        hot.committed(vec![(key("used"), Some(document("used", 1)))]);
        hot.committed(vec![(key("unused"), Some(document("unused", 1)))]);
        let many = 3 * GENERATION / ENTRY;
        for number in 0..many {
            assert_eq!(revision(&hot, "used"), Some(1), "after {number}");
            let name = number.to_string();
            hot.committed(vec![(key(&name), Some(document(&name, 1)))]);
        }
        assert_eq!(revision(&hot, "unused"), None);
        let state = hot.state();
        assert!(state.young.len() + state.old.len() <= 2 * GENERATION / ENTRY + 2);
    }
}
