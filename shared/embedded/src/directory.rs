//! Data directory, claimed by one process.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::OpenError;

/// Data directory that no other process uses while this value lives.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// Lock, which the operating system releases however the process ends.
    _lock: File,
}

impl Directory {
    /// Creates the data directory `path` if it doesn't exist, and claims it.
    pub(crate) fn claim(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        }
        let lock = private_file(&path.join("latchhook.lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        private_file(&database_in(path)).map_err(unusable)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Returns the path of the database file.
    pub(crate) fn database(&self) -> PathBuf {
        database_in(&self.path)
    }
}

/// Returns the path of the database file of the data directory `path`.
pub(crate) fn database_in(path: &Path) -> PathBuf {
    path.join("latchhook.db")
}

/// Opens `path`, creating it with mode 0600 if it is missing; SQLite gives the files beside its
/// database the same mode.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Syncs the directory `path`, so that a rename or a new file in it survives a crash.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}
