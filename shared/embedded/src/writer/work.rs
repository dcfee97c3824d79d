//! Work of the writer thread: batches of commits, and tasks that need the connection alone.

use std::{sync::Arc, time::Duration};

use domain::Timestamp;
use ports::{Chain, Clock};
use rusqlite::{Connection, ErrorCode};
use tokio::sync::mpsc;

use super::{
    COMMITTING, Job, Task,
    batch::{Batch, Effects},
    begun::Begun,
    checkpoint::Checkpoints,
    durable::{Changed, Durable, Place, Syncer, Written, is_unsynced},
    expired,
    ledger::Ledger,
    rules::Rules,
    waiting::Waiting,
};
use crate::{
    dispatch::Dispatch,
    error::{is_damage, unread},
    hot::Hot,
    revisions::Revisions,
    space::{Room, Space},
};

/// Longest time that the writer waits for readers to empty the log before it answers a commit that
/// destroys something. Rare: an account is closed.
const TO_ERASE: Duration = Duration::from_millis(500);
/// Longest time that it waits to empty the log at a sweep.
const TO_SWEEP: Duration = Duration::from_millis(20);

/// State that the writer thread owns.
pub(super) struct Work {
    pub(super) connection: Connection,
    pub(super) revisions: Revisions,
    pub(super) ledger: Ledger,
    pub(super) space: Space,
    pub(super) rules: Rules,
    /// True if something is to be erased from the log at the next sweep.
    pub(super) erase_soon: bool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) dispatch: Arc<Dispatch>,
    pub(super) hot: Arc<Hot>,
    pub(super) durable: Arc<Durable>,
    pub(super) syncer: Syncer,
    pub(super) checkpoints: Checkpoints,
}

impl Work {
    /// Works until the last job.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let _span = tracing::info_span!("writer").entered();
        let (mut waiting, mut begun) = (Waiting::default(), Begun::default());
        loop {
            // Rows are written while the transaction before is made durable, and committed after it.
            let batch = waiting.batch(begun.size, self.syncer.took());
            if !batch.is_empty() {
                let room = self.space.room(self.clock.monotonic());
                begun = self.write(begun, room, batch);
            } else if !begun.is_empty() && (self.syncer.is_idle() || waiting.stops()) {
                self.commit(std::mem::take(&mut begun));
            } else if begun.is_empty()
                && let Some(task) = waiting.task()
            {
                self.run_task(task);
            } else if waiting.stops() {
                break;
            } else {
                waiting.add(jobs.blocking_recv().unwrap_or(Job::Stop));
            }
            while let Ok(job) = jobs.try_recv() {
                waiting.add(job);
            }
        }
        jobs.close();
        _ = self.syncer.wait();
        self.checkpoints.finish(&self.connection);
    }

    /// Runs a task that may change any document.
    fn run_task(&mut self, task: Task) {
        // Whoever is told of the transaction before is told first. If that fails, the task will.
        _ = self.syncer.wait();
        self.hot.clear();
        task(self);
        self.hot.clear();
    }

    /// Removes up to `most` documents that have expired by `now`; returns their number.
    pub(super) fn sweep(&mut self, now: Timestamp, most: usize) -> rusqlite::Result<usize> {
        let swept = self.transact(0, |connection, _| expired::remove(connection, now, most))?;
        self.erase_soon |= swept.iter().any(|partition| self.rules.erases_swept(partition));
        Ok(swept.len())
    }

    /// Empties the log if something is to be erased from it.
    pub(super) fn erase(&mut self) {
        if self.erase_soon {
            self.erase_soon = !self.checkpoints.empty(&self.connection, TO_SWEEP);
        }
    }

    /// Runs `task`, which puts at most `puts` documents, in a transaction of its own.
    pub(super) fn transact<T>(
        &mut self,
        puts: usize,
        task: impl FnOnce(&Connection, &mut Revisions) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.revisions.set_aside(&self.connection, puts)?;
        begin(&self.connection)?;
        let done = task(&self.connection, &mut self.revisions);
        match done.and_then(|done| self.end(Changed::Anything).map(|place| (done, place))) {
            Ok((done, place)) => self.syncer.sync(place).map(|()| done),
            Err(why) => {
                roll_back(&self.connection);
                Err(why)
            }
        }
    }

    /// Writes the rows of `batch` in the transaction that was `begun`, as far as there is `room` for
    /// them on the disk.
    fn write(&mut self, mut begun: Begun, room: Room, batch: Batch) -> Begun {
        let mut batch = self.rules.admit(room, batch);
        if batch.is_empty() {
            return begun;
        }
        self.rules.put_apart(&mut batch);
        let puts = batch.iter().map(|(commit, _)| commit.puts()).sum();
        if !begun.is_empty() && !self.revisions.are_set_aside(puts) {
            self.commit(std::mem::take(&mut begun));
        }
        begun.room = room;
        match self.write_rows(&mut begun, puts, batch) {
            Ok(()) => begun,
            Err(why) => {
                self.failed(begun, why);
                Begun::default()
            }
        }
    }

    fn write_rows(&mut self, begun: &mut Begun, puts: usize, batch: Batch) -> rusqlite::Result<()> {
        let first = begun.add(batch);
        if first == 0 {
            self.revisions.set_aside(&self.connection, puts)?;
            begin(&self.connection)?;
        }
        let now = self.clock.now();
        begun.write(first, &self.connection, now, &self.dispatch, &mut self.revisions)
    }

    /// Commits the transaction that was `begun`, and has it made durable. Waits for the one before.
    fn commit(&mut self, mut begun: Begun) {
        let ended = self.syncer.wait().and_then(|()| {
            begun.write_numbers(&self.connection, self.clock.now(), &mut self.revisions)?;
            // Nobody takes the documents for what they were once they can be seen.
            let Effects { documents, ahead, .. } = &begun.effects;
            self.hot.changing(documents.iter().map(|(key, _)| key).chain(ahead));
            self.end(begun.changed())
        });
        match ended {
            Ok(place) => self.committed(begun, place),
            Err(why) => self.failed(begun, why),
        }
    }

    /// Commits the open transaction, which has `changed` something; returns its place.
    fn end(&mut self, changed: Changed) -> rusqlite::Result<Place> {
        let visible = self.durable.becomes_visible(changed);
        match self.ledger.commit(&self.connection) {
            Ok(number) => Ok(Place { number, visible }),
            Err(why) => {
                self.durable.is_synced(visible);
                Err(why)
            }
        }
    }

    fn committed(&mut self, begun: Begun, place: Place) {
        let Begun { batch, outcomes, effects, .. } = begun;
        self.erase_soon |= batch.iter().any(|(commit, _)| self.rules.erases_soon(commit));
        let erases_at_once = batch.iter().any(|(commit, _)| self.rules.erases_at_once(commit));
        let written = Written { place, batch, outcomes, effects };
        if erases_at_once {
            // Where a long read is in the way, the next sweep does it. Emptying the log syncs it first.
            self.erase_soon = !self.checkpoints.empty(&self.connection, TO_ERASE);
        }
        self.syncer.take(written);
        self.checkpoints.keep_up(&self.connection);
    }

    /// Rolls back what was `begun`. Tries again what can be done, and refuses the rest.
    fn failed(&mut self, begun: Begun, why: rusqlite::Error) {
        roll_back(&self.connection);
        self.hot.abandoned();
        let Begun { batch, room, .. } = begun;
        if room < Room::Hardly && is_full(&why) {
            return self.commit_on_full(batch);
        }
        // A damaged row fails everybody's transaction. Committed one by one, only the commit that needs
        // that row fails.
        if is_damage(&why) && batch.len() > 1 {
            for one in batch {
                self.commit_alone(room, vec![one]);
            }
            return;
        }
        let why = unread(COMMITTING)(why);
        tracing::error!(error = %Chain(&why), commits = batch.len(), "a batch of commits failed");
        for (_, answer) in batch {
            _ = answer.send(Err(why.clone().into()));
        }
    }

    /// Commits what must go on, alone, with the room that the reserve leaves; refuses the rest.
    fn commit_on_full(&mut self, batch: Batch) {
        tracing::error!(commits = batch.len(), "the disk is full");
        self.space.is_full();
        // The log's own space counts too, as far as what is in it can be moved.
        self.checkpoints.empty(&self.connection, TO_SWEEP);
        self.commit_alone(Room::Hardly, batch);
    }

    fn commit_alone(&mut self, room: Room, batch: Batch) {
        let begun = self.write(Begun::default(), room, batch);
        if !begun.is_empty() {
            self.commit(begun);
        }
    }
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)
}

/// Undoes the open transaction, if there is one: some errors undo it by themselves.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(why) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%why, "a transaction can't be rolled back");
    }
}

/// Returns whether the disk had no room, or would not say.
fn is_full(why: &rusqlite::Error) -> bool {
    let codes = [ErrorCode::DiskFull, ErrorCode::SystemIoFailure];
    why.sqlite_error_code().is_some_and(|code| codes.contains(&code)) && !is_unsynced(why)
}
