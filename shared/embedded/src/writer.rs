//! Writer: the one thread that writes to the database.
//!
//! It commits everything that has gathered since its last commit as one transaction, so that one
//! `fsync` makes all of it durable. Nothing waits for more to gather: while one batch is being made
//! durable the next one gathers by itself.

mod apply;
mod check;
mod checkpoint;
mod documents;
mod prepared;
#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use domain::Timestamp;
use ports::{
    Clock, Commit, Unavailable,
    queue::{Message, Receipt},
    store::{CommitError, Document, Key},
};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::documents::{delete_row, put_fresh};
use self::{checkpoint::Checkpoints, prepared::Prepared};
use crate::{
    OpenError,
    dispatch::{Dispatch, Now},
    error::unavailable,
    hot::Hot,
    revisions::Revisions,
};

/// Largest number of commits in one transaction, so that none waits long.
const BATCH: usize = 512;
/// Size of bodies in bytes after which a transaction takes no more commits.
const BATCH_BYTES: usize = 4 << 20;
/// Length of the queue of commits; callers wait while it is full.
const GATHERED: usize = 1024;

const COMMITTING: &str = "committing";

/// Handle of the writer thread.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Job that needs exclusive use of the writing connection.
type Task = Box<dyn FnOnce(&mut Connection, &mut Revisions) + Send>;

type Answer = oneshot::Sender<Result<(), CommitError>>;

enum Job {
    Commit(Box<Prepared>, Answer),
    Task(Task),
    Stop,
}

impl Writer {
    /// Starts the thread on `connection`, which is to the database in `file`.
    pub(crate) fn start(
        connection: Connection,
        file: &Path,
        clock: Arc<dyn Clock>,
        dispatch: Arc<Dispatch>,
        hot: Arc<Hot>,
    ) -> Result<Self, OpenError> {
        let (jobs, gathered) = mpsc::channel(GATHERED);
        let mut connection = connection;
        let checkpoints = Checkpoints::start(&mut connection, file)?;
        let revisions = Revisions::open(&connection)?;
        let work = Work { connection, revisions, clock, dispatch, hot, checkpoints };
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

    /// Runs `task` in a transaction of its own.
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
        let task = move |connection: &mut Connection, revisions: &mut Revisions| {
            let set_aside = revisions.set_aside(connection, puts);
            let done = set_aside.and_then(|()| {
                in_transaction(connection, |connection| task(connection, revisions))
            });
            // The receiver is gone if the caller was dropped.
            _ = answer.send(done);
        };
        self.hand_over(Job::Task(Box::new(task))).await?;
        answered.await.map_err(|_| closed())?.map_err(unavailable(what))
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

fn in_transaction<T>(
    connection: &mut Connection,
    task: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let done = task(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// State that the writer thread owns.
struct Work {
    connection: Connection,
    revisions: Revisions,
    clock: Arc<dyn Clock>,
    dispatch: Arc<Dispatch>,
    hot: Arc<Hot>,
    checkpoints: Checkpoints,
}

/// Commits that share a transaction.
type Batch = Vec<(Box<Prepared>, Answer)>;

/// Results of the commits of a batch, and the batch's effects outside the database.
type Applied = (Vec<Result<(), CommitError>>, Effects);

/// Effects of a batch outside the database.
#[derive(Default)]
struct Effects {
    arrived: Vec<Message>,
    finished: Vec<Receipt>,
    documents: Vec<(Key, Option<Document>)>,
}

impl Work {
    fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(job) = jobs.blocking_recv() {
            let mut batch = Batch::new();
            let left_over = gather(job, &mut jobs, &mut batch);
            if !batch.is_empty() {
                self.commit(batch);
            }
            match left_over {
                Some(Job::Task(task)) => self.run_task(task),
                Some(Job::Stop) => break,
                Some(Job::Commit(..)) | None => {}
            }
            self.checkpoints.keep_up(&self.connection);
        }
        jobs.close();
        self.checkpoints.finish(&self.connection);
    }

    /// Runs a task that may change any document.
    fn run_task(&mut self, task: Task) {
        self.hot.clear();
        task(&mut self.connection, &mut self.revisions);
        self.hot.clear();
    }

    /// Applies `batch` in one transaction.
    fn apply(&mut self, batch: &Batch, now: Timestamp) -> rusqlite::Result<Applied> {
        let writes = batch.iter().map(|(commit, _)| commit.writes.len()).sum();
        self.revisions.set_aside(&self.connection, writes)?;
        in_transaction(&mut self.connection, |connection| {
            let applied = apply_all(connection, batch, now, &self.dispatch, &mut self.revisions)?;
            // Mark the documents as changing before anybody can see the new ones.
            self.hot.changing(applied.1.documents.iter().map(|(key, _)| key));
            Ok(applied)
        })
    }

    fn commit(&mut self, batch: Batch) {
        let now = Now { wall: self.clock.now(), monotonic: self.clock.monotonic() };
        let done = self.apply(&batch, now.wall);
        match done {
            Ok((outcomes, effects)) => {
                self.hot.committed(effects.documents);
                self.dispatch.committed(effects.arrived, &effects.finished, now);
                for ((_, answer), outcome) in batch.into_iter().zip(outcomes) {
                    _ = answer.send(outcome);
                }
            }
            Err(why) => {
                self.hot.abandoned();
                tracing::error!(%why, commits = batch.len(), "a batch of commits failed");
                let why = Unavailable::new(COMMITTING, why);
                for (_, answer) in batch {
                    _ = answer.send(Err(why.clone().into()));
                }
            }
        }
    }
}

/// Moves gathered commits into `batch`, up to a job of another kind, which it returns.
fn gather(first: Job, jobs: &mut mpsc::Receiver<Job>, batch: &mut Batch) -> Option<Job> {
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(job) = next {
        let Job::Commit(commit, answer) = job else { return Some(job) };
        bytes += commit.bytes;
        batch.push((commit, answer));
        if batch.len() >= BATCH || bytes >= BATCH_BYTES {
            return None;
        }
        next = jobs.try_recv().ok();
    }
    None
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
    Ok((outcomes, effects))
}
