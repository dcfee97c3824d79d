//! Transaction whose rows are being written.

use domain::Timestamp;
use rusqlite::Connection;

use super::{
    apply,
    batch::{Batch, Effects, Outcomes},
    check,
    durable::Changed,
    numbers,
};
use crate::{dispatch::Dispatch, revisions::Revisions, space::Room};

/// Commits that share a transaction, which is open as long as there are some.
#[derive(Default)]
pub(super) struct Begun {
    pub(super) batch: Batch,
    pub(super) outcomes: Outcomes,
    pub(super) effects: Effects,
    pub(super) size: Size,
    /// Room that there was on the disk.
    pub(super) room: Room,
}

/// Amount that a transaction writes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    /// Number of rows, index entries apart.
    pub(super) rows: usize,
    /// Size of bodies in bytes.
    pub(super) bytes: usize,
}

impl Begun {
    pub(super) const fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Adds the commits of `batch`, which are not written yet; returns the number of the first.
    pub(super) fn add(&mut self, batch: Batch) -> usize {
        let first = self.batch.len();
        self.batch.extend(batch);
        first
    }

    /// Returns what the commits change.
    pub(super) fn changed(&self) -> Changed {
        let scopes = self.batch.iter().flat_map(|(commit, _)| commit.changes.iter().copied());
        let mut scopes: Vec<_> = scopes.collect();
        scopes.sort_unstable();
        scopes.dedup();
        Changed::Of(scopes)
    }

    /// Writes each commit from the number `first` on whose conditions hold, seeing those before it.
    /// After an error the whole transaction has to be rolled back.
    pub(super) fn write(
        &mut self,
        first: usize,
        connection: &Connection,
        now: Timestamp,
        dispatch: &Dispatch,
        revisions: &mut Revisions,
    ) -> rusqlite::Result<()> {
        for (commit, _) in &self.batch[first..] {
            self.size.rows += commit.rows();
            self.size.bytes += commit.bytes;
            // Everything is checked before anything is written, so a refused commit leaves nothing to
            // undo.
            let outcome = match check::check(connection, commit, now)? {
                Ok(found) => {
                    let effects = &mut self.effects;
                    apply::apply(connection, commit, &found, dispatch, revisions, effects)?;
                    Ok(())
                }
                Err(lost) => Err(lost),
            };
            self.outcomes.push(outcome);
        }
        Ok(())
    }

    /// Writes what all commits add to the same documents of numbers.
    pub(super) fn write_numbers(
        &mut self,
        connection: &Connection,
        now: Timestamp,
        revisions: &mut Revisions,
    ) -> rusqlite::Result<()> {
        numbers::write(connection, now, revisions, &mut self.effects)
    }
}
