//! Memo: parsed documents of one kind.
//!
//! Every attempt reads documents that were just read or written: its event, its webhook, its
//! account. Parsing them again would take longer than everything else. A reading is valid for
//! exactly the bytes that it was parsed from, which are compared each time, so nothing here can be
//! stale.

use std::{hash::Hash, sync::Arc};

use bytes::Bytes;
use ports::store::Document;

use crate::kept::Kept;

/// Approximate overhead of an entry beside its document, in bytes.
const ENTRY: usize = 200;
/// Approximate total size of an entry, in bytes.
const USUAL: usize = 1000;

/// Cache of readings, by the documents' names.
pub(crate) struct Memo<K, T>(Kept<K, Bytes, Arc<T>>);

impl<K: Hash + Eq, T> Memo<K, T> {
    /// Makes a memo of about `most` bytes.
    pub(crate) fn of(most: usize) -> Self {
        Self(Kept::weighed(most, most / USUAL, |body| ENTRY + 2 * body.len()))
    }

    /// Returns the reading of `document`, whose name is `name`, parsed by `read` if needed.
    ///
    /// # Errors
    /// When it can't be parsed.
    pub(crate) fn read<E>(
        &self,
        name: K,
        document: &Document,
        read: impl FnOnce(&Document) -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if let Some(said) = self.0.get(&name, &document.body) {
            return Ok(said);
        }
        let said = Arc::new(read(document)?);
        self.note(name, document.body.clone(), Arc::clone(&said));
        Ok(said)
    }

    /// Adds the reading `said` of `body`, the document of `name`.
    pub(crate) fn note(&self, name: K, body: Bytes, said: Arc<T>) {
        self.0.put(name, body, said);
    }
}

#[cfg(test)]
mod tests {
    use ports::store::{Collection, Partition, Scope};

    use super::*;

    fn document(body: &str) -> Document {
        let key = Partition::new(Scope::Installation, Collection("things"), "").key("one");
        Document {
            key,
            revision: 1,
            expires_at: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn said(memo: &Memo<u32, u64>, name: u32, body: &str) -> serde_json::Result<Arc<u64>> {
        memo.read(name, &document(body), |document| serde_json::from_slice(&document.body))
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
