//! Rebuilding the views of a deployment on AWS, which stays in use.
//!
//! Views are read before the events, so the rebuilt views are at least as new as the live ones, and
//! a view is only replaced if it has not changed since it was read: whatever changes the expected
//! view changes the live one in the same transaction. A counter has no revision. Its error stays
//! the same, however often it is correctly changed; but the error is only known if nothing changed
//! between two readings.

use std::collections::BTreeMap;

use app::views::{Derivation, collections::DERIVED};
use aws::{DynamoStore, StoredItem};
use embedded::Indexed;
use ports::{
    Commit, Store as _,
    store::{CommitError, Condition, Key, Write},
};

use super::{
    Consent,
    compare::{Difference, Wrong, differences},
    live::Live,
};
use crate::failure::Failure;

/// Replaces the views that differ, once `consent` is given; returns the number of views, and those
/// that differed.
pub(super) async fn mend(
    store: &DynamoStore,
    consent: Consent<'_>,
) -> Result<(usize, Vec<Difference>), Failure> {
    let first = Look::at(store).await?;
    if first.wrong.is_empty() {
        return Ok((first.views(), vec![]));
    }
    consent(&first.wrong)?;
    let second = Look::at(store).await?;
    let is_still =
        first.versions() == second.versions() && first.live.counters == second.live.counters;
    let mut mended = Vec::new();
    for difference in &second.wrong {
        if is_still || !matches!(difference.wrong, Wrong::Count { .. }) {
            mended.extend(second.mend(store, difference).await?.then(|| difference.clone()));
        }
    }
    if !is_still && second.wrong.iter().any(|one| matches!(one.wrong, Wrong::Count { .. })) {
        let why =
            "settings were changed meanwhile, so counters could not be compared: run it again";
        return Err(Failure::of("rebuilding", why));
    }
    Ok((second.views(), mended))
}

/// Live views, and the views according to the events, read a little later.
struct Look {
    live: Live,
    rebuilt: Derivation,
    wrong: Vec<Difference>,
}

impl Look {
    async fn at(store: &DynamoStore) -> Result<Self, Failure> {
        let live = live(store).await?;
        let rebuilt = super::rebuilt(store).await?;
        let wrong = differences(&rebuilt, &live);
        Ok(Self { live, rebuilt, wrong })
    }

    fn views(&self) -> usize {
        self.rebuilt.documents.len() + self.rebuilt.counts.len()
    }

    /// Returns the parts that any event changes: the documents, each of which has its stream's
    /// version, and the counters.
    fn versions(&self) -> (BTreeMap<&Key, &[u8]>, &BTreeMap<Key, i64>) {
        let documents = self.rebuilt.documents.iter();
        (documents.map(|(key, derived)| (key, &derived.body[..])).collect(), &self.rebuilt.counts)
    }

    /// Replaces one view; returns false if it has changed since it was read.
    async fn mend(&self, store: &DynamoStore, wrong: &Difference) -> Result<bool, Failure> {
        let key = wrong.key.clone();
        let condition = self
            .live
            .documents
            .get(&key)
            .map_or(Condition::Absent, |live| Condition::Revision(live.document.revision));
        let write = match (wrong.wrong, self.rebuilt.documents.get(&key)) {
            (Wrong::Count { is, should }, _) => {
                let is = i64::try_from(is).unwrap_or(i64::MAX);
                Write::Count { key, by: should.saturating_sub(is), at_most: None }
            }
            (_, None) => Write::Delete { key, condition },
            (_, Some(derived)) => Write::Put {
                key,
                body: derived.body.clone(),
                expires_at: None,
                index: derived.index.clone(),
                condition,
            },
        };
        match store.commit(Commit { writes: vec![write], ..Commit::default() }).await {
            Ok(()) => Ok(true),
            Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => Ok(false),
            Err(why) => Err(Failure::because("rebuilding", &why)),
        }
    }
}

async fn live(store: &DynamoStore) -> Result<Live, Failure> {
    let mut live = Live::default();
    let mut place = None;
    loop {
        let (items, next) = store
            .scan_views(DERIVED, place)
            .await
            .map_err(|why| Failure::because("rebuilding", &why))?;
        for item in items {
            match item {
                StoredItem::Document(document, index) => {
                    live.documents.insert(document.key.clone(), Indexed { document, index });
                }
                StoredItem::Counter(key, value) => {
                    live.counters.insert(key, value);
                }
            }
        }
        place = next;
        if place.is_none() {
            return Ok(live);
        }
    }
}
