//! Errors of the embedded backend.

use std::{io, path::PathBuf};

use ports::Unavailable;

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
    /// The file is not a Latchhook database, or is damaged.
    #[error("{file} is not a Latchhook database", file = file.display())]
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
pub(crate) fn unavailable<E: std::fmt::Display>(
    what: &'static str,
) -> impl FnOnce(E) -> Unavailable {
    move |why| Unavailable::new(what, why)
}
