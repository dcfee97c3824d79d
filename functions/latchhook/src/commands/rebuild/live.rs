//! Live views, read from the store.

use std::collections::BTreeMap;

use app::views::{Derivation, collections::DERIVED};
use embedded::{Content, Embedded, Indexed};
use ports::{
    ReadError,
    store::{Collection, Document, Key},
};

/// Number of rows read at a time.
const CHUNK: usize = 1000;

/// All derived documents and counters in the store.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) documents: BTreeMap<Key, Indexed>,
    pub(super) counters: BTreeMap<Key, u64>,
}

impl Live {
    /// Reads all of them.
    pub(super) async fn read(store: &Embedded) -> Result<Self, ReadError> {
        let mut live = Self::default();
        for collection in DERIVED {
            live.read_documents(store, *collection).await?;
            live.read_counters(store, *collection).await?;
        }
        Ok(live)
    }

    async fn read_documents(
        &mut self,
        store: &Embedded,
        collection: Collection,
    ) -> Result<(), ReadError> {
        let mut after = None;
        loop {
            let rows = store.scan_documents(collection, after, CHUNK).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.document.key.clone());
            self.documents.extend(rows.into_iter().map(|row| (row.document.key.clone(), row)));
        }
    }

    async fn read_counters(
        &mut self,
        store: &Embedded,
        collection: Collection,
    ) -> Result<(), ReadError> {
        let mut after = None;
        loop {
            let rows = store.scan_counters(collection, after, CHUNK).await?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(last.clone());
            self.counters.extend(rows);
        }
    }

    /// Converts the rebuilt views to content for the store, which gives them revisions.
    pub(super) fn content(rebuilt: Derivation) -> Content {
        let document = |(key, derived): (Key, app::views::Derived)| {
            let document = Document { key, revision: 0, expires_at: None, body: derived.body };
            Indexed { document, index: derived.index }
        };
        let counter = |(key, count)| Some((key, u64::try_from(count).ok()?));
        Content {
            documents: rebuilt.documents.into_iter().map(document).collect(),
            counters: rebuilt.counts.into_iter().filter_map(counter).collect(),
        }
    }
}
