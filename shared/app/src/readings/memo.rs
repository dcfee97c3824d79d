//! Readings of documents of one kind.
//!
//! Every attempt reads documents that somebody has just read or written: its event, its webhook,
//! its account. Parsing them again would take longer than all else it does. A reading is good for
//! exactly the bytes that it was read from, which are compared each time, so nothing here can be
//! out of date.

use std::{hash::Hash, sync::Arc};

use bytes::Bytes;
use ports::{Unavailable, store::Document};

use crate::kept::Kept;

/// What an entry takes beside its document, about.
const ENTRY: usize = 200;
/// What an entry takes in all, about.
const USUAL: usize = 1000;

/// Readings by the documents' names.
pub(crate) struct Memo<K, T>(Kept<K, Bytes, Arc<T>>);

impl<K: Hash + Eq, T> Memo<K, T> {
    /// A memo of about `most` bytes.
    pub(crate) fn of(most: usize) -> Self {
        Self(Kept::weighed(most, most / USUAL, |body| ENTRY + 2 * body.len()))
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
        if let Some(said) = self.0.get(&name, &document.body) {
            return Ok(said);
        }
        let said = Arc::new(read(document)?);
        self.note(name, document.body.clone(), Arc::clone(&said));
        Ok(said)
    }

    /// Notes that `body`, which is the document of `name`, says `said`.
    pub(crate) fn note(&self, name: K, body: Bytes, said: Arc<T>) {
        self.0.put(name, body, said);
    }
}

#[cfg(test)]
mod tests {
    use ports::store::{Collection, Partition, Scope};

    use super::*;

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
        let memo = Memo::<u32, u64>::of(10 * ENTRY);
        let first = said(&memo, 1, "7").unwrap();
        let second = said(&memo, 1, "7").unwrap();
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn a_changed_document_is_read_again() {
        let memo = Memo::<u32, u64>::of(10 * ENTRY);
        assert_eq!(*said(&memo, 1, "7").unwrap(), 7);
        assert_eq!(*said(&memo, 1, "8").unwrap(), 8);
        assert!(said(&memo, 1, "{}").is_err());
    }
}
