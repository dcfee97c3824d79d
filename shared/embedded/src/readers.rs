//! The connections that read.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use ports::Unavailable;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::{connection, error::unavailable};

/// Idle connections that are kept; each has its page cache.
const KEPT: usize = 4;

/// Long reads at a time. Each holds a connection, and keeps the log from being cut.
const LONG: usize = 4;

/// A pool of reading connections that grows with what runs at a time and shrinks afterwards.
#[derive(Debug)]
pub(crate) struct Readers {
    pool: Arc<Pool>,
    long: Semaphore,
}

#[derive(Debug)]
struct Pool {
    file: PathBuf,
    cache: usize,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Readers of the database in `file`, with `cache` bytes of page cache each.
    pub(crate) fn new(file: PathBuf, cache: usize) -> Self {
        let pool = Arc::new(Pool { file, cache, idle: Mutex::default() });
        Self { pool, long: Semaphore::new(LONG) }
    }

    /// Reads on the calling thread: for what takes microseconds.
    pub(crate) fn short<T>(
        &self,
        what: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        self.pool.read(read).map_err(unavailable(what))
    }

    /// Reads on a thread that may block.
    pub(crate) async fn long<T: Send + 'static>(
        &self,
        what: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let _turn = self.long.acquire().await.map_err(unavailable(what))?;
        let pool = Arc::clone(&self.pool);
        let read = tokio::task::spawn_blocking(move || pool.read(read));
        read.await.map_err(unavailable(what))?.map_err(unavailable(what))
    }

    /// Closes the idle connections.
    pub(crate) fn close(&self) {
        self.pool.idle().clear();
    }
}

impl Pool {
    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connection::reader(&self.file, self.cache)?,
        };
        let found = read(&connection)?;
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(found)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
