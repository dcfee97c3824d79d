//! Comparison of the live views with the events.

use std::{collections::BTreeSet, fmt};

use app::{
    documents::are_same,
    views::{Derivation, Derived},
};
use embedded::Indexed;
use ports::store::Key;

use super::live::Live;

/// Live view that differs from the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Key of the view.
    pub(super) key: Key,
    /// Difference.
    pub(super) wrong: Wrong,
}

/// Kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The view is missing.
    Missing,
    /// The view should not exist.
    Surplus,
    /// The body or the index entries differ.
    Other,
    /// The value of a counter differs.
    Count {
        /// Present value.
        is: u64,
        /// Expected value.
        should: i64,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.key.partition.as_str(), self.key.sort)?;
        match self.wrong {
            Wrong::Missing => f.write_str("is missing"),
            Wrong::Surplus => f.write_str("should not be there"),
            Wrong::Other => f.write_str("is not what the events say"),
            Wrong::Count { is, should } => write!(f, "counts {is} instead of {should}"),
        }
    }
}

/// Returns every view that differs from the events.
pub(super) fn differences(rebuilt: &Derivation, live: &Live) -> Vec<Difference> {
    let keys: BTreeSet<&Key> = rebuilt.documents.keys().chain(live.documents.keys()).collect();
    let documents = keys.into_iter().filter_map(|key| {
        let wrong = match (rebuilt.documents.get(key), live.documents.get(key)) {
            (Some(_), None) => Wrong::Missing,
            (None, Some(_)) => Wrong::Surplus,
            (Some(rebuilt), Some(live)) if !same(rebuilt, live) => Wrong::Other,
            _ => return None,
        };
        Some(Difference { key: key.clone(), wrong })
    });
    documents.chain(miscounted(rebuilt, live)).collect()
}

fn same(rebuilt: &Derived, live: &Indexed) -> bool {
    let body = are_same(&rebuilt.body, &live.document.body);
    let entries = |index: &[_]| index.iter().cloned().collect::<BTreeSet<_>>();
    body && entries(&rebuilt.index) == entries(&live.index) && live.document.expires_at.is_none()
}

fn miscounted(rebuilt: &Derivation, live: &Live) -> Vec<Difference> {
    let keys: BTreeSet<&Key> = rebuilt.counts.keys().chain(live.counters.keys()).collect();
    let wrong = |key: &Key| {
        let should = rebuilt.counts.get(key).copied().unwrap_or(0);
        let is = live.counters.get(key).copied().unwrap_or(0);
        let wrong = Wrong::Count { is, should };
        (u64::try_from(should) != Ok(is)).then(|| Difference { key: key.clone(), wrong })
    };
    keys.into_iter().filter_map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use ports::store::{Collection, Document, IndexEntry, Partition, Scope};

    use super::*;

    fn key(sort: &str) -> Key {
        Partition::new(Scope::Installation, Collection("accounts"), "").key(sort)
    }

    fn entry(sort: &str) -> IndexEntry {
        let partition = Partition::new(Scope::Installation, Collection("by_time"), "");
        IndexEntry { partition, sort: sort.to_owned() }
    }

    fn derived(body: &'static str, index: Vec<IndexEntry>) -> Derived {
        Derived { body: body.into(), index, unique: false }
    }

    fn live(sort: &str, body: &'static str, index: Vec<IndexEntry>) -> (Key, Indexed) {
        let key = key(sort);
        let document =
            Document { key: key.clone(), revision: 3, expires_at: None, body: body.into() };
        (key, Indexed { document, index })
    }

    #[test]
    fn equal_views_do_not_differ_however_their_json_is_written() {
        let mut rebuilt = Derivation::default();
        rebuilt.documents.insert(key("a"), derived(r#"{"x":1,"y":2}"#, vec![entry("1")]));
        rebuilt.counts.insert(key("n"), 2);
        let live = Live {
            documents: [live("a", r#"{"y":2, "x":1}"#, vec![entry("1")])].into(),
            counters: [(key("n"), 2)].into(),
        };
        assert_eq!(differences(&rebuilt, &live), []);
        let content = Live::content(rebuilt);
        assert_eq!(content.documents[0].document.key, key("a"));
        assert_eq!(content.counters, [(key("n"), 2)]);
    }

    #[test]
    fn every_difference_is_named() {
        let mut rebuilt = Derivation::default();
        rebuilt.documents.insert(key("missing"), derived("{}", vec![]));
        rebuilt.documents.insert(key("other"), derived("{}", vec![entry("1")]));
        rebuilt.counts.insert(key("n"), 2);
        let live = Live {
            documents: [live("other", "{}", vec![]), live("surplus", "{}", vec![])].into(),
            counters: [(key("n"), 3)].into(),
        };
        let told = differences(&rebuilt, &live);
        assert_eq!(
            told.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "accounts/ missing: is missing",
                "accounts/ other: is not what the events say",
                "accounts/ surplus: should not be there",
                "accounts/ n: counts 3 instead of 2",
            ]
        );
    }
}
