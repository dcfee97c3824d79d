//! Backups: copies of the database while it is in use.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use crate::{
    BackupError, Embedded, OpenError, connection,
    directory::{database_in, private_file, sync},
    schema,
};

/// Page cache for copying, in bytes.
const CACHE: usize = 1 << 20;

impl Embedded {
    /// Writes a copy of the database in `directory` to `target`, as it is at one moment, and
    /// returns once that is durable; `target` is replaced whole or not at all.
    ///
    /// Any process may do this while another has the directory open. Blocks for as long as the copy
    /// takes; the write-ahead log grows meanwhile.
    ///
    /// # Errors
    /// When there is no database of Latchhook, or the copy can't be made.
    pub fn backup(directory: &Path, target: &Path) -> Result<(), BackupError> {
        let source = open_source(directory)?;
        let failed = |source| BackupError::Target { path: target.to_owned(), source };
        let unfinished =
            beside(target).ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        let copied = copy(&source, &unfinished, &failed)
            .and_then(|()| fs::rename(&unfinished, target).map_err(failed));
        if copied.is_err() {
            // The incomplete copy is useless; the first error is the one to report.
            _ = fs::remove_file(&unfinished);
        }
        copied?;
        sync(folder_of(target)).map_err(failed)
    }
}

fn open_source(directory: &Path) -> Result<Connection, BackupError> {
    let none = || BackupError::NoDatabase { path: directory.to_owned() };
    let file = database_in(directory);
    if !file.is_file() {
        return Err(none());
    }
    let source = connection::reader(&file, CACHE).map_err(|why| schema::refusal(why, &file));
    match source.and_then(|source| Ok((schema::vet(&source, &file)?, source))) {
        Ok((version, source)) if version > 0 => Ok(source),
        Ok(_) | Err(OpenError::NotOurs { .. }) => Err(none()),
        Err(why) => Err(why.into()),
    }
}

fn copy(
    source: &Connection,
    path: &Path,
    failed: &impl Fn(io::Error) -> BackupError,
) -> Result<(), BackupError> {
    private_file(path).and_then(|file| file.set_len(0)).map_err(failed)?;
    let mut target = Connection::open(path)?;
    // Copied in one step: with more, every commit in between would start the copy anew.
    while Backup::new(source, &mut target)?.step(-1)? != StepResult::Done {}
    // The backup is a single file, without a log beside it, wherever it is moved.
    target.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
    drop(target);
    private_file(path).and_then(|file| file.sync_all()).map_err(failed)
}

/// Returns a name for the unfinished copy, in the same folder so that it can be renamed.
fn beside(target: &Path) -> Option<PathBuf> {
    let mut name = target.file_name()?.to_owned();
    name.push(".unfinished");
    Some(target.with_file_name(name))
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
