//! Errors of the embedded backend.

use std::{error::Error, io, path::PathBuf};

use ports::{Corrupt, ReadError, Unavailable};

/// Reason why a data directory can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or a file in it can't be made or read.
    #[error("can't use the data directory {path}", path = path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// Another process uses the directory.
    #[error("the data directory {path} is in use by another process", path = path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// Others than the owner may look into the directory.
    #[error(
        "the data directory {path} is open to others (mode {mode:03o}): chmod 700 it",
        path = path.display()
    )]
    Exposed {
        /// The directory.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The database is missing or empty, and other files say that there was one.
    #[error(
        "{file} is missing or empty, but {beside} was written beside one: put the database back from \
         a backup, or start with an empty directory",
        file = file.display(), beside = beside.display()
    )]
    DatabaseMissing {
        /// The database file.
        file: PathBuf,
        /// File that says so.
        beside: PathBuf,
    },
    /// The write-ahead log is damaged in its middle.
    #[error(
        "{log} is damaged at frame {frame}, and commits that were acknowledged stand behind it: nothing \
         was changed; restore a backup into an empty directory, and keep this one",
        log = log.display()
    )]
    LogDamaged {
        /// The log.
        log: PathBuf,
        /// Number of the frame.
        frame: u64,
    },
    /// The database has fewer commits than were acknowledged.
    #[error(
        "the last {missing} commits that were acknowledged are missing from {file} and its log: nothing \
         was changed; restore a backup into an empty directory, and keep this one. Only if you put an \
         older database here on purpose: delete latchhook.mark beside it",
        file = file.display()
    )]
    CommitsMissing {
        /// The database file.
        file: PathBuf,
        /// Number of missing transactions.
        missing: u64,
    },
    /// The database is damaged.
    #[error(
        "{file} is damaged: {first}{more}. Nothing was changed; `latchhook check` names everything, and a \
         backup restored into an empty directory replaces it",
        file = file.display(),
        more = if *others > 0 { format!(" (and {others} more)") } else { String::new() }
    )]
    Damaged {
        /// The database file.
        file: PathBuf,
        /// First thing that is wrong.
        first: String,
        /// Number of other things.
        others: usize,
    },
    /// The file is not a Latchhook database, or is damaged.
    #[error(
        "{file} is not a Latchhook database, or its first page is damaged; a backup restored into an \
         empty directory replaces it",
        file = file.display()
    )]
    NotOurs {
        /// The file.
        file: PathBuf,
    },
    /// The file was written by a newer Latchhook.
    #[error(
        "{file} has schema version {found}, and this Latchhook knows none above {known}: use a newer one",
        file = file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its schema version.
        found: u32,
        /// Newest schema version that this program knows.
        known: u32,
    },
    /// SQLite can't open it.
    #[error("can't open the database")]
    Sqlite(#[from] rusqlite::Error),
    /// The operating system gives no more threads.
    #[error("can't start a thread")]
    Thread(#[source] io::Error),
}

/// Reason why a backup was not made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database can't be read.
    #[error(transparent)]
    Source(#[from] OpenError),
    /// The directory has no database.
    #[error("there is no Latchhook database in {path}", path = path.display())]
    NoDatabase {
        /// The directory.
        path: PathBuf,
    },
    /// Something is at the target already.
    #[error("{path} is already there", path = path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The copy can't be written.
    #[error("can't write {path}", path = path.display())]
    Target {
        /// The file.
        path: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// SQLite can't copy it.
    #[error("can't copy the database")]
    Sqlite(#[from] rusqlite::Error),
}

/// Returns a conversion of any error into an [`Unavailable`] of `what`.
pub(crate) fn unavailable<E: Into<Box<dyn Error + Send + Sync>>>(
    what: &'static str,
) -> impl FnOnce(E) -> Unavailable {
    move |why| Unavailable::new(what, why)
}

/// Returns a conversion of SQLite's error into the error of reading `what`.
pub(crate) fn unread(what: &'static str) -> impl FnOnce(rusqlite::Error) -> ReadError {
    move |why| {
        if is_damage(&why) {
            Corrupt::new(what, why).into()
        } else {
            Unavailable::new(what, why).into()
        }
    }
}

/// Returns whether an error of SQLite says that the file or a value in it is damaged, so that the
/// next try fails as well.
pub(crate) fn is_damage(why: &rusqlite::Error) -> bool {
    use rusqlite::{Error, ErrorCode};
    match why {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..)
        | Error::InvalidColumnType(..) => true,
        other => matches!(
            other.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        ),
    }
}
