//! Views of a disk: those that there are, and those that its events lead to.

use std::collections::BTreeMap;

use app::{
    rebuild::derive_all,
    views::{Derivation, Derived, collections::DERIVED},
};
use futures_util::FutureExt as _;
use ports::store::{IndexEntry, Key};

use crate::Memory;

/// Documents with their index entries, and counters that are not zero.
pub type Views = (BTreeMap<Key, (bytes::Bytes, Vec<IndexEntry>)>, BTreeMap<Key, u64>);

/// Views that a derivation has.
#[must_use]
pub fn views_of(derivation: Derivation) -> Views {
    let Derivation { documents, counts } = derivation;
    let documents =
        documents.into_iter().map(|(key, Derived { body, index, .. })| (key, (body, index)));
    let counts = counts.into_iter().map(|(key, count)| (key, u64::try_from(count).unwrap_or(0)));
    (documents.collect(), counts.filter(|(_, count)| *count > 0).collect())
}

/// Live views of `disk`, and the views that its events lead to.
///
/// # Panics
/// Fails if the events can't be folded.
#[must_use]
#[expect(clippy::expect_used, reason = "the disk answers at once, and its events are ours")]
pub fn live_and_derived(disk: &Memory) -> (Views, Views) {
    let documents = disk.documents(DERIVED).into_iter();
    let documents = documents.map(|(document, index)| (document.key, (document.body, index)));
    let live = (documents.collect(), disk.counters(DERIVED).into_iter().collect());
    let derived = derive_all(disk).now_or_never().expect("an answer at once");
    (live, views_of(derived.expect("events that can be folded")))
}
