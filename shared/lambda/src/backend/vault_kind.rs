//! Kind of vault that an installation has, which its data remember.
//!
//! A secret that was kept in one kind is not in the other: a stack that is told another kind would
//! answer that every key and signing secret is gone, and make new ones where nobody looks for them.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ports::{
    Commit, Corrupt, ReadError, Store, Unavailable,
    store::{Collection, CommitError, Condition, Key, Partition, Scope, Write},
};
use sealed::{KeyRing, RingSource};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::kept::StoredRing;
use crate::VaultKind;

const COLLECTION: Collection = Collection("vault_kind");
const WHAT: &str = "opening the vault";

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

/// Remembers `kind` if the data of `store` name none yet.
///
/// # Errors
/// When the data name the other kind, or the backend is unavailable.
pub(super) async fn agree(store: &dyn Store, kind: VaultKind) -> Result<(), ReadError> {
    let said = name(kind);
    let kept = match remembered(store).await? {
        Some(kept) => kept,
        None if remember(store, said).await? => return Ok(()),
        // Another process was faster.
        None => remembered(store).await?.unwrap_or_default(),
    };
    if kept == said {
        return Ok(());
    }
    let why = format!("secrets are in {kept:?} here, not in {said:?}: set VaultKind back");
    Err(Unavailable::new(WHAT, why).into())
}

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    kind: String,
}

const fn name(kind: VaultKind) -> &'static str {
    match kind {
        VaultKind::SecretsManager => "secrets-manager",
        VaultKind::Sealed => "sealed",
    }
}

fn key() -> Key {
    Partition::new(Scope::Installation, COLLECTION, "").key("vault-kind")
}

async fn remembered(store: &dyn Store) -> Result<Option<String>, ReadError> {
    let Some(document) = store.get(&[key()]).await?.pop().flatten() else { return Ok(None) };
    let stored: Stored =
        serde_json::from_slice(&document.body).map_err(|why| Corrupt::new(WHAT, why))?;
    Ok(Some(stored.kind))
}

/// Writes the kind; returns whether nobody had.
async fn remember(store: &dyn Store, kind: &str) -> Result<bool, ReadError> {
    let body = serde_json::to_vec(&Stored { format: 1, kind: kind.to_owned() })
        .map_err(|why| Unavailable::new(WHAT, why))?;
    let write = Write::Put {
        key: key(),
        body: Bytes::from(body),
        expires_at: None,
        index: Vec::new(),
        condition: Condition::Absent,
    };
    match store.commit(Commit { writes: vec![write], ..Commit::default() }).await {
        Ok(()) => Ok(true),
        Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => Ok(false),
        Err(CommitError::Corrupt(why)) => Err(why.into()),
        Err(why) => Err(Unavailable::new(WHAT, why).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_the_one_that_installations_have() {
        let stored = Stored { format: 1, kind: name(VaultKind::SecretsManager).to_owned() };
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(text, r#"{"format":1,"kind":"secrets-manager"}"#);
    }
}
