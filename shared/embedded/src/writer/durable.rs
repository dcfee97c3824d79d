//! Making transactions durable: the one that was written last is synced beside the writer, and whoever
//! waits for it is told.
//!
//! The writer goes on meanwhile: it writes the rows of the next transaction, and commits that one when
//! the sync has ended. So there is never more than one transaction that may be seen and is not durable,
//! and the log never goes on behind one ([`wal`](crate::wal) relies on that). Readers of what it changed
//! wait for it ([`Durable::seen`]), so nobody is told what a power cut could take back, and nobody waits
//! for what another account commits.

use std::{
    fs::File,
    io,
    path::Path,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread::JoinHandle,
    time::Duration,
};

use ports::{
    Clock, Unavailable,
    store::{Key, Scope},
};
use rusqlite::ffi;
use tokio::sync::{mpsc::WeakSender, watch};

use super::{
    COMMITTING, Job,
    batch::{Batch, Effects, Outcomes},
    spawn_thread,
};
use crate::{
    OpenError,
    dispatch::{Dispatch, Now},
    hot::Hot,
    mark::Mark,
};

const NOT_SYNCED: &str = "the disk did not store what was written; nothing is written any more until \
                          the server is started again";

/// Number of the last transaction of this process that can be seen, and of the last that is durable.
#[derive(Debug)]
pub(crate) struct Durable {
    visible: AtomicU64,
    /// None once a sync has failed.
    synced: watch::Sender<Option<u64>>,
    /// The last transaction that can be seen, and what it changed.
    last: Mutex<(u64, Changed)>,
}

/// Data that a transaction changed.
#[derive(Debug, Default)]
pub(super) enum Changed {
    /// Any data, as tasks change it.
    #[default]
    Anything,
    /// Data of these owners.
    Of(Vec<Scope>),
}

/// Data that was read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reads<'a> {
    /// Any data.
    Anything,
    /// Data of one account, or of the installation and of none.
    Of(Scope),
    /// Documents under these keys.
    Keys(&'a [Key]),
}

/// Transaction that is committed and not durable yet.
pub(super) struct Written {
    pub(super) place: Place,
    pub(super) batch: Batch,
    pub(super) outcomes: Outcomes,
    pub(super) effects: Effects,
}

/// Place of a transaction among the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Number among all of the database.
    pub(super) number: u64,
    /// Number among those of this process that may be seen.
    pub(super) visible: u64,
}

/// Thread that makes one transaction at a time durable.
pub(super) struct Syncer {
    shared: Arc<Shared>,
    written: Option<SyncSender<Written>>,
    thread: Option<JoinHandle<()>>,
}

/// Parts that are told when a transaction is durable.
pub(super) struct Told {
    pub(super) hot: Arc<Hot>,
    pub(super) dispatch: Arc<Dispatch>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) durable: Arc<Durable>,
}

struct Shared {
    log: File,
    mark: Mark,
    told: Told,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// True while a transaction is being synced.
    is_busy: bool,
    /// True once a sync failed: what is on the disk is not known until the database is opened again.
    is_broken: bool,
    /// Time in which transactions were made durable lately.
    took: Duration,
}

impl Default for Durable {
    fn default() -> Self {
        Self {
            visible: AtomicU64::new(0),
            synced: watch::Sender::new(Some(0)),
            last: Mutex::default(),
        }
    }
}

impl Changed {
    /// Returns whether some of what is read may have been changed.
    fn concerns(&self, reads: Reads<'_>) -> bool {
        let Self::Of(scopes) = self else { return true };
        match reads {
            Reads::Anything => true,
            Reads::Of(scope) => scopes.contains(&scope),
            Reads::Keys(keys) => keys.iter().any(|key| scopes.contains(&key.partition.scope())),
        }
    }
}

impl Durable {
    /// Waits until what was just read is durable.
    ///
    /// # Errors
    /// When it can't be made durable.
    pub(crate) async fn seen(&self, reads: Reads<'_>) -> Result<(), Unavailable> {
        let visible = self.visible.load(Ordering::Acquire);
        let known = *self.synced.borrow();
        if known.is_some_and(|synced| synced >= visible || !self.is_changed_by(visible, reads)) {
            return Ok(());
        }
        let is_known = |synced: &Option<u64>| synced.is_none_or(|synced| synced >= visible);
        match self.synced.subscribe().wait_for(is_known).await.as_deref() {
            Ok(Some(_)) => Ok(()),
            _ => Err(Unavailable::new("reading", NOT_SYNCED)),
        }
    }

    /// Returns whether the transaction `visible` may have changed what is read. One that has a successor
    /// is durable already, so nobody need wait for it.
    fn is_changed_by(&self, visible: u64, reads: Reads<'_>) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.0 == visible && last.1.concerns(reads)
    }

    /// Says that one more transaction may be seen from now on; returns its number.
    pub(super) fn becomes_visible(&self, changed: Changed) -> u64 {
        // Under the lock, so that who sees the number finds what it changed.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let visible = self.visible.fetch_add(1, Ordering::AcqRel) + 1;
        *last = (visible, changed);
        visible
    }

    /// Says that the transaction `visible` is durable, or never was there.
    pub(super) fn is_synced(&self, visible: u64) {
        self.synced.send_if_modified(|synced| {
            let later = synced.is_some_and(|synced| synced < visible);
            if later {
                *synced = Some(visible);
            }
            later
        });
    }
}

impl Syncer {
    /// Starts the thread for the write-ahead log in `log`; `jobs` is nudged after each transaction.
    pub(super) fn start(
        log: &Path,
        mark: Mark,
        told: Told,
        jobs: WeakSender<Job>,
    ) -> Result<Self, OpenError> {
        let log = File::open(log)
            .map_err(|source| OpenError::Directory { path: log.to_owned(), source })?;
        let (state, changed) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { log, mark, told, state, changed });
        let (written, transactions) = mpsc::sync_channel(1);
        let own = Arc::clone(&shared);
        let thread = spawn_thread("store-sync", move || own.run(&transactions, &jobs))?;
        Ok(Self { shared, written: Some(written), thread: Some(thread) })
    }

    /// Returns whether the last transaction is durable, or can't be made so.
    pub(super) fn is_idle(&self) -> bool {
        !self.shared.state().is_busy
    }

    /// Waits until the last transaction is durable.
    ///
    /// # Errors
    /// When it, or one before, could not be made so.
    pub(super) fn wait(&self) -> rusqlite::Result<()> {
        let state = self.shared.state();
        let idle = self.shared.changed.wait_while(state, |state| state.is_busy);
        let state = idle.unwrap_or_else(PoisonError::into_inner);
        if state.is_broken { Err(unsynced()) } else { Ok(()) }
    }

    /// Time in which transactions were made durable lately.
    pub(super) fn took(&self) -> Duration {
        self.shared.state().took
    }

    /// Has `written` made durable, beside the caller. The one before must be durable already.
    pub(super) fn take(&self, written: Written) {
        self.shared.state().is_busy = true;
        if let Some(transactions) = &self.written {
            // It only fails if the thread has ended, which it does not before this is dropped.
            _ = transactions.send(written);
        }
    }

    /// Makes the transaction at `place` durable now.
    ///
    /// # Errors
    /// When that is not possible, or was not before.
    pub(super) fn sync(&self, place: Place) -> rusqlite::Result<()> {
        self.wait()?;
        self.shared.sync(place).map_err(|_| unsynced())
    }
}

/// Returns whether `why` is that a transaction could not be made durable.
pub(super) fn is_unsynced(why: &rusqlite::Error) -> bool {
    why.sqlite_error().is_some_and(|why| why.extended_code == ffi::SQLITE_IOERR_FSYNC)
}

fn unsynced() -> rusqlite::Error {
    let code = ffi::Error::new(ffi::SQLITE_IOERR_FSYNC);
    rusqlite::Error::SqliteFailure(code, Some(NOT_SYNCED.to_owned()))
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.written = None;
        self.thread.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn run(&self, transactions: &Receiver<Written>, jobs: &WeakSender<Job>) {
        while let Ok(written) = transactions.recv() {
            match self.sync(written.place) {
                Ok(()) => self.tell(written),
                Err(_) => self.refuse(written.batch),
            }
            self.state().is_busy = false;
            self.changed.notify_all();
            // The writer may wait for a job. If there is no room for another, it has one.
            if let Some(jobs) = jobs.upgrade() {
                _ = jobs.try_send(Job::Synced);
            }
        }
    }

    /// Syncs the log, up to the transaction at `place` at least.
    fn sync(&self, place: Place) -> io::Result<()> {
        let clock = &self.told.clock;
        let began = clock.monotonic();
        if let Err(why) = self.log.sync_data() {
            // A second sync could succeed without the pages that the first one lost.
            tracing::error!(%why, "the log can't be synced; nothing is written any more");
            self.state().is_broken = true;
            self.told.durable.synced.send_replace(None);
            return Err(why);
        }
        let took = clock.monotonic().saturating_sub(began);
        let mut state = self.state();
        // Smoothed: one that took long says little of the next.
        state.took = (7 * state.took + took) / 8;
        drop(state);
        // Before anybody is told.
        if let Err(why) = self.mark.write(place.number) {
            tracing::warn!(%why, "the last commit can't be marked: a crash could hide that it is lost");
        }
        self.told.durable.is_synced(place.visible);
        Ok(())
    }

    fn tell(&self, written: Written) {
        let Written { batch, outcomes, effects, .. } = written;
        let Told { hot, dispatch, clock, .. } = &self.told;
        let now = Now { wall: clock.now(), monotonic: clock.monotonic() };
        hot.committed(effects.documents, &effects.ahead);
        dispatch.committed(effects.arrived, &effects.finished, now);
        for ((_, answer), outcome) in batch.into_iter().zip(outcomes) {
            _ = answer.send(outcome);
        }
    }

    fn refuse(&self, batch: Batch) {
        self.told.hot.abandoned();
        for (_, answer) in batch {
            _ = answer.send(Err(Unavailable::new(COMMITTING, NOT_SYNCED).into()));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
