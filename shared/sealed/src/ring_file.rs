//! Key ring in a file that only its owner can read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use ports::Ids;
use zeroize::Zeroizing;

use crate::key_ring::{KeyRing, NotAKeyRing};

/// Permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Behaviour when the file is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// Create a ring: nothing has been sealed yet.
    Create,
    /// Refuse: there is a database, and a new ring would open none of its secrets.
    Refuse,
}

/// Reason why a file gave no key ring.
#[derive(Debug, thiserror::Error)]
pub enum RingFileError {
    /// The file is missing, and must not be created.
    #[error(
        "the key ring {} is missing, and without it no secret in the database can be read: put it \
         back from where you back it up", .0.display()
    )]
    Missing(PathBuf),
    /// Other users can read or change the file.
    #[error("the key ring {} is open to others (mode {mode:03o}): chmod 600 it", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Permissions of the file.
        mode: u32,
    },
    /// The content is not a key ring.
    #[error("{} can't be used as a key ring: put it back from where you back it up", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Error of the key ring.
        source: NotAKeyRing,
    },
    /// The file system refused an operation.
    #[error("can't {what} {}", .path.display())]
    Io {
        /// Operation.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
}

/// Reads the key ring from the file `path`, creating it first if that is needed and allowed. Does
/// blocking I/O.
///
/// # Errors
/// [`RingFileError`] is for the operator: it says what to do. An existing file is never replaced.
pub fn load_or_create(
    path: &Path,
    if_missing: IfMissing,
    ids: &dyn Ids,
) -> Result<KeyRing, RingFileError> {
    match (load(path), if_missing) {
        (Err(RingFileError::Missing(_)), IfMissing::Create) => {
            create(path, &KeyRing::generate(ids), ids)?;
            // The file can also come from another process, which was faster.
            load(path)
        }
        (loaded, _) => loaded,
    }
}

/// Replaces the file `path` by `ring`. Does blocking I/O.
///
/// # Errors
/// [`RingFileError::Io`]; the file is then unchanged.
pub fn replace(path: &Path, ring: &KeyRing, ids: &dyn Ids) -> Result<(), RingFileError> {
    let draft = draft_beside(path, ids);
    write_durably(&draft, ring)?;
    fs::rename(&draft, path).map_err(failed("replace", path))?;
    sync_folder_of(path)
}

/// Changes the ring in the file `path`, and returns it. No two processes do this at once. The file
/// has the one ring or the other at any moment, whenever the machine fails. Does blocking I/O.
///
/// # Errors
/// The error of `change`, or [`RingFileError`]; the file is then unchanged.
pub fn change<E: From<RingFileError>>(
    path: &Path,
    ids: &dyn Ids,
    change: impl FnOnce(&mut KeyRing) -> Result<(), E>,
) -> Result<KeyRing, E> {
    let folder = folder_of(path);
    // Released however the process ends; the file itself is another one after each change.
    let turn = File::open(folder).map_err(failed("open", folder))?;
    turn.lock().map_err(failed("lock", folder))?;
    let mut ring = load(path)?;
    change(&mut ring)?;
    replace(path, &ring, ids)?;
    Ok(ring)
}

/// Reads the key ring from the file `path`. Does blocking I/O.
///
/// # Errors
/// [`RingFileError`].
pub fn load(path: &Path) -> Result<KeyRing, RingFileError> {
    let mut file = File::open(path).map_err(|why| match why.kind() {
        ErrorKind::NotFound => RingFileError::Missing(path.to_owned()),
        _ => failed("open", path)(why),
    })?;
    let mode = file.metadata().map_err(failed("look at", path))?.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(RingFileError::Exposed { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(failed("read", path))?;
    KeyRing::parse(&text)
        .map_err(|source| RingFileError::Unusable { path: path.to_owned(), source })
}

/// Writes `ring` beside `path` and links it there, so that the file is complete or missing, and one
/// that is already there stays.
fn create(path: &Path, ring: &KeyRing, ids: &dyn Ids) -> Result<(), RingFileError> {
    let draft = draft_beside(path, ids);
    let linked = write_durably(&draft, ring).and_then(|()| link(&draft, path));
    // Removed in either case: half a draft is of no use, and a whole one is a second copy of the
    // keys.
    let removed = fs::remove_file(&draft).map_err(failed("remove", &draft));
    linked?;
    removed?;
    sync_folder_of(path)
}

fn draft_beside(path: &Path, ids: &dyn Ids) -> PathBuf {
    let mut suffix = [0; 8];
    ids.fill(&mut suffix);
    path.with_added_extension(format!("{:016x}.new", u64::from_be_bytes(suffix)))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn sync_folder_of(path: &Path) -> Result<(), RingFileError> {
    let folder = folder_of(path);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("sync", folder))
}

fn write_durably(path: &Path, ring: &KeyRing) -> Result<(), RingFileError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed("create", path))?;
    file.write_all(ring.text().expose().as_bytes()).map_err(failed("write", path))?;
    file.sync_all().map_err(failed("sync", path))
}

fn link(draft: &Path, path: &Path) -> Result<(), RingFileError> {
    match fs::hard_link(draft, path) {
        Err(why) if why.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked.map_err(failed("create", path)),
    }
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RingFileError {
    let path = path.to_owned();
    move |source| RingFileError::Io { what, path, source }
}
