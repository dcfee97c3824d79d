//! Checkpoints: moving the write-ahead log into the database, beside the writer.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use super::spawn_thread;
use crate::{
    OpenError,
    connection::{self, PAGE},
};

/// Size of the log, in pages, at which the checkpointer begins to move it, beside the writer.
const PAGES_TO_MOVE: u32 = (8 << 20) / PAGE;

/// Size of the log, in pages, at which the writer itself finishes the checkpoint and starts the log
/// anew. A log that is written to without a pause never ends otherwise.
const PAGES_AT_MOST: u32 = (64 << 20) / PAGE;

/// Longest time that the writer waits for readers before it postpones the restart.
const LONGEST_STALL: Duration = Duration::from_millis(5);

/// Checkpointing of the write-ahead log.
pub(super) struct Checkpoints {
    /// Size of the log after the last commit, in pages.
    pages: Arc<AtomicU32>,
    /// Size of the log, in pages, at which the checkpointer is woken next.
    wake_at: u32,
    /// Size of the log, in pages, at which the writer tries again to restart it, after a reader was
    /// in the way.
    restart_at: u32,
    wake: Option<SyncSender<()>>,
    /// Held by whoever checkpoints.
    turn: Arc<Mutex<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the checkpointer of the database in `file`, which `writer` writes.
    pub(super) fn start(writer: &mut Connection, file: &Path) -> Result<Self, OpenError> {
        let pages = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&pages);
        writer.wal_hook(Some(move |_: &mut _, pages| {
            seen.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let checkpointer = connection::checkpointer(file)?;
        let (wake, woken) = mpsc::sync_channel(1);
        let turn = Arc::<Mutex<()>>::default();
        let turns = Arc::clone(&turn);
        let thread =
            spawn_thread("store-log", move || move_when_woken(&checkpointer, &woken, &turns))?;
        Ok(Self {
            pages,
            wake_at: PAGES_TO_MOVE,
            restart_at: PAGES_AT_MOST,
            wake: Some(wake),
            turn,
            thread: Some(thread),
        })
    }

    /// Checkpoints if the log has grown; called by the writer between two transactions.
    pub(super) fn keep_up(&mut self, writer: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < PAGES_TO_MOVE {
            self.wake_at = PAGES_TO_MOVE;
            self.restart_at = PAGES_AT_MOST;
        } else if pages >= self.restart_at {
            let restarted = restart(writer);
            self.restart_at = if restarted { PAGES_AT_MOST } else { pages + PAGES_TO_MOVE };
        } else if pages >= self.wake_at {
            self.wake_at = pages + PAGES_TO_MOVE;
            if let Some(wake) = &self.wake {
                // A full channel means that the checkpointer will look again anyway.
                _ = wake.try_send(());
            }
        }
    }

    /// Moves everything and empties the log, so that nothing which was overwritten stands in it. Returns
    /// false if readers were in the way for longer than `patience`.
    pub(super) fn empty(&self, writer: &Connection, patience: Duration) -> bool {
        // Two checkpoints at once refuse each other.
        let _turn = self.turn.lock();
        let set = writer.busy_timeout(patience);
        let emptied = checkpoint(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
        set.and_then(|()| writer.busy_timeout(connection::PATIENCE)).is_ok() && emptied
    }

    /// Moves everything that is left, and ends.
    pub(super) fn finish(&mut self, writer: &Connection) {
        self.wake = None;
        self.thread.take().map(JoinHandle::join);
        checkpoint(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

fn move_when_woken(connection: &Connection, woken: &Receiver<()>, turns: &Mutex<()>) {
    while woken.recv().is_ok() {
        let _turn = turns.lock();
        checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)");
    }
}

/// Moves the rest of the log and lets the next commit begin at its start. Gives up if a reader is
/// in the way for longer than the writer may wait.
fn restart(writer: &Connection) -> bool {
    let patience = writer.busy_timeout(LONGEST_STALL);
    let restarted = checkpoint(writer, "PRAGMA wal_checkpoint(RESTART)");
    patience.and_then(|()| writer.busy_timeout(connection::PATIENCE)).is_ok() && restarted
}

/// Runs a checkpoint; returns false if a reader or writer was in the way.
fn checkpoint(connection: &Connection, pragma: &str) -> bool {
    let busy: rusqlite::Result<bool> = connection.query_row(pragma, [], |row| row.get(0));
    match busy {
        Ok(busy) => !busy,
        Err(why) => {
            tracing::warn!(%why, "a checkpoint failed; the log grows until one succeeds");
            false
        }
    }
}
