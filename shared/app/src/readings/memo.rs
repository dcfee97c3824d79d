//! Readings of documents of one kind.
//!
//! Every attempt reads documents that somebody has just read or written: its event, its webhook, its
//! account. Parsing them again would take longer than all else it does. A reading is good for exactly
//! the bytes that it was read from, which are compared each time, so nothing here can be out of date.

use std::{
    collections::HashMap,
    hash::Hash,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use ports::{Unavailable, store::Document};

/// What an entry takes beside its document, about.
const ENTRY: usize = 200;

/// Readings by the documents' names. Of bounded size: what is used moves to the young generation,
/// and when that is full the old one is dropped.
pub(crate) struct Memo<K, T>(Mutex<Generations<K, T>>);

struct Generations<K, T> {
    young: HashMap<K, Reading<T>>,
    old: HashMap<K, Reading<T>>,
    /// About what `young` takes.
    bytes: usize,
    /// About what a generation may take.
    most: usize,
}

struct Reading<T> {
    body: Bytes,
    said: Arc<T>,
}

impl<K: Hash + Eq + Clone, T> Memo<K, T> {
    /// A memo of generations of about `most` bytes.
    pub(crate) fn of(most: usize) -> Self {
        let (young, old) = (HashMap::new(), HashMap::new());
        Self(Mutex::new(Generations { young, old, bytes: 0, most }))
    }

    /// What `document`, which is that of `name`, says when it is read by `read`.
    ///
    /// # Errors
    /// When it can't be.
    pub(crate) fn read(
        &self,
        name: K,
        document: &Document,
        read: impl FnOnce(&Document) -> Result<T, Unavailable>,
    ) -> Result<Arc<T>, Unavailable> {
        if let Some(said) = self.recall(&name, document) {
            return Ok(said);
        }
        let said = Arc::new(read(document)?);
        self.note(name, document.body.clone(), Arc::clone(&said));
        Ok(said)
    }

    /// Notes that `body`, which is the document of `name`, says `said`.
    pub(crate) fn note(&self, name: K, body: Bytes, said: Arc<T>) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.put(name, Reading { body, said });
    }

    fn recall(&self, name: &K, document: &Document) -> Option<Arc<T>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !generations.young.contains_key(name)
            && let Some(reading) = generations.old.remove(name)
        {
            generations.put(name.clone(), reading);
        }
        let Generations { young, old, .. } = &*generations;
        let reading = young.get(name).or_else(|| old.get(name))?;
        (reading.body == document.body).then(|| Arc::clone(&reading.said))
    }
}

impl<K: Hash + Eq + Clone, T> Generations<K, T> {
    fn put(&mut self, name: K, reading: Reading<T>) {
        self.bytes += ENTRY + 2 * reading.body.len();
        self.old.remove(&name);
        self.young.insert(name, reading);
        if self.bytes > self.most {
            self.old = mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use ports::store::{Collection, Partition, Scope};

    use super::*;

    const GENERATION: usize = 100 * ENTRY;

    fn document(body: &str) -> Document {
        let key = Partition::new(Scope::Installation, Collection("things"), "").key("");
        Document {
            key,
            revision: 1,
            expires_at: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn said(memo: &Memo<u32, u64>, name: u32, body: &str) -> Result<Arc<u64>, Unavailable> {
        memo.read(name, &document(body), |document| crate::work::read(&document.body))
    }

    #[test]
    fn a_document_is_read_once() {
        let memo = Memo::<u32, u64>::of(GENERATION);
        let first = said(&memo, 1, "7").unwrap();
        let second = said(&memo, 1, "7").unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn a_changed_document_is_read_again() {
        let memo = Memo::<u32, u64>::of(GENERATION);
        assert_eq!(*said(&memo, 1, "7").unwrap(), 7);
        assert_eq!(*said(&memo, 1, "8").unwrap(), 8);
        assert!(said(&memo, 1, "{}").is_err());
    }

    #[test]
    fn what_is_used_outlives_what_is_not_within_bounds() {
        let memo = Memo::<u32, u64>::of(GENERATION);
        let used = said(&memo, 0, "0").unwrap();
        said(&memo, 1, "1").unwrap();
        let many = 3 * GENERATION / ENTRY;
        for name in 2..u32::try_from(many).unwrap() {
            said(&memo, name, "2").unwrap();
            assert!(Arc::ptr_eq(&used, &said(&memo, 0, "0").unwrap()), "after {name}");
        }
        let generations = memo.0.lock().unwrap();
        assert!(!generations.young.contains_key(&1) && !generations.old.contains_key(&1));
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION / ENTRY + 2);
    }
}
