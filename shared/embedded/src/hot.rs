//! In-memory cache of documents and short lists that are read often.
//!
//! A reader's page cache is void after every commit of another connection, so what each delivery
//! reads again (its webhook, its account) would be fetched from the file for each. This cache keeps
//! the documents themselves, the fact that there is none, and whole lists of documents. It never
//! returns stale data:
//!
//! * before a transaction's `COMMIT` the writer marks every changed document as unknown, and after
//!   it, before any caller is answered, stores the new ones; in between nobody else may store them,
//!   because one reader can still see the old value while another already sees the new one;
//! * a reader announces each fetch, and its result is stored only if the announcement still stands,
//!   so a value older than a commit never replaces a newer one;
//! * a value that is known both before and after a reader's fetch did not change in between, so
//!   known and fetched values together are of one moment.

mod generations;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use foldhash::fast::RandomState;
use ports::store::{Document, Key, Partition, Row};

use self::generations::{Generations, Held};

/// Size in bytes of a generation of documents, approximately.
const DOCUMENTS: usize = 1 << 20;
/// Size in bytes of a generation of lists, approximately.
const LISTS: usize = 512 << 10;

/// Announcement of a fetch whose result is never stored; stamps begin at 1.
const NEVER: u64 = 0;

/// Cache of documents by key, and of lists by partition.
#[derive(Debug)]
pub(crate) struct Hot {
    state: Mutex<State>,
}

/// Cached state of a document or a list.
#[derive(Debug, Clone)]
pub(crate) enum Look<V> {
    /// The value, unchanged since `stamp`.
    Known { stamp: u64, value: V },
    /// No value; the reader's fetch is announced as `announced`.
    Unknown { announced: u64 },
}

/// All the documents of a partition, in ascending order.
pub(crate) type List = Arc<[Row]>;

#[derive(Debug)]
struct State {
    documents: Generations<Key, Option<Document>>,
    lists: Generations<Partition, List>,
    /// Keys that the running transaction changes.
    changing: HashSet<Key, RandomState>,
    /// Counter that is increased whenever a value is stored or a fetch is announced.
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
    /// Returns the cached documents under `keys`, and announces a fetch of the unknown ones.
    pub(crate) fn look(&self, keys: &[Key]) -> Vec<Look<Option<Document>>> {
        let mut state = self.state();
        keys.iter().map(|key| state.look(key)).collect()
    }

    /// Stores the documents that were fetched for the unknown ones among `looks`. Returns false if
    /// a known one has changed since: then the two are not of one moment.
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

    /// Returns the cached list of all documents of `partition`, or announces a fetch.
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

    /// Stores the list that was fetched as `announced`.
    pub(crate) fn fetched_list(&self, partition: &Partition, announced: u64, list: List) {
        let mut state = self.state();
        let now = state.lists.get(partition).map(Look::stamp);
        if announced != NEVER && now == Some(announced) {
            let stamp = state.stamp();
            state.lists.put(partition.clone(), Look::Known { stamp, value: list });
        }
    }

    /// Marks the documents under `keys` as unknown until the transaction that is about to change
    /// them has [committed](Self::committed) or been [abandoned](Self::abandoned).
    pub(crate) fn changing<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) {
        let mut state = self.state();
        for key in keys {
            state.documents.remove(key);
            state.lists.remove(&key.partition);
            state.changing.insert(key.clone());
        }
    }

    /// Ends a transaction that did not commit.
    pub(crate) fn abandoned(&self) {
        self.state().changing.clear();
    }

    /// Ends a transaction that committed, and stores its documents, but for those under the keys `ahead`.
    pub(crate) fn committed(&self, documents: Vec<(Key, Option<Document>)>, ahead: &[Key]) {
        let mut state = self.state();
        state.changing.clear();
        for (key, document) in documents {
            state.know(key, document);
        }
        for key in ahead {
            state.documents.remove(key);
        }
    }

    /// Forgets everything.
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
    fn a_fetched_document_is_cached() {
        let hot = Hot::default();
        let keys = [key("a"), key("b")];
        let looks = hot.look(&keys);
        assert!(hot.fetched(&keys, &looks, &[Some(document("a", 1)), None]));
        assert_eq!(revision(&hot, "a"), Some(1));
        assert!(matches!(hot.look(&keys)[1], Look::Known { value: None, .. }));
    }

    #[test]
    fn a_document_put_ahead_in_the_transaction_that_changed_it_is_not_cached() {
        let hot = Hot::default();
        hot.committed(vec![(key("a"), Some(document("a", 1)))], &[key("a")]);
        assert_eq!(revision(&hot, "a"), None);
    }

    #[test]
    fn a_fetch_overtaken_by_a_commit_is_not_cached() {
        let hot = Hot::default();
        let keys = [key("a")];
        let looks = hot.look(&keys);
        hot.changing(&keys);
        hot.committed(vec![(key("a"), Some(document("a", 2)))], &[]);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), Some(2));
    }

    #[test]
    fn a_fetch_during_a_commit_is_not_cached() {
        let hot = Hot::default();
        let keys = [key("a")];
        let looks = hot.look(&keys);
        hot.changing(&keys);
        hot.fetched(&keys, &looks, &[Some(document("a", 1))]);
        assert_eq!(revision(&hot, "a"), None);
    }

    #[test]
    fn documents_being_changed_are_not_cached_by_a_fetch() {
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
    fn cached_and_fetched_documents_of_different_moments_are_reported() {
        let hot = Hot::default();
        hot.committed(vec![(key("a"), Some(document("a", 1)))], &[]);
        let keys = [key("a"), key("b")];
        let looks = hot.look(&keys);
        hot.changing(&[key("a")]);
        assert!(!hot.fetched(&keys, &looks, &[Some(document("b", 1))]));
        hot.committed(vec![(key("a"), Some(document("a", 2)))], &[]);
        assert!(!hot.fetched(&keys, &looks, &[Some(document("b", 1))]));
    }

    fn listed(hot: &Hot) -> Option<usize> {
        match hot.look_at_list(&key("a").partition) {
            Look::Known { value, .. } => Some(value.len()),
            Look::Unknown { .. } => None,
        }
    }

    fn list(sorts: &[&str]) -> List {
        let row = |sort: &&str| Row { sort: (*sort).to_owned(), document: document(sort, 1) };
        sorts.iter().map(row).collect()
    }

    fn announced(hot: &Hot) -> u64 {
        hot.look_at_list(&key("a").partition).stamp()
    }

    #[test]
    fn a_list_is_cached_until_a_document_of_it_changes() {
        let hot = Hot::default();
        hot.fetched_list(&key("a").partition, announced(&hot), list(&["a", "b"]));
        assert_eq!(listed(&hot), Some(2));
        let elsewhere = Partition::new(Scope::Installation, Collection("others"), "").key("a");
        hot.changing(&[elsewhere]);
        assert_eq!(listed(&hot), Some(2));
        hot.changing(&[key("c")]);
        assert_eq!(listed(&hot), None);
    }

    #[test]
    fn a_list_overtaken_by_a_commit_is_not_cached() {
        let hot = Hot::default();
        let before = announced(&hot);
        hot.changing(&[key("c")]);
        hot.fetched_list(&key("a").partition, before, list(&["a"]));
        assert_eq!(listed(&hot), None);
        let during = announced(&hot);
        hot.committed(vec![(key("c"), Some(document("c", 1)))], &[]);
        hot.fetched_list(&key("a").partition, during, list(&["a"]));
        assert_eq!(listed(&hot), None);
    }
}
