//! Data directories.

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use domain::Secret;
use embedded::{Embedded, SystemClock, SystemIds};
use ports::{Clock, Ids};
use sealed::{
    KeyRing, SealedVault,
    ring_file::{self, IfMissing},
};
use standalone::ring_file as ring_of;
use tempfile::TempDir;

use super::{OpenBackend, fitted};
use crate::{context::Context, failure::Failure};

/// Copies the data directory `path` as it is at one moment, beside a server that may be running;
/// deleted when the value is dropped.
pub(crate) fn snapshot(path: &Path) -> Result<TempDir, Failure> {
    let copying =
        |why: &(dyn std::error::Error + 'static)| Failure::because("copying the database", why);
    // In the data directory itself, which is private, and on a disk with enough room.
    let private = Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().prefix(".copy-").permissions(private).tempdir_in(path);
    let folder = folder.map_err(|why| copying(&why))?;
    Embedded::backup(path, &folder.path().join("latchhook.db")).map_err(|why| copying(&why))?;
    Ok(folder)
}

/// Opens a copy of the data directory `path`.
pub(super) fn open_to_read(path: &Path, context: &Context) -> Result<OpenBackend, Failure> {
    if !path.is_dir() {
        return Err(Failure::Usage(format!("{} is not a data directory", path.display())));
    }
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
    let ring = ring(&ring_of(path), IfMissing::Refuse, &*ids)?;
    let snapshot = snapshot(path)?;
    let store = open(snapshot.path())?;
    let backend = backend(store, ids, ring, context);
    Ok(OpenBackend { _snapshot: Some(snapshot), ..backend })
}

/// Opens the data directory `path`, or creates one, for an installation with `pepper`.
pub(super) async fn open_for(
    pepper: &Secret,
    path: &Path,
    context: &Context,
) -> Result<OpenBackend, Failure> {
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
    let store = open(path)?;
    let file = ring_of(path);
    let mut ring = ring(&file, IfMissing::Create, &*ids)?;
    if let Some(fitted) = fitted(&ring, pepper, &store).await? {
        let replaced = ring_file::replace(&file, &fitted, &*ids);
        replaced.map_err(|why| Failure::because("the key ring", &why))?;
        ring = fitted;
    }
    Ok(backend(store, ids, ring, context))
}

fn open(path: &Path) -> Result<Embedded, Failure> {
    Embedded::open(path, &embedded::Options::default(), Arc::new(SystemClock::new()))
        .map_err(|why| Failure::because("opening the data directory", &why))
}

fn ring(file: &Path, if_missing: IfMissing, ids: &dyn Ids) -> Result<KeyRing, Failure> {
    ring_file::load_or_create(file, if_missing, ids)
        .map_err(|why| Failure::because("the key ring", &why))
}

fn backend(store: Embedded, ids: Arc<dyn Ids>, ring: KeyRing, context: &Context) -> OpenBackend {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let pepper = ring.pepper_text();
    let shared = Arc::new(store.clone());
    let prefix = settings::table::KEY_PREFIX.names;
    OpenBackend {
        vault: Arc::new(SealedVault::new(shared.clone(), ids.clone(), ring)),
        queue: shared.clone(),
        store: shared,
        clock,
        ids,
        pepper,
        key_prefix: context.var(prefix.env).or(prefix.default).unwrap_or_default().to_owned(),
        note: None,
        embedded: Some(store),
        _snapshot: None,
    }
}
