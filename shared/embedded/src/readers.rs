//! Pool of reading connections.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ports::{ReadError, Unavailable, store::Scope};
use rusqlite::Connection;
use turns::Turns;

use crate::{
    connection,
    error::{unavailable, unread},
    writer::{Durable, Reads},
};

/// Number of idle connections that are kept; each has its page cache.
const KEPT: usize = 4;

/// Number of long reads of accounts at a time. Each holds a connection, and keeps the log from being
/// cut.
const LONG: usize = 4;

/// Number of long reads of one account at a time: its history can be as long as it likes, and takes
/// one thread at most.
const LONG_OF_ONE: usize = 1;

/// Number of long reads of the installation at a time, which replays and lists of accounts are.
const LONG_OF_ALL: usize = 2;

/// Pool of reading connections that grows with the number of concurrent reads and shrinks
/// afterwards.
#[derive(Debug)]
pub(crate) struct Readers {
    pool: Arc<Pool>,
    durable: Arc<Durable>,
    accounts: Arc<Turns<Scope>>,
    installation: Arc<Turns<Scope>>,
}

#[derive(Debug)]
struct Pool {
    file: PathBuf,
    cache: usize,
    /// Idle connections; `None` once the pool is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    /// Creates a pool for the database in `file`, with `cache` bytes of page cache per connection.
    pub(crate) fn new(file: PathBuf, cache: usize, durable: Arc<Durable>) -> Self {
        let pool = Arc::new(Pool { file, cache, idle: Mutex::new(Some(Vec::new())) });
        let accounts = Turns::new(LONG, LONG_OF_ONE, 1);
        Self { pool, durable, accounts, installation: Turns::new(LONG_OF_ALL, LONG_OF_ALL, 1) }
    }

    /// Reads on the calling thread, for reads that take microseconds. Returns once what was read is
    /// durable.
    pub(crate) async fn short<T>(
        &self,
        reads: Reads<'_>,
        what: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ReadError> {
        let found = self.pool.read(what, read)?;
        self.durable.seen(reads).await?;
        Ok(found)
    }

    /// Reads on a thread that may block: what belongs to the account `scope`, or anything. Returns once what was read is durable.
    pub(crate) async fn long<T: Send + 'static>(
        &self,
        scope: Scope,
        what: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let (turn, reads) = match scope {
            Scope::Account(_) => (self.accounts.take(scope).await, Reads::Of(scope)),
            Scope::Installation => (self.installation.take(scope).await, Reads::Anything),
        };
        let pool = Arc::clone(&self.pool);
        // The thread holds the turn: it goes on when nobody waits for its answer any more.
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            pool.read(what, read)
        });
        let found = read.await.map_err(unavailable(what))??;
        self.durable.seen(reads).await?;
        Ok(found)
    }

    /// Closes the idle connections, and the others as soon as they are no longer used.
    pub(crate) fn close(&self) {
        *self.pool.idle() = None;
    }
}

impl Pool {
    fn read<T>(
        &self,
        what: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ReadError> {
        let connection = self.take(what)?;
        // A connection that failed is not used again.
        let found = read(&connection).map_err(unread(what))?;
        if let Some(idle) = &mut *self.idle()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
        Ok(found)
    }

    fn take(&self, what: &'static str) -> Result<Connection, Unavailable> {
        let idle = match &mut *self.idle() {
            Some(idle) => idle.pop(),
            None => return Err(Unavailable::new(what, "the store is closed")),
        };
        match idle {
            Some(connection) => Ok(connection),
            None => connection::reader(&self.file, self.cache).map_err(unavailable(what)),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
