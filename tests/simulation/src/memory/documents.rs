//! Documents, their index entries, and counters.

use std::{collections::BTreeMap, ops::Bound};

use domain::Timestamp;
use ports::store::{
    Addition, Collection, Condition, Document, IndexEntry, Key, Numbers, Order, Partition, Query,
    Range, Row, Write, add,
};

/// All documents and counters.
#[derive(Default, Clone)]
pub(super) struct Documents {
    by_key: BTreeMap<Key, (Document, Vec<IndexEntry>)>,
    /// Documents by index entry.
    entries: BTreeMap<IndexEntry, Key>,
    counters: BTreeMap<Key, u64>,
    /// Number of puts so far, from which revisions are taken.
    puts: u64,
}

impl Documents {
    pub(super) fn get(&self, key: &Key, now: Timestamp) -> Option<Document> {
        let (document, _) = self.by_key.get(key)?;
        let alive = document.expires_at.is_none_or(|expires_at| expires_at > now);
        alive.then(|| document.clone())
    }

    pub(super) fn counter(&self, key: &Key) -> u64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    pub(super) fn holds(&self, write: &Write, now: Timestamp) -> bool {
        let (Write::Put { key, condition, .. }
        | Write::Delete { key, condition }
        | Write::Check { key, condition }) = write
        else {
            return self.count_fits(write);
        };
        let found = self.get(key, now);
        match condition {
            Condition::None => true,
            Condition::Absent => found.is_none(),
            Condition::Present => found.is_some(),
            Condition::Revision(wanted) => found.is_some_and(|found| found.revision == *wanted),
        }
    }

    fn count_fits(&self, write: &Write) -> bool {
        let Write::Count { key, by, at_most } = write else { return true };
        let becomes = self.counter(key).saturating_add_signed(*by);
        at_most.is_none_or(|most| becomes <= most)
    }

    pub(super) fn write(&mut self, write: Write) {
        match write {
            Write::Check { .. } => {}
            Write::Count { key, by, .. } => {
                let counter = self.counters.entry(key).or_default();
                *counter = counter.saturating_add_signed(by);
            }
            Write::Delete { key, .. } => self.remove(&key),
            Write::Put { key, body, expires_at, index, .. } => {
                self.puts += 1;
                self.remove(&key);
                for entry in &index {
                    let other = self.entries.insert(entry.clone(), key.clone());
                    assert!(other.is_none(), "{other:?} and {key:?} are both at {entry:?}");
                }
                let document = Document { key: key.clone(), revision: self.puts, expires_at, body };
                self.by_key.insert(key, (document, index));
            }
        }
    }

    pub(super) fn add(&mut self, addition: &Addition, now: Timestamp) {
        let Addition { key, numbers, expires_at } = addition;
        let found = self.get(key, now);
        let mut sums: Numbers = found
            .map(|document| serde_json::from_slice(&document.body).unwrap_or_default())
            .unwrap_or_default();
        add(&mut sums, numbers);
        self.write(Write::Put {
            key: key.clone(),
            body: serde_json::to_vec(&sums).unwrap_or_default().into(),
            expires_at: *expires_at,
            index: vec![],
            condition: Condition::None,
        });
    }

    fn remove(&mut self, key: &Key) {
        for entry in self.by_key.remove(key).into_iter().flat_map(|(_, index)| index) {
            self.entries.remove(&entry);
        }
    }

    pub(super) fn query(&self, query: &Query, now: Timestamp) -> Vec<Row> {
        let mut rows = self.list(&query.partition, &query.range, query.index, now);
        if query.order == Order::Descending {
            rows.reverse();
        }
        rows.truncate(query.limit);
        rows
    }

    /// Counts what a partition has: documents or index entries, never both.
    pub(super) fn count(&self, partition: &Partition, range: &Range, now: Timestamp) -> u64 {
        let listed = |index| self.list(partition, range, index, now).len();
        (listed(false) + listed(true)) as u64
    }

    fn list(&self, partition: &Partition, range: &Range, index: bool, now: Timestamp) -> Vec<Row> {
        let from = range.from.clone().unwrap_or_default();
        let within = |sort: &str| range.to.as_deref().is_none_or(|to| sort < to);
        let mut rows = Vec::new();
        if index {
            let first = IndexEntry { partition: partition.clone(), sort: from };
            for (entry, key) in self.entries.range((Bound::Included(first), Bound::Unbounded)) {
                if entry.partition != *partition || !within(&entry.sort) {
                    break;
                }
                let found = self.get(key, now);
                rows.extend(found.map(|document| Row { sort: entry.sort.clone(), document }));
            }
        } else {
            let first = Key { partition: partition.clone(), sort: from };
            for key in self.by_key.range(first..).map(|(key, _)| key) {
                if key.partition != *partition || !within(&key.sort) {
                    break;
                }
                let found = self.get(key, now);
                rows.extend(found.map(|document| Row { sort: key.sort.clone(), document }));
            }
        }
        rows
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Document> {
        self.by_key.values().map(|(document, _)| document)
    }

    pub(super) fn of(&self, collections: &[Collection]) -> Vec<(Document, Vec<IndexEntry>)> {
        let of = |key: &Key| is_of(key, collections);
        self.by_key.iter().filter(|(key, _)| of(key)).map(|(_, found)| found.clone()).collect()
    }

    pub(super) fn counters_of(&self, collections: &[Collection]) -> Vec<(Key, u64)> {
        let wanted = |(key, value): &(&Key, &u64)| is_of(key, collections) && **value > 0;
        let counters = self.counters.iter().filter(wanted);
        counters.map(|(key, value)| (key.clone(), *value)).collect()
    }
}

fn is_of(key: &Key, collections: &[Collection]) -> bool {
    collections.iter().any(|collection| collection.0 == key.partition.collection())
}
