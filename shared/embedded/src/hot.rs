//! Documents and short lists that are read often, in memory.
//!
//! A reader's page cache is void after every commit of another connection, so what each delivery
//! reads again (its webhook, its account) would be fetched from the file for each. This keeps the
//! documents themselves, that there is none, and whole lists of documents, exactly:
//!
//! * before a transaction's `COMMIT` the writer makes everything that it changes unknown, and after
//!   it, before any caller is answered, each document known as it is then; in between nobody else
//!   makes it known, because one reader can still see what was there and another already what
//!   becomes of it;
//! * a reader announces what it is about to fetch, and what it fetched becomes known only if the
//!   announcement still stands, so nothing older than a commit replaces what that commit made
//!   known;
//! * what was known before a reader's fetch and is still the same after it was so all the while, so
//!   the two together are of one moment.

mod generations;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use foldhash::fast::RandomState;
use ports::store::{Document, Key, Partition, Row};

use self::generations::{Generations, Held};

/// About how many bytes a generation of documents holds.
const DOCUMENTS: usize = 1 << 20;
/// The same of lists.
const LISTS: usize = 512 << 10;

/// The announcement of a fetch whose result is never to become known; stamps begin at 1.
const NEVER: u64 = 0;

/// Documents by key, and lists by partition.
#[derive(Debug)]
pub(crate) struct Hot {
    state: Mutex<State>,
}

/// What is known of a document or a list.
#[derive(Debug, Clone)]
pub(crate) enum Look<V> {
    /// It is this since `stamp`.
    Known { stamp: u64, value: V },
    /// Nothing; the reader's fetch is announced as `announced`.
    Unknown { announced: u64 },
}

/// All the documents of a partition, in ascending order.
pub(crate) type List = Arc<[Row]>;

#[derive(Debug)]
struct State {
    documents: Generations<Key, Option<Document>>,
    lists: Generations<Partition, List>,
    /// What a transaction is changing.
    changing: HashSet<Key, RandomState>,
    /// Counts everything that becomes known or is announced.
    stamps: u64,
}

impl Default for Hot {
    fn default() -> Self {
        let state = State {
            documents: Generations::of(DOCUMENTS),
            lists: Generations::of(LISTS),
            changing: HashSet::default(),
            stamps: NEVER,
        };
        Self { state: Mutex::new(state) }
    }
}

impl Hot {
    /// What is known of the documents under `keys`. What is not is announced to be fetched.
    pub(crate) fn look(&self, keys: &[Key]) -> Vec<Look<Option<Document>>> {
        let mut state = self.state();
        keys.iter().map(|key| state.look(key)).collect()
    }

    /// Makes known what was fetched for the unknown among `looks`. False if something that was
    /// known then has changed since: then the two are not of one moment.
    pub(crate) fn fetched(
        &self,
        keys: &[Key],
        looks: &[Look<Option<Document>>],
        fetched: &[Option<Document>],
    ) -> bool {
        let mut state = self.state();
        let mut fetched = fetched.iter();
        let mut same = true;
        for (key, look) in keys.iter().zip(looks) {
            let now = state.documents.get(key).map(Look::stamp);
            match look {
                Look::Known { stamp, .. } => same &= now == Some(*stamp),
                Look::Unknown { announced } => {
                    let document = fetched.next().cloned().flatten();
                    if now == Some(*announced) {
                        state.know(key.clone(), document);
                    }
                }
            }
        }
        same
    }

    /// What is known of all the documents of `partition`. If nothing is, a fetch is announced.
    pub(crate) fn look_at_list(&self, partition: &Partition) -> Look<List> {
        let mut state = self.state();
        if let Some(look) = state.lists.used(partition) {
            return look;
        }
        let changing = state.changing.iter().any(|key| key.partition == *partition);
        let announced = if changing { NEVER } else { state.stamp() };
        state.lists.put(partition.clone(), Look::Unknown { announced });
        Look::Unknown { announced }
    }

    /// Makes known the list that was fetched as `announced`.
    pub(crate) fn fetched_list(&self, partition: &Partition, announced: u64, list: List) {
        let mut state = self.state();
        let now = state.lists.get(partition).map(Look::stamp);
        if announced != NEVER && now == Some(announced) {
            let stamp = state.stamp();
            state.lists.put(partition.clone(), Look::Known { stamp, value: list });
        }
    }

    /// A transaction is about to change the documents under `keys`: they are unknown until it has
    /// [committed](Self::committed) or been [abandoned](Self::abandoned).
    pub(crate) fn changing<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) {
        let mut state = self.state();
        for key in keys {
            state.documents.remove(key);
            state.lists.remove(&key.partition);
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
            state.know(key, document);
        }
    }

    /// Makes everything unknown.
    pub(crate) fn clear(&self) {
        let mut state = self.state();
        state.documents.clear();
        state.lists.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn look(&mut self, key: &Key) -> Look<Option<Document>> {
        if self.changing.contains(key) {
            return Look::Unknown { announced: NEVER };
        }
        if let Some(look) = self.documents.used(key) {
            return look;
        }
        let look = Look::Unknown { announced: self.stamp() };
        self.documents.put(key.clone(), look.clone());
        look
    }

    fn know(&mut self, key: Key, document: Option<Document>) {
        let stamp = self.stamp();
        self.documents.put(key, Look::Known { stamp, value: document });
    }

    const fn stamp(&mut self) -> u64 {
        self.stamps += 1;
        self.stamps
    }
}

impl<V> Look<V> {
    const fn stamp(&self) -> u64 {
        match self {
            Self::Known { stamp, .. } => *stamp,
            Self::Unknown { announced } => *announced,
        }
    }
}

impl Held for Key {
    fn bytes(&self) -> usize {
        self.partition.bytes() + self.sort.len()
    }
}

impl Held for Partition {
    fn bytes(&self) -> usize {
        self.as_str().len()
    }
}

impl Held for Document {
    fn bytes(&self) -> usize {
        self.key.bytes() + self.body.len()
    }
}

impl Held for Row {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.sort.len() + self.document.bytes()
    }
}

impl Held for Option<Document> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, Held::bytes)
    }
}

impl Held for List {
    fn bytes(&self) -> usize {
        self.iter().map(Held::bytes).sum()
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
            [Look::Known { value: Some(document), .. }] => Some(document.revision),
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
        assert!(matches!(hot.look(&keys)[1], Look::Known { value: None, .. }));
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

    fn listed(hot: &Hot) -> Option<usize> {
        match hot.look_at_list(&key("").partition) {
            Look::Known { value, .. } => Some(value.len()),
            Look::Unknown { .. } => None,
        }
    }

    fn list(sorts: &[&str]) -> List {
        let row = |sort: &&str| Row { sort: (*sort).to_owned(), document: document(sort, 1) };
        sorts.iter().map(row).collect()
    }

    fn announced(hot: &Hot) -> u64 {
        hot.look_at_list(&key("").partition).stamp()
    }

    #[test]
    fn a_list_is_known_until_a_document_of_it_changes() {
        let hot = Hot::default();
        hot.fetched_list(&key("").partition, announced(&hot), list(&["a", "b"]));
        assert_eq!(listed(&hot), Some(2));
        let elsewhere = Partition::new(Scope::Installation, Collection("others"), "").key("a");
        hot.changing(&[elsewhere]);
        assert_eq!(listed(&hot), Some(2));
        hot.changing(&[key("c")]);
        assert_eq!(listed(&hot), None);
    }

    #[test]
    fn a_list_that_a_commit_overtook_is_not_believed() {
        let hot = Hot::default();
        let before = announced(&hot);
        hot.changing(&[key("c")]);
        hot.fetched_list(&key("").partition, before, list(&["a"]));
        assert_eq!(listed(&hot), None);
        let during = announced(&hot);
        hot.committed(vec![(key("c"), Some(document("c", 1)))]);
        hot.fetched_list(&key("").partition, during, list(&["a"]));
        assert_eq!(listed(&hot), None);
    }
}
