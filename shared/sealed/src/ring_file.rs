//! The key ring in a file that only its owner reads.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use ports::Ids;
use zeroize::Zeroizing;

use crate::key_ring::{KeyRing, NotAKeyRing};

/// Permissions of anybody but the owner.
const OTHERS: u32 = 0o077;

/// What to do when there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// Make one: there is nothing yet that another ring has sealed.
    Create,
    /// Refuse: a database is there, and a new ring would open none of its secrets.
    Refuse,
}

/// Why there is no key ring to be had from a file.
#[derive(Debug, thiserror::Error)]
pub enum RingFileError {
    /// It is not there, and must not be made.
    #[error(
        "the key ring {} is missing, and without it no secret in the database can be read: put it \
         back from where you back it up", .0.display()
    )]
    Missing(PathBuf),
    /// Somebody else can read or change it.
    #[error("the key ring {} is open to others (mode {mode:03o}): chmod 600 it", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Its content is no key ring.
    #[error("{} can't be used as a key ring: put it back from where you back it up", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: NotAKeyRing,
    },
    /// The file system refuses.
    #[error("can't {what} {}", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

/// The key ring in the file `path`, made there first if need be and allowed. Does blocking I/O.
///
/// # Errors
/// [`RingFileError`] is for the operator: it says what to do. A file that is there is never
/// replaced.
pub fn load_or_create(
    path: &Path,
    if_missing: IfMissing,
    ids: &dyn Ids,
) -> Result<KeyRing, RingFileError> {
    match (load(path), if_missing) {
        (Err(RingFileError::Missing(_)), IfMissing::Create) => {
            create(path, &KeyRing::generate(ids), ids)?;
            // What is there now can also be of another process, which was faster.
            load(path)
        }
        (loaded, _) => loaded,
    }
}

/// Puts `ring` into the file `path`, in the place of one that is there. Does blocking I/O.
///
/// # Errors
/// [`RingFileError::Io`]; the file is then as it was.
pub fn replace(path: &Path, ring: &KeyRing, ids: &dyn Ids) -> Result<(), RingFileError> {
    let draft = draft_beside(path, ids);
    write_durably(&draft, ring)?;
    fs::rename(&draft, path).map_err(failed("replace", path))?;
    sync_folder_of(path)
}

fn load(path: &Path) -> Result<KeyRing, RingFileError> {
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

/// Writes `ring` beside `path` and links it there, so that the file is there whole or not at all,
/// and one that is already there wins.
fn create(path: &Path, ring: &KeyRing, ids: &dyn Ids) -> Result<(), RingFileError> {
    let draft = draft_beside(path, ids);
    let linked = write_durably(&draft, ring).and_then(|()| link(&draft, path));
    // Gone either way: half a draft is of no use, and a whole one is a second copy of the keys.
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

fn sync_folder_of(path: &Path) -> Result<(), RingFileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
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
