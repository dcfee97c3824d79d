//! Rules of what is given up while there is little free space, and of what is erased from the log.

use std::sync::Arc;

use ports::{
    Unavailable,
    store::{Collection, Condition, Partition},
};

use super::{
    COMMITTING,
    batch::Batch,
    prepared::{Change, Prepared, PreparedWrite},
};
use crate::{
    Erased, Figures, Options,
    apart::{apart, is_one_of},
    space::Room,
};

/// Error of a commit that must wait until there is free space.
const NO_ROOM: &str = "hardly any disk space is free";

/// Rules by the collections of documents.
pub(super) struct Rules {
    expendable: &'static [Collection],
    erased: Erased,
    figures: Arc<Figures>,
}

impl Rules {
    pub(super) fn of(options: &Options) -> Self {
        let figures = Arc::clone(&options.figures);
        Self { expendable: options.expendable, erased: options.erased, figures }
    }

    /// Returns the part of `batch` for which there is room, without its expendable documents if there
    /// is little. The rest is answered.
    pub(super) fn admit(&self, room: Room, mut batch: Batch) -> Batch {
        if room == Room::Enough {
            return batch;
        }
        for (commit, _) in &mut batch {
            commit.writes.retain(|write| !self.drops(write));
        }
        if room == Room::Little {
            return batch;
        }
        let (admitted, refused) =
            batch.into_iter().partition(|(commit, _)| self.must_go_on(commit));
        for (_, answer) in Batch::from(refused) {
            _ = answer.send(Err(Unavailable::new(COMMITTING, NO_ROOM).into()));
        }
        admitted
    }

    /// Puts the bodies of `batch` apart of which nothing may stay once they are deleted.
    pub(super) fn put_apart(&self, batch: &mut Batch) {
        for write in batch.iter_mut().flat_map(|(commit, _)| &mut commit.writes) {
            if let Change::Put(put) = &mut write.change
                && is_one_of(&write.key.partition, self.erased.at_once)
            {
                put.body = apart(&put.body);
            }
        }
    }

    /// Returns whether something that `commit` deletes or replaces has to leave the log before the answer.
    pub(super) fn erases_at_once(&self, commit: &Prepared) -> bool {
        commit.erases || deletes(commit, self.erased.at_once)
    }

    /// Returns whether something that `commit` deletes or replaces has to leave the log soon.
    pub(super) fn erases_soon(&self, commit: &Prepared) -> bool {
        let gone = |write: &&PreparedWrite| !matches!(write.change, Change::Nothing);
        let mut gone = commit.writes.iter().filter(gone);
        gone.any(|write| is_one_of(&write.key.partition, self.erased.soon))
    }

    /// Returns whether a document of `partition` that was swept has to leave the log.
    pub(super) fn erases_swept(&self, partition: &Partition) -> bool {
        is_one_of(partition, self.erased.soon) || is_one_of(partition, self.erased.at_once)
    }

    /// Returns whether `write` is dropped, and counts it then. One with a condition is relied upon.
    fn drops(&self, write: &PreparedWrite) -> bool {
        let drops = matches!(write.change, Change::Put(_))
            && matches!(write.condition, Condition::None | Condition::Absent)
            && is_one_of(&write.key.partition, self.expendable);
        if drops {
            self.figures.drop_one();
        }
        drops
    }

    /// Returns whether `commit` is accepted with hardly any room: it finishes messages, takes
    /// authority away, or destroys or erases something, or what is left of it is nothing.
    fn must_go_on(&self, commit: &Prepared) -> bool {
        !commit.acknowledge.is_empty()
            || deletes(commit, self.erased.at_once)
            || commit.revokes
            || commit.erases
            || commit.is_empty()
    }
}

fn deletes(commit: &Prepared, collections: &[Collection]) -> bool {
    let gone = |write: &&PreparedWrite| matches!(write.change, Change::Delete);
    commit.writes.iter().filter(gone).any(|write| is_one_of(&write.key.partition, collections))
}
