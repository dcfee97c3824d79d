//! Data directory, claimed by one process.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::OpenError;

/// Permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;
/// Names of the files that may be there before the first database.
const FIRST: [&str; 2] = ["operator-token.sha256", LOCK];
/// Name of the file that a process locks while it has the directory.
const LOCK: &str = "latchhook.lock";

/// Data directory that no other process uses while this value lives.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// Lock, which the operating system releases however the process ends.
    _lock: File,
}

impl Directory {
    /// Creates the data directory `path` if it doesn't exist, and claims it. Its database is created
    /// only if nothing says that there has been one.
    pub(crate) fn claim(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        }
        be_private(path)?;
        let lock = private_file(&path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        if size_of(&database_in(path)).map_err(unusable)? == 0 {
            never_used(path, &[ring_in(path), log_in(path), mark_in(path)])?;
            private_file(&database_in(path)).map_err(unusable)?;
            // Later files of the directory are evidence that this one was there.
            sync(path).map_err(unusable)?;
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Returns the path of the directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses the directory, whose database has no tables yet, if something says that it had. The log
    /// may have been begun.
    pub(crate) fn expect_new(&self) -> Result<(), OpenError> {
        never_used(&self.path, &[ring_in(&self.path), mark_in(&self.path)])
    }

    /// Returns the path of the database file.
    pub(crate) fn database(&self) -> PathBuf {
        database_in(&self.path)
    }
}

/// Keeps other processes out of the data directory `path` as long as the returned file is open; `None`
/// if one has it.
pub(crate) fn unused(path: &Path) -> Option<File> {
    let lock = File::open(path.join(LOCK)).ok()?;
    lock.try_lock().is_ok().then_some(lock)
}

/// Returns the path of the database file of the data directory `path`.
pub(crate) fn database_in(path: &Path) -> PathBuf {
    path.join("latchhook.db")
}

/// Returns the path of the write-ahead log beside the database in `path`.
pub(crate) fn log_in(path: &Path) -> PathBuf {
    path.join("latchhook.db-wal")
}

/// Returns the path of the file that counts the commits of the data directory `path`.
pub(crate) fn mark_in(path: &Path) -> PathBuf {
    path.join("latchhook.mark")
}

/// Returns the path of the key ring's file in the data directory `path`. Written by the vault; here
/// it is evidence that the directory had a database.
#[must_use]
pub fn ring_in(path: &Path) -> PathBuf {
    path.join("key-ring")
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

/// Refuses the directory `path` if others than its owner may look into it: it holds the key ring, and
/// whatever is not sealed. An empty one, which somebody made for us, is closed to them instead.
fn be_private(path: &Path) -> Result<(), OpenError> {
    let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
    let mode = mode_of(path).map_err(unusable)?;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    for file in fs::read_dir(path).map_err(unusable)? {
        if !FIRST.iter().any(|first| file.as_ref().is_ok_and(|file| file.file_name() == *first)) {
            return Err(OpenError::Exposed { path: path.to_owned(), mode });
        }
    }
    fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(unusable)
}

/// Returns the permissions of the directory `path` if others than its owner may look into it.
pub(crate) fn exposed(path: &Path) -> io::Result<Option<u32>> {
    Ok(Some(mode_of(path)?).filter(|mode| mode & OTHERS != 0))
}

fn mode_of(path: &Path) -> io::Result<u32> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}

/// Refuses the directory `path`, which has no database, if one of the files `beside` was written beside
/// one. An empty database in its place would look like a new installation.
fn never_used(path: &Path, beside: &[PathBuf]) -> Result<(), OpenError> {
    let unusable = |source| OpenError::Directory { path: path.to_owned(), source };
    for beside in beside {
        if size_of(beside).map_err(unusable)? > 0 {
            let (file, beside) = (database_in(path), beside.clone());
            return Err(OpenError::DatabaseMissing { file, beside });
        }
    }
    Ok(())
}

/// Returns the size of the file `path` in bytes; none counts as empty.
fn size_of(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(file) => Ok(file.len()),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(0),
        Err(why) => Err(why),
    }
}
