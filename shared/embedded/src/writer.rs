//! Writer: the one thread that writes to the database.
//!
//! It commits what has gathered since its last commit as one transaction, so that one `fsync` makes
//! all of it durable. Nothing waits for more to gather: while one transaction is being made durable
//! ([`durable`]), the rows of the next one are written. [`waiting`] decides what is in it.

mod apply;
mod batch;
mod begun;
mod check;
mod checkpoint;
mod documents;
mod durable;
mod expired;
mod ledger;
mod numbers;
mod prepared;
mod rules;
#[cfg(test)]
mod tests;
mod waiting;
mod work;

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use domain::Timestamp;
use ports::{Clock, Commit, Unavailable, store::CommitError};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::{
    checkpoint::Checkpoints,
    durable::{Syncer, Told},
    ledger::Ledger,
    prepared::Prepared,
    rules::Rules,
    work::Work,
};
pub(crate) use self::{
    documents::{delete_row, put_fresh},
    durable::{Durable, Reads},
    ledger::counted,
};
use crate::{
    OpenError, Options, connection,
    directory::{Directory, log_in},
    dispatch::Dispatch,
    error::unavailable,
    hot::Hot,
    mark::Mark,
    revisions::Revisions,
    space::Space,
};

/// Jobs that are handed over while the writer is busy; callers wait while there are so many.
const GATHERED: usize = 1024;

const COMMITTING: &str = "committing";

/// Handle of the writer thread.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Job that needs exclusive use of the writing connection.
type Task = Box<dyn FnOnce(&mut Work) + Send>;

type Answer = oneshot::Sender<Result<(), CommitError>>;

enum Job {
    Commit(Box<Prepared>, Answer),
    Task(Task),
    /// A transaction has become durable.
    Synced,
    Stop,
}

impl Writer {
    /// Starts the thread on `connection`, which is to the database in `directory`.
    pub(crate) fn start(
        connection: Connection,
        directory: &Directory,
        options: &Options,
        clock: Arc<dyn Clock>,
        dispatch: Arc<Dispatch>,
        hot: Arc<Hot>,
        durable: Arc<Durable>,
    ) -> Result<Self, OpenError> {
        let (jobs, gathered) = mpsc::channel(GATHERED);
        let mut connection = connection;
        connection::leave_syncing(&connection)?;
        let checkpoints = Checkpoints::start(&mut connection, &directory.database())?;
        let revisions = Revisions::open(&connection)?;
        let path = directory.path();
        let count = counted(&connection)?;
        let mark = Mark::open(path, count)
            .map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        let told = Told {
            hot: Arc::clone(&hot),
            dispatch: Arc::clone(&dispatch),
            clock: Arc::clone(&clock),
            durable: Arc::clone(&durable),
        };
        let syncer = Syncer::start(&log_in(path), mark, told, jobs.downgrade())?;
        let figures = Arc::clone(&options.figures);
        let work = Work {
            connection,
            revisions,
            ledger: Ledger::new(count),
            space: Space::watch(path, options.free_space_mark, figures),
            rules: Rules::of(options),
            erase_soon: false,
            clock,
            dispatch,
            hot,
            durable,
            syncer,
            checkpoints,
        };
        let thread = spawn_thread("store-writer", move || work.run(gathered))?;
        Ok(Self { jobs: Some(jobs), thread: Mutex::new(Some(thread)) })
    }

    /// Commits, and returns once that is durable.
    pub(crate) async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let prepared = Prepared::from(commit)?;
        if prepared.is_empty() {
            return Ok(());
        }
        let (answer, answered) = oneshot::channel();
        self.hand_over(Job::Commit(Box::new(prepared), answer)).await?;
        answered.await.map_err(|_| closed())?
    }

    /// Removes up to `most` documents that have expired by `now`; returns their number.
    pub(crate) async fn sweep(&self, now: Timestamp, most: usize) -> Result<usize, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let task = move |work: &mut Work| {
            _ = answer.send(work.sweep(now, most));
        };
        self.hand_over(Job::Task(Box::new(task))).await?;
        answered.await.map_err(|_| closed())?.map_err(unavailable("sweeping"))
    }

    /// Runs `task` in a transaction of its own.
    #[cfg(test)]
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        what: &'static str,
        task: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.transact_puts(what, 0, move |connection, _| task(connection)).await
    }

    /// Runs `task`, which puts at most `puts` documents, in a transaction of its own.
    pub(crate) async fn transact_puts<T: Send + 'static>(
        &self,
        what: &'static str,
        puts: usize,
        task: impl FnOnce(&Connection, &mut Revisions) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let task = move |work: &mut Work| {
            // The receiver is gone if the caller was dropped.
            _ = answer.send(work.transact(puts, task));
        };
        self.hand_over(Job::Task(Box::new(task))).await?;
        answered.await.map_err(|_| closed())?.map_err(unavailable(what))
    }

    /// Empties the write-ahead log if something that was deleted is to be erased from it.
    pub(crate) async fn erase(&self) -> Result<(), Unavailable> {
        let (answer, answered) = oneshot::channel();
        let task = move |work: &mut Work| {
            work.erase();
            _ = answer.send(());
        };
        self.hand_over(Job::Task(Box::new(task))).await?;
        answered.await.map_err(|_| closed())
    }

    /// Finishes the jobs that were handed over, moves everything into the database file, and ends.
    pub(crate) async fn stop(&self) {
        // An error means that the thread has ended already.
        _ = self.hand_over(Job::Stop).await;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }

    async fn hand_over(&self, job: Job) -> Result<(), Unavailable> {
        let Some(jobs) = &self.jobs else { return Err(closed()) };
        jobs.send(job).await.map_err(|_| closed())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // The directory's lock is released after this: nothing may write any more by then.
        thread.map(JoinHandle::join);
    }
}

/// Starts a thread; its name is what the operating system's tools show.
fn spawn_thread(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map_err(OpenError::Thread)
}

fn closed() -> Unavailable {
    Unavailable::new(COMMITTING, "the store is closed")
}
