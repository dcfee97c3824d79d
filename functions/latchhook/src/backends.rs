//! Backends for export and import: their ports, without the product.

#[cfg(feature = "aws")]
mod aws;
mod directory;
mod passphrase;

use std::{path::PathBuf, sync::Arc};

use domain::Secret;
use embedded::Embedded;
use ports::{Clock, Ids, Queue, Store, Vault};
use sealed::KeyRing;
use tempfile::TempDir;

#[cfg(feature = "aws")]
pub(crate) use self::aws::deployment;
pub(crate) use self::{directory::snapshot, passphrase::Passphrase};
use crate::{context::Context, failure::Failure};

/// Address of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// AWS: the deployment that the environment names, as it does for its functions.
    Aws,
    /// Data directory.
    Directory(PathBuf),
}

impl std::str::FromStr for Address {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "aws" { Self::Aws } else { Self::Directory(text.into()) })
    }
}

/// Open backend.
pub(crate) struct OpenBackend {
    store: Arc<dyn Store>,
    queue: Arc<dyn Queue>,
    vault: Arc<dyn Vault>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// Pepper of its fingerprints.
    pub(crate) pepper: Secret,
    /// Prefix of its API keys.
    pub(crate) key_prefix: String,
    /// Note for the user about how it was opened.
    pub(crate) note: Option<&'static str>,
    embedded: Option<Embedded>,
    /// Copy that is read instead of a directory in use; deleted when this is dropped.
    _snapshot: Option<TempDir>,
}

impl OpenBackend {
    /// Returns its ports.
    pub(crate) fn ports(&self) -> moving::Ports<'_> {
        moving::Ports {
            store: &*self.store,
            queue: &*self.queue,
            vault: &*self.vault,
            clock: Arc::clone(&self.clock),
            ids: &*self.ids,
        }
    }

    /// Finishes pending work and closes the backend.
    pub(crate) async fn close(self) {
        if let Some(embedded) = &self.embedded {
            embedded.close().await;
        }
    }
}

/// Opens the backend at `address` for reading, as it is at one moment if possible.
#[cfg_attr(not(feature = "aws"), expect(clippy::unused_async, reason = "with AWS it awaits"))]
pub(crate) async fn open_to_read(
    address: &Address,
    context: &Context,
) -> Result<OpenBackend, Failure> {
    match address {
        #[cfg(feature = "aws")]
        Address::Aws => aws::open(context, None).await,
        #[cfg(not(feature = "aws"))]
        Address::Aws => Err(without_aws()),
        Address::Directory(path) => directory::open_to_read(path, context),
    }
}

/// Opens the backend at `address`, or creates one there, for an installation whose pepper is
/// `pepper`.
pub(crate) async fn open_for(
    pepper: &Secret,
    address: &Address,
    context: &Context,
) -> Result<OpenBackend, Failure> {
    match address {
        #[cfg(feature = "aws")]
        Address::Aws => aws::open(context, Some(pepper)).await,
        #[cfg(not(feature = "aws"))]
        Address::Aws => Err(without_aws()),
        Address::Directory(path) => directory::open_for(pepper, path, context).await,
    }
}

/// Returns the failure of a program that was built without AWS.
#[cfg(not(feature = "aws"))]
pub(crate) fn without_aws() -> Failure {
    Failure::Usage("this latchhook was built without AWS: build it with --features aws".to_owned())
}

/// Returns `ring` with the pepper of the installation to import; `None` if it has that already. If
/// the backend has events, another pepper is refused, because it would invalidate every API key.
async fn fitted(
    ring: &KeyRing,
    pepper: &Secret,
    store: &dyn Store,
) -> Result<Option<KeyRing>, Failure> {
    if ring.pepper_text() == *pepper {
        return Ok(None);
    }
    let unavailable = |why| Failure::because("opening the new backend", &why);
    let (events, _) = store.replay(None, 1).await.map_err(unavailable)?;
    if !events.is_empty() {
        let why = "it has the events of another installation; import into an empty backend";
        return Err(Failure::of("opening the new backend", why));
    }
    let ring = KeyRing::parse(ring.text().expose()).ok();
    let fitted = ring.and_then(|ring| ring.with_pepper(pepper));
    fitted.map(Some).ok_or_else(|| Failure::of("the export", "its pepper is damaged"))
}
