//! Check of a whole database and its log.

use std::path::Path;

use ports::{ReadError, store::Scope};
use rusqlite::Connection;

use crate::{
    BackupError, Embedded,
    backup::open_source,
    directory::{exposed, log_in, unused},
    integrity::{HAS_CHECKSUMS, damage, missing},
    mark, schema, wal,
};

/// Result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Everything that is wrong, in words; at most twenty of a kind.
    pub problems: Vec<String>,
}

impl Embedded {
    /// Checks the database in `directory` and its log, without changing anything. Any process may do
    /// this while another has the directory open. Blocks for as long as it takes to read everything.
    ///
    /// # Errors
    /// When there is no database of Latchhook in it.
    pub fn check(directory: &Path) -> Result<Checked, BackupError> {
        let log = log_in(directory);
        let failed = |source| BackupError::Target { path: log.clone(), source };
        let mut problems = Vec::new();
        // The mark before the database: a server that runs is never behind what it had marked.
        let marked = mark::read(directory).map_err(failed)?;
        if let Some(mode) = exposed(directory).map_err(failed)? {
            problems
                .push(format!("the directory is open to others (mode {mode:03o}): chmod 700 it"));
        }
        let lock = unused(directory);
        // The log of a server that runs changes under the eyes, and was looked at when that started.
        if lock.is_some()
            && let Some(frame) = wal::damaged_frame(&log).map_err(failed)?
        {
            problems.push(format!("the write-ahead log is damaged at frame {frame}"));
        }
        let connection = match open_source(directory) {
            Err(BackupError::NoDatabase { .. }) if marked.is_some() || !problems.is_empty() => {
                problems.push("the database is missing, or its first page is damaged".to_owned());
                return Ok(Checked { problems });
            }
            opened => opened?,
        };
        let version = schema::vet(&connection, directory)?;
        if version >= HAS_CHECKSUMS
            && let Some(missing) = missing(&connection, marked)?
        {
            problems.push(format!("the last {missing} commits that were acknowledged are missing"));
        }
        problems.extend(damage(&connection, version));
        Ok(Checked { problems })
    }

    /// Checks the database while it is in use, on a thread of its own, and counts what is found in
    /// [`Figures`](crate::Figures). Commits go on; the log grows meanwhile.
    ///
    /// # Errors
    /// When the store is closed.
    pub async fn check_again(&self) -> Result<Checked, ReadError> {
        let check = |connection: &Connection| Ok(damage(connection, HAS_CHECKSUMS));
        let problems =
            self.inner.readers.long(Scope::Installation, "checking the database", check).await?;
        self.inner.figures.found_damaged(problems.len());
        Ok(Checked { problems })
    }
}
