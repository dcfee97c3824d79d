//! Glances: reads of documents that may be late, which are cheaper.
//!
//! Documents that may be remembered are read once in a few seconds by each process, however many
//! attempts need them; others are read from whichever replica answers, for half the price.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use domain::Timestamp;
use futures_util::future::try_join;
use ports::{
    Commit, ReadError,
    store::{Document, Key, REMEMBERED_FOR, Sight, Write},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key},
    batch::How,
    documents::document,
};

/// Largest number of documents that are remembered.
const MOST: usize = 4096;

/// Documents that were read lately, each with the time until which it is remembered.
#[derive(Default)]
pub(super) struct Remembered(Mutex<HashMap<Key, (Timestamp, Option<Document>)>>);

impl Remembered {
    /// Returns what is remembered of `keys` at `now`.
    fn of<'k>(
        &self,
        keys: impl Iterator<Item = &'k Key>,
        now: Timestamp,
    ) -> HashMap<Key, Option<Document>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = HashMap::new();
        for key in keys {
            if let Some((until, document)) = known.get(key)
                && *until > now
            {
                let is_there = |one: &&Document| one.expires_at.is_none_or(|at| at > now);
                found.insert(key.clone(), document.as_ref().filter(is_there).cloned());
            }
        }
        found
    }

    /// Remembers `document`, which was asked for at `asked`.
    fn note(&self, key: Key, document: Option<Document>, asked: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (until, _)| *until > asked);
        }
        if known.len() < MOST {
            known.insert(key, (asked.plus(REMEMBERED_FOR), document));
        }
    }

    /// Forgets what `commit` changes.
    pub(super) fn forget(&self, commit: &Commit) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for write in &commit.writes {
            if let Write::Put { key, .. } | Write::Delete { key, .. } = write {
                known.remove(key);
            }
        }
    }
}

impl DynamoStore {
    /// Returns the documents under `keys`, in their order, each as its sight allows.
    pub(super) async fn glanced(
        &self,
        keys: &[Key],
        sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        let asked = self.clock.now();
        let of = |sight| {
            let all = keys.iter().zip(sights);
            all.filter(move |(_, one)| **one == sight).map(|(key, _)| key)
        };
        let mut found = self.remembered.of(of(Sight::Remembered), asked);
        let unknown: BTreeSet<&Key> =
            of(Sight::Remembered).filter(|key| !found.contains_key(*key)).collect();
        let recent: BTreeSet<&Key> = of(Sight::Recent).chain(unknown.iter().copied()).collect();
        let present: BTreeSet<&Key> = of(Sight::Present).collect();
        let whole = async {
            let items = self.fetch(&self.tables.views, keys_of(present), How::WHOLE).await?;
            self.foreseen.note(&items)?;
            self.read_from(&items)
        };
        let (present, recent) = try_join(whole, self.read(recent, How::RECENT)).await?;
        for key in unknown {
            self.remembered.note(key.clone(), recent.get(key).cloned(), asked);
        }
        let read = present.into_iter().chain(recent);
        found.extend(read.map(|(key, document)| (key, Some(document))));
        Ok(keys.iter().map(|key| found.get(key).cloned().flatten()).collect())
    }

    async fn read(
        &self,
        keys: BTreeSet<&Key>,
        how: How,
    ) -> Result<HashMap<Key, Document>, ReadError> {
        let items = self.fetch(&self.tables.views, keys_of(keys), how).await?;
        self.read_from(&items)
    }

    fn read_from(&self, items: &[Item]) -> Result<HashMap<Key, Document>, ReadError> {
        let now = self.clock.now();
        let mut found = HashMap::with_capacity(items.len());
        for item in items {
            if let Some(document) = document(item, now)? {
                found.insert(document.key.clone(), document);
            }
        }
        Ok(found)
    }
}

fn keys_of(keys: BTreeSet<&Key>) -> Vec<Item> {
    keys.into_iter().map(document_key).collect()
}
