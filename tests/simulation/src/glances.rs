//! Documents as they were seen lately, for glances that are late.

use std::{collections::BTreeMap, time::Duration};

use domain::Timestamp;
use ports::store::{Document, Key, REMEMBERED_FOR, Sight};

/// Time for which a replica is behind.
const BEHIND: Duration = Duration::from_millis(500);

/// Documents that were seen, each with the time and the sight.
#[derive(Default)]
pub(crate) struct Glances(BTreeMap<(Key, bool), (Timestamp, Option<Document>)>);

impl Glances {
    /// Returns `found` as a reader with these sights sees it at `now`: always as late as it may be.
    pub(crate) fn seen<'k>(
        &mut self,
        keys: impl Iterator<Item = (&'k Key, &'k Sight)>,
        found: Vec<Option<Document>>,
        now: Timestamp,
    ) -> Vec<Option<Document>> {
        let seen = |((key, sight), found): ((&Key, &Sight), Option<Document>)| {
            let (late, is_memory) = match sight {
                Sight::Present => return found,
                Sight::Recent => (BEHIND, false),
                Sight::Remembered => (REMEMBERED_FOR, true),
            };
            let seen = self.0.entry((key.clone(), is_memory)).or_insert((now, found.clone()));
            if now.since(seen.0) >= late {
                *seen = (now, found);
            }
            let is_there = |one: &Document| one.expires_at.is_none_or(|at| at > now);
            seen.1.clone().filter(is_there)
        };
        keys.zip(found).map(seen).collect()
    }
}
