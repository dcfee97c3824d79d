//! Place of an installation's secrets, as its data remember it.
//!
//! A secret that was kept in one vault is not in the other. So functions hold what they were told against
//! this document, and while secrets are moved it says where new ones go.

use bytes::Bytes;
use ports::{
    Commit, Corrupt, ReadError, Store, Unavailable,
    store::{Collection, CommitError, Condition, Key, Partition, Scope, Write},
};
use serde::{Deserialize, Serialize};

const COLLECTION: Collection = Collection("vault_kind");
const WHAT: &str = "opening the vault";

/// Place of an installation's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptIn {
    /// Secrets Manager has each of them.
    SecretsManager,
    /// They are sealed in the table of documents.
    Tables,
    /// New ones are in Secrets Manager, and older ones may still be in the table.
    MovingToSecretsManager,
    /// New ones are sealed in the table, and older ones may still be in Secrets Manager.
    MovingToTables,
}

const NAMES: [(KeptIn, &str); 4] = [
    (KeptIn::SecretsManager, "secrets-manager"),
    (KeptIn::Tables, "sealed"),
    (KeptIn::MovingToSecretsManager, "moving-to-secrets-manager"),
    (KeptIn::MovingToTables, "moving-to-sealed"),
];

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    kind: String,
}

impl KeptIn {
    /// Returns its name, as settings have it where it is one of theirs.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(place, _)| *place == self).map_or("", |(_, name)| name)
    }

    /// Returns whether new secrets go into the tables.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Tables | Self::MovingToTables)
    }

    /// Returns the place that the data of `store` name, and the revision of the document that does; none if
    /// they name none yet.
    ///
    /// # Errors
    /// When the backend is unavailable, or the data name an unknown place.
    pub async fn remembered(store: &dyn Store) -> Result<Option<(Self, u64)>, ReadError> {
        let Some(document) = store.get(&[key()]).await?.pop().flatten() else { return Ok(None) };
        let stored: Stored =
            serde_json::from_slice(&document.body).map_err(|why| Corrupt::new(WHAT, why))?;
        let place = NAMES.iter().find(|(_, name)| *name == stored.kind);
        let unknown = || Corrupt::new(WHAT, format!("secrets are in {:?}", stored.kind));
        let (place, _) = place.ok_or_else(unknown)?;
        Ok(Some((*place, document.revision)))
    }

    /// Returns the condition that the data have named the same place since `revision`.
    #[must_use]
    pub fn unchanged(revision: u64) -> Write {
        Write::Check { key: key(), condition: Condition::Revision(revision) }
    }

    /// Remembers this place in the data of `store`, if `condition` holds for the document that names one;
    /// returns whether it does.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn remember(
        self,
        store: &dyn Store,
        condition: Condition,
    ) -> Result<bool, ReadError> {
        let stored = Stored { format: 1, kind: self.name().to_owned() };
        let body = serde_json::to_vec(&stored).map_err(|why| Unavailable::new(WHAT, why))?;
        let body = Bytes::from(body);
        let write = Write::Put { key: key(), body, expires_at: None, index: Vec::new(), condition };
        match store.commit(Commit { writes: vec![write], ..Commit::default() }).await {
            Ok(()) => Ok(true),
            Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => Ok(false),
            Err(CommitError::Corrupt(why)) => Err(why.into()),
            Err(why) => Err(Unavailable::new(WHAT, why).into()),
        }
    }
}

fn key() -> Key {
    Partition::new(Scope::Installation, COLLECTION, "").key("vault-kind")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_the_one_that_installations_have() {
        let kind = KeptIn::SecretsManager.name().to_owned();
        let text = serde_json::to_string(&Stored { format: 1, kind }).unwrap();
        assert_eq!(text, r#"{"format":1,"kind":"secrets-manager"}"#);
        assert_eq!(KeptIn::Tables.name(), "sealed");
    }
}
