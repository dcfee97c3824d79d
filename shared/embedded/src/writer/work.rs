//! Work of the writer thread: batches of commits, and tasks that need the connection alone.

use std::{sync::Arc, time::Duration};

use domain::Timestamp;
use ports::{Chain, Clock};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::mpsc;

use super::{
    COMMITTING, Job, Task, apply,
    batch::{Applied, Batch, Effects},
    check,
    checkpoint::Checkpoints,
    expired,
    ledger::Ledger,
    numbers,
    prepared::Prepared,
    rules::Rules,
    waiting::Waiting,
};
use crate::{
    dispatch::{Dispatch, Now},
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
    pub(super) checkpoints: Checkpoints,
}

impl Work {
    /// Works until the last job.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let _span = tracing::info_span!("writer").entered();
        let mut waiting = Waiting::default();
        while gather(&mut waiting, &mut jobs) {
            let batch = waiting.batch();
            if !batch.is_empty() {
                self.commit(batch);
            }
            if let Some(task) = waiting.task() {
                self.run_task(task);
            }
            self.checkpoints.keep_up(&self.connection);
        }
        jobs.close();
        self.checkpoints.finish(&self.connection);
    }

    /// Runs a task that may change any document.
    fn run_task(&mut self, task: Task) {
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
        in_transaction(&mut self.connection, &mut self.ledger, |connection| {
            task(connection, &mut self.revisions)
        })
    }

    /// Applies `batch` in one transaction.
    fn apply(&mut self, batch: &Batch, now: Timestamp) -> rusqlite::Result<Applied> {
        let puts = |commit: &Prepared| commit.writes.len() + commit.additions.len();
        let writes = batch.iter().map(|(commit, _)| puts(commit)).sum();
        self.revisions.set_aside(&self.connection, writes)?;
        in_transaction(&mut self.connection, &mut self.ledger, |connection| {
            let applied = apply_all(connection, batch, now, &self.dispatch, &mut self.revisions)?;
            // Mark the documents as changing before anybody can see the new ones.
            self.hot.changing(applied.1.documents.iter().map(|(key, _)| key));
            Ok(applied)
        })
    }

    fn commit(&mut self, batch: Batch) {
        let now = Now { wall: self.clock.now(), monotonic: self.clock.monotonic() };
        let room = self.space.room(now.monotonic);
        let mut batch = self.rules.admit(room, batch);
        if batch.is_empty() {
            return;
        }
        self.rules.put_apart(&mut batch);
        match self.apply(&batch, now.wall) {
            Ok(applied) => self.committed(batch, applied, now),
            Err(why) if room < Room::Hardly && is_full(&why) => self.commit_on_full(batch, now),
            Err(why) => self.failed(batch, why),
        }
    }

    /// Commits what must go on, alone, with the room that the reserve leaves; refuses the rest.
    fn commit_on_full(&mut self, batch: Batch, now: Now) {
        tracing::error!(commits = batch.len(), "the disk is full");
        self.hot.abandoned();
        self.space.is_full();
        // The log's own space counts too, as far as what is in it can be moved.
        self.checkpoints.empty(&self.connection, TO_SWEEP);
        let batch = self.rules.admit(Room::Hardly, batch);
        match self.apply(&batch, now.wall) {
            Ok(applied) => self.committed(batch, applied, now),
            Err(why) => self.failed(batch, why),
        }
    }

    fn committed(&mut self, batch: Batch, (outcomes, effects): Applied, now: Now) {
        self.hot.committed(effects.documents);
        self.dispatch.committed(effects.arrived, &effects.finished, now);
        self.erase_soon |= batch.iter().any(|(commit, _)| self.rules.erases_soon(commit));
        if batch.iter().any(|(commit, _)| self.rules.erases_at_once(commit)) {
            // Where a long read is in the way, the next sweep does it.
            self.erase_soon = !self.checkpoints.empty(&self.connection, TO_ERASE);
        }
        for ((_, answer), outcome) in batch.into_iter().zip(outcomes) {
            _ = answer.send(outcome);
        }
    }

    fn failed(&mut self, batch: Batch, why: rusqlite::Error) {
        self.hot.abandoned();
        // A damaged row fails everybody's transaction. Committed one by one, only the commit that needs
        // that row fails.
        if is_damage(&why) && batch.len() > 1 {
            for one in batch {
                self.commit(vec![one]);
            }
            return;
        }
        let why = unread(COMMITTING)(why);
        tracing::error!(error = %Chain(&why), commits = batch.len(), "a batch of commits failed");
        for (_, answer) in batch {
            _ = answer.send(Err(why.clone().into()));
        }
    }
}

/// Runs `task` in a transaction, which is numbered in `ledger` and marked there once it is durable.
fn in_transaction<T>(
    connection: &mut Connection,
    ledger: &mut Ledger,
    task: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let done = task(&transaction)?;
    ledger.number(&transaction)?;
    transaction.commit()?;
    ledger.committed();
    Ok(done)
}

/// Returns whether the disk had no room, or would not say.
fn is_full(why: &rusqlite::Error) -> bool {
    let codes = [ErrorCode::DiskFull, ErrorCode::SystemIoFailure];
    why.sqlite_error_code().is_some_and(|code| codes.contains(&code))
}

/// Moves the jobs that have been handed over to those that wait, after the first one if none waits
/// yet. Returns false once the last job is done.
fn gather(waiting: &mut Waiting, jobs: &mut mpsc::Receiver<Job>) -> bool {
    if waiting.is_empty() && !waiting.stops() {
        match jobs.blocking_recv() {
            Some(job) => waiting.add(job),
            None => return false,
        }
    }
    while let Ok(job) = jobs.try_recv() {
        waiting.add(job);
    }
    !(waiting.is_empty() && waiting.stops())
}

/// Applies each commit whose conditions hold, seeing those before it. An error fails the whole
/// batch.
fn apply_all(
    connection: &Connection,
    batch: &Batch,
    now: Timestamp,
    dispatch: &Dispatch,
    revisions: &mut Revisions,
) -> rusqlite::Result<Applied> {
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut effects = Effects::default();
    for (commit, _) in batch {
        // Everything is checked before anything is written, so a refused commit leaves nothing to
        // undo.
        match check::check(connection, commit, now)? {
            Ok(found) => {
                apply::apply(connection, commit, &found, dispatch, revisions, &mut effects)?;
                outcomes.push(Ok(()));
            }
            Err(lost) => outcomes.push(Err(lost)),
        }
    }
    numbers::write(connection, now, revisions, &mut effects)?;
    Ok((outcomes, effects))
}
