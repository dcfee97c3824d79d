//! Documents of numbers: what is counted and shown, and decides nothing.

use std::collections::BTreeMap;

use domain::Timestamp;

use super::Key;

/// Numbers by their names.
pub type Numbers = BTreeMap<String, u64>;

/// Addition to a document of numbers, which is made if it does not exist. Its body is a JSON object
/// of [`Numbers`], and it is read like any other document; its revision means nothing.
///
/// No condition can be on it, and nothing else puts it, so any number of commits add to one document
/// without being in each other's way. A backend where one item can't take a change with each commit
/// adds those of several commits together, after them, by the time of
/// [`Store::settle`](super::super::Store::settle): then a process that dies in between loses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Key of the document.
    pub key: Key,
    /// Amounts to add.
    pub numbers: Numbers,
    /// Time from which the document no longer exists; the same in every addition to it.
    pub expires_at: Option<Timestamp>,
}

/// Adds `more` to `numbers`.
pub fn add(numbers: &mut Numbers, more: &Numbers) {
    for (name, amount) in more {
        let sum = numbers.entry(name.clone()).or_default();
        *sum = sum.saturating_add(*amount);
    }
}
