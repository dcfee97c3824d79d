//! Kind of vault that an installation has, which its data remember.
//!
//! A secret that was kept in one kind is not in the other: a stack that is told another kind would
//! answer that every key and signing secret is gone, and make new ones where nobody looks for them.

use std::sync::Arc;

use async_trait::async_trait;
use aws::KeptIn;
use ports::{ReadError, Store, Unavailable, store::Condition};
use sealed::{KeyRing, RingSource};
use tokio::sync::OnceCell;

use super::kept::StoredRing;
use crate::VaultKind;

/// Key ring that is given out once the kind of vault is found to be that of the data.
pub(super) struct CheckedRing {
    ring: StoredRing,
    store: Arc<dyn Store>,
    kind: VaultKind,
    agrees: OnceCell<()>,
}

impl CheckedRing {
    pub(super) fn new(ring: StoredRing, store: Arc<dyn Store>, kind: VaultKind) -> Self {
        Self { ring, store, kind, agrees: OnceCell::new() }
    }
}

#[async_trait]
impl RingSource for CheckedRing {
    async fn ring(&self) -> Result<KeyRing, ReadError> {
        self.agrees.get_or_try_init(|| agree(&*self.store, self.kind)).await?;
        self.ring.ring().await
    }
}

/// Remembers `kind` if the data of `store` name no place yet. Who reads from both places agrees with any, and
/// begins with the tables.
///
/// # Errors
/// When the data name another place, or the backend is unavailable.
pub(super) async fn agree(store: &dyn Store, kind: VaultKind) -> Result<(), ReadError> {
    let said = match kind {
        VaultKind::SecretsManager => KeptIn::SecretsManager,
        VaultKind::Sealed | VaultKind::Both => KeptIn::Tables,
    };
    let kept = match KeptIn::remembered(store).await? {
        Some((kept, _)) => Some(kept),
        None if said.remember(store, Condition::Absent).await? => return Ok(()),
        // Another process was faster.
        None => KeptIn::remembered(store).await?.map(|(kept, _)| kept),
    };
    if kept == Some(said) || kind == VaultKind::Both {
        return Ok(());
    }
    let (kept, said) = (kept.map_or("no vault", KeptIn::name), said.name());
    let why = format!("secrets are in {kept:?} here, not in {said:?}: set VaultKind back");
    Err(Unavailable::new("opening the vault", why).into())
}
