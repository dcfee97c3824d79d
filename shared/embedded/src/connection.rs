//! Connections and their settings.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::checksum;

/// Bytes of a database page. A commit writes whole pages, so small ones are cheaper at low rates;
/// measured with `tests/benches`, 8192 and 16384 were no faster at high rates either.
pub(crate) const PAGE: u32 = 4096;

/// Size limit in bytes to which the write-ahead log is truncated whenever it starts anew.
const LOG_KEPT: u32 = 64 << 20;

/// Number of prepared statements cached per connection; enough for every distinct statement.
const STATEMENTS: usize = 64;

/// Longest wait for a lock that another process holds, such as a backup that opens the database.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Writes the database anew. Its temporary copy is a file, since it may be larger than memory.
pub(crate) const VACUUM: &str = "PRAGMA temp_store = file; VACUUM; PRAGMA temp_store = memory;";

/// Opens `file` for the writer, with `cache` bytes of page cache. Writes nothing to it yet.
pub(crate) fn writer(file: &Path, cache: usize) -> rusqlite::Result<Connection> {
    let connection = open(file, cache)?;
    connection.pragma_update(None, "synchronous", "full")?;
    // The checkpointer does it, beside the writer.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
    // What is deleted is overwritten with zeros, in its page and in pages that become free.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    // Not before the log is known to be whole: closing would move its sound part and delete the rest.
    leave_log(&connection, true)?;
    Ok(connection)
}

/// Leaves it to the caller to sync the log after each commit of `connection`. Checkpoints sync as before.
/// A transaction stays in memory until it is committed, so that the log doesn't go on before that.
pub(crate) fn leave_syncing(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "cache_spill", false)
}

/// Sets whether the log stays as it is when the last connection to the database is closed.
pub(crate) fn leave_log(connection: &Connection, leave: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave).map(drop)
}

/// Switches the database, which may not have been written yet, to a write-ahead log.
pub(crate) fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
}

/// Opens `file` for reading only, with `cache` bytes of page cache.
pub(crate) fn reader(file: &Path, cache: usize) -> rusqlite::Result<Connection> {
    let connection = open(file, cache)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Opens `file` beside or instead of its server, to look at it or to copy it, with `cache` bytes of
/// page cache. Leaves every file as it is.
pub(crate) fn visitor(file: &Path, cache: usize) -> rusqlite::Result<Connection> {
    let connection = open(file, cache)?;
    leave_log(&connection, true)?;
    Ok(connection)
}

/// Opens `file` to move its write-ahead log into it.
pub(crate) fn checkpointer(file: &Path) -> rusqlite::Result<Connection> {
    let connection = open(file, 1 << 20)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

fn open(file: &Path, cache: usize) -> rusqlite::Result<Connection> {
    // Never creates: the directory made the file, with the right mode.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Query plans depend on the statement only, never on its values; otherwise each new bound of a
    // list would compile the statement anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // A page whose cells can't be is an error, not a surprise.
    connection.pragma_update(None, "cell_size_check", true)?;
    checksum::register(&connection)?;
    let kibibytes = i64::try_from(cache / 1024).unwrap_or(i64::MAX);
    // Negative: SQLite's way to say kibibytes, not pages.
    connection.pragma_update(None, "cache_size", -kibibytes)?;
    Ok(connection)
}
