//! Refusals at the start: of a log, a database or both together that are not what was written.

use std::path::Path;

use rusqlite::Connection;

use crate::{
    OpenError,
    directory::{Directory, database_in, log_in},
    integrity::{HAS_CHECKSUMS, damage, missing},
    mark, schema, wal,
};

/// Refuses a write-ahead log that is damaged in its middle. To be asked before SQLite reads it.
pub(crate) fn expect_log(directory: &Path) -> Result<(), OpenError> {
    let log = log_in(directory);
    match wal::damaged_frame(&log).map_err(|source| unusable(directory, source))? {
        Some(frame) => Err(OpenError::LogDamaged { log, frame }),
        None => Ok(()),
    }
}

/// Refuses a database that lacks commits which were acknowledged: fewer than `marked` of them.
pub(crate) fn expect_commits(
    connection: &Connection,
    directory: &Path,
    marked: Option<u64>,
) -> Result<(), OpenError> {
    let file = database_in(directory);
    if schema::vet(connection, &file)? < HAS_CHECKSUMS {
        return Ok(());
    }
    match missing(connection, marked)? {
        Some(missing) => Err(OpenError::CommitsMissing { file, missing }),
        None => Ok(()),
    }
}

/// Refuses a database, of that schema version, that lacks commits which were acknowledged, or is damaged.
/// Looks at everything in it if it has no more than `check_up_to` bytes.
pub(crate) fn expect_database(
    connection: &Connection,
    version: usize,
    directory: &Directory,
    check_up_to: u64,
) -> Result<(), OpenError> {
    if version == 0 {
        return directory.expect_new();
    }
    let (file, path) = (directory.database(), directory.path());
    let marked = mark::read(path).map_err(|source| unusable(path, source))?;
    expect_commits(connection, path, marked)?;
    let size = file.metadata().map_err(|source| unusable(path, source))?.len();
    if size > check_up_to {
        return Ok(());
    }
    let mut damage = damage(connection, version).into_iter();
    match damage.next() {
        Some(first) => Err(OpenError::Damaged { file, first, others: damage.count() }),
        None => Ok(()),
    }
}

fn unusable(path: &Path, source: std::io::Error) -> OpenError {
    OpenError::Directory { path: path.to_owned(), source }
}
