//! Backups: copies of the database while it is in use.

use std::{
    fs::{Metadata, Permissions},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
};

use rusqlite::Connection;
use tempfile::NamedTempFile;

use crate::{
    BackupError, Embedded, OpenError, connection,
    directory::{database_in, sync, unused},
    mark, schema, sound,
};

/// Page cache for copying, in bytes.
const CACHE: usize = 32 << 20;

impl Embedded {
    /// Writes a copy of the database in `directory` to `target`, as it is at one moment, and
    /// returns once that is durable. `target` must not exist; it is there whole or not at all, and only
    /// its owner can read it.
    ///
    /// The copy is written anew, row by row, so nothing that was deleted is in it, not in free pages
    /// either. Any process may do this while another has the directory open. Blocks for as long as the
    /// copy takes; no commit waits for it, but the write-ahead log grows meanwhile.
    ///
    /// # Errors
    /// When there is no database of Latchhook, something is at `target`, or the copy can't be made.
    pub fn backup(directory: &Path, target: &Path) -> Result<(), BackupError> {
        let source = open_whole(directory)?;
        let failed = |source| BackupError::Target { path: target.to_owned(), source };
        let exists = || BackupError::Exists { path: target.to_owned() };
        let name = target.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        if target.symlink_metadata().is_ok() {
            return Err(exists());
        }
        let folder = folder_of(target);
        // Under a name of its own, which is created and never opened: a file or link that somebody put
        // there can't be meant. Removed when this returns early.
        let unfinished = tempfile::Builder::new()
            .prefix(name)
            .suffix(".unfinished")
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(folder)
            .map_err(failed)?;
        copy(&source, &unfinished)?;
        unfinished.as_file().sync_all().map_err(failed)?;
        unfinished.persist_noclobber(target).map_err(|why| match why.error.kind() {
            io::ErrorKind::AlreadyExists => exists(),
            _ => failed(why.error),
        })?;
        sync(folder).map_err(failed)
    }
}

/// Opens the database in `directory` for a copy, unless commits that were acknowledged are missing from
/// it.
fn open_whole(directory: &Path) -> Result<Connection, BackupError> {
    let failed = |source| OpenError::Directory { path: directory.to_owned(), source };
    let marked = mark::read(directory).map_err(failed)?;
    if let Some(_unused) = unused(directory) {
        sound::expect_log(directory)?;
    }
    let source = open_source(directory)?;
    sound::expect_commits(&source, directory, marked)?;
    Ok(source)
}

/// Opens the database in `directory` for a look at it or a copy.
pub(crate) fn open_source(directory: &Path) -> Result<Connection, BackupError> {
    let none = || BackupError::NoDatabase { path: directory.to_owned() };
    let file = database_in(directory);
    // SQLite deletes the log beside an empty database, and with it what could be restored.
    if !file.metadata().is_ok_and(|file| file.is_file() && file.len() > 0) {
        return Err(none());
    }
    let source = connection::visitor(&file, CACHE).map_err(|why| schema::refusal(why, &file));
    match source.and_then(|source| Ok((schema::vet(&source, &file)?, source))) {
        Ok((version, source)) if version > 0 => Ok(source),
        Ok(_) | Err(OpenError::NotOurs { .. }) => Err(none()),
        Err(why) => Err(why.into()),
    }
}

fn copy(source: &Connection, unfinished: &NamedTempFile) -> Result<(), BackupError> {
    let failed = |source| BackupError::Target { path: unfinished.path().to_owned(), source };
    let path =
        unfinished.path().to_str().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
    // SQLite takes an empty file that is there, and leaves no log beside it.
    source.execute("VACUUM INTO ?1", [path])?;
    let of = |file: io::Result<Metadata>| file.map(|file| (file.dev(), file.ino())).map_err(failed);
    if of(std::fs::symlink_metadata(path))? == of(unfinished.as_file().metadata())? {
        return Ok(());
    }
    Err(failed(io::Error::other("another file was put in its place")))
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
