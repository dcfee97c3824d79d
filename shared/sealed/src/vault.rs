//! Sealed vault.

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Secret, Timestamp, id::AccountId};
use ports::{
    Clock, Commit, Corrupt, Ids, ReadError, Store, Unavailable, Vault,
    store::{Collection, CommitError, Condition, Document, Key, Partition, Scope, Write},
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};
use serde::{Deserialize, Serialize};

use crate::{
    aead::KeyBytes,
    data_key::{self, bound_to, to_body},
    key_ring::KeyRing,
    rings::{RingSource, Rings},
};

pub(crate) const OPENING: &str = "opening a secret";
/// Collection of the kept secrets.
pub const SECRETS: Collection = Collection("secrets");
/// Number of times that the installation's data key is read again after losing the race to create
/// it; the winner's is there at once unless somebody deletes it by hand.
const MOST_TRIES: u32 = 5;

/// Vault that seals secrets into the store.
pub struct SealedVault {
    store: Arc<dyn Store>,
    ids: Arc<dyn Ids>,
    rings: Rings,
}

/// Stored form of a kept secret.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Sealed secret, base64.
    sealed: String,
}

impl SealedVault {
    /// Creates a vault in `store`, sealed under `ring`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, ids: Arc<dyn Ids>, ring: KeyRing) -> Self {
        Self { store, ids, rings: Rings::of(ring) }
    }

    /// Creates a vault whose ring is read from `source` on first use, and again as time passes.
    #[must_use]
    pub fn with_source(
        store: Arc<dyn Store>,
        ids: Arc<dyn Ids>,
        clock: Arc<dyn Clock>,
        source: Box<dyn RingSource>,
    ) -> Self {
        Self { store, ids, rings: Rings::from(source, clock) }
    }

    /// Uses `ring` from now on, if it belongs to this store: it is the same ring after a rotation,
    /// or after the older keys were retired. Returns false if it is the one in use already.
    ///
    /// # Errors
    /// When it belongs to another store, or is an older copy, or the backend is unavailable. The ring
    /// in use stays.
    pub async fn adopt(&self, ring: KeyRing) -> Result<bool, ReadError> {
        let held = self.rings.keys().await?;
        if held.ring.text() == ring.text() {
            return Ok(false);
        }
        if !ring.follows(&held.ring) {
            let why = "it lacks the newest key or pepper of the one in use: is it an older copy?";
            return Err(Unavailable::new("changing the key ring", why).into());
        }
        let scope = SealScope::Installation;
        if let [Some(document)] = self.get([data_key::key_of(scope)]).await? {
            data_key::read(&ring, scope, &document)?;
        }
        self.rings.hold(ring, Timestamp::EPOCH);
        Ok(true)
    }

    /// Returns whether the ring has keys or peppers that newer ones replace.
    ///
    /// # Errors
    /// When the ring can't be read.
    pub async fn has_older(&self) -> Result<bool, ReadError> {
        Ok(self.rings.keys().await?.ring.has_older())
    }

    /// Verifies that the ring belongs to this store, by opening the installation's data key, or
    /// creating that key in a new store. Call it once at start, so that the wrong ring stops the
    /// start and not the first delivery.
    ///
    /// # Errors
    /// When the ring belongs to another store, or the backend is unavailable.
    pub async fn check_ring(&self) -> Result<(), ReadError> {
        self.installation_key().await.map(drop)
    }

    /// Returns the data key of `scope`.
    pub(crate) async fn key_of(&self, scope: SealScope) -> Result<KeyBytes, VaultError> {
        match scope {
            SealScope::Installation => Ok(self.installation_key().await?),
            SealScope::Account(_) => {
                let [document] = self.get([data_key::key_of(scope)]).await?;
                let document = document.ok_or(VaultError::Gone)?;
                Ok(self.unwrapped(scope, &document).await?)
            }
        }
    }

    /// Returns the installation's data key, created when it is first needed.
    async fn installation_key(&self) -> Result<KeyBytes, ReadError> {
        let scope = SealScope::Installation;
        for _ in 0..MOST_TRIES {
            let [document] = self.get([data_key::key_of(scope)]).await?;
            if let Some(document) = document {
                return self.unwrapped(scope, &document).await;
            }
            let writes = vec![self.new_data_key(scope).await?];
            match self.store.commit(Commit { writes, ..Commit::default() }).await {
                // Created here, or by another process that was faster: the next read finds it.
                Ok(()) | Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => {}
                Err(CommitError::Unavailable(why)) => return Err(why.into()),
                Err(CommitError::Corrupt(why)) => return Err(why.into()),
                Err(why) => return Err(Unavailable::new("making the data key", why).into()),
            }
        }
        Err(Unavailable::new("making the data key", "too many conflicts").into())
    }

    /// Creates a data key for `scope`, which must have none.
    async fn new_data_key(&self, scope: SealScope) -> Result<Write, ReadError> {
        let keys = self.rings.keys().await?;
        Ok(data_key::create(keys.ring.wrapping(self.rings.now()), &*self.ids, scope)?)
    }

    /// Reads a data key from its document.
    pub(crate) async fn unwrapped(
        &self,
        scope: SealScope,
        document: &Document,
    ) -> Result<KeyBytes, ReadError> {
        let keys = self.rings.keys_with(&data_key::wrapped_by(document)?).await?;
        data_key::read(&keys.ring, scope, document)
    }

    /// Returns the documents under `keys`, in one call.
    async fn get<const N: usize>(
        &self,
        keys: [Key; N],
    ) -> Result<[Option<Document>; N], ReadError> {
        let documents = self.store.get(&keys).await?;
        documents.try_into().map_err(|_| {
            Unavailable::new("reading sealed documents", "the answer lacks some of them").into()
        })
    }
}

#[async_trait]
impl Vault for SealedVault {
    fn keeps_apart(&self) -> bool {
        false
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        Ok(self.rings.keys().await?.fingerprints(of, bytes, self.rings.now()))
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        let [Some(document)] = self.get([data_key::key_of(scope)]).await? else {
            return Ok(Vec::new());
        };
        let keys = self.rings.keys_with(&data_key::wrapped_by(&document)?).await?;
        let by = keys.ring.wrapping(self.rings.now());
        Ok(data_key::rewrap(&keys.ring, by, &*self.ids, scope, &document)?.into_iter().collect())
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        let scope = SealScope::Account(account);
        // An existing data key must stay: everything of the account is sealed under it.
        match self.get([data_key::key_of(scope)]).await? {
            [Some(_)] => Ok(Vec::new()),
            [None] => Ok(vec![self.new_data_key(scope).await?]),
        }
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        let key = data_key::key_of(SealScope::Account(account));
        Ok(vec![Write::Delete { key, condition: Condition::None }])
    }

    /// Returns a check beside the put, so that the commit fails if the account is closed meanwhile.
    /// Two secrets kept in one commit bring the same check, which [`Commit::add`] takes once.
    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        let scope = SealScope::Account(name.account);
        let data_key = self.key_of(scope).await?;
        let sealed = data_key
            .seal(&*self.ids, &place_of(name), secret.expose().as_bytes())
            .map_err(|why| Unavailable::new("sealing a secret", why))?;
        let put = Write::Put {
            key: document_of(name),
            body: to_body(&Stored { sealed: BASE64_STANDARD.encode(sealed) })?,
            expires_at: None,
            index: Vec::new(),
            condition: Condition::None,
        };
        let check = Write::Check { key: data_key::key_of(scope), condition: Condition::Present };
        Ok(vec![check, put])
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        let scope = SealScope::Account(name.account);
        let documents = self.get([data_key::key_of(scope), document_of(name)]).await?;
        let [Some(data_key), Some(document)] = documents else { return Err(VaultError::Gone) };
        let data_key = self.unwrapped(scope, &data_key).await?;
        let sealed = sealed_in(&document).map_err(|why| Corrupt::new(OPENING, why))?;
        data_key
            .open(&place_of(name), sealed)
            .and_then(|plain| String::from_utf8(plain).ok())
            .map(Secret::new)
            .ok_or_else(|| Corrupt::new(OPENING, "it is not what was sealed for this place").into())
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        Ok(vec![Write::Delete { key: document_of(name), condition: Condition::None }])
    }

    async fn destroy(&self, _: SecretName) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let sealed =
            self.key_of(scope).await?.seal(&*self.ids, &bound_to("sealed", scope, label), plain);
        Ok(sealed.map_err(|why| Unavailable::new("sealing", why))?)
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let data_key = self.key_of(scope).await?;
        data_key.open(&bound_to("sealed", scope, label), sealed.to_vec()).ok_or(VaultError::Gone)
    }
}

/// Returns the ciphertext in the document of a kept secret.
pub(crate) fn sealed_in(document: &Document) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let stored: Stored = serde_json::from_slice(&document.body)?;
    Ok(BASE64_STANDARD.decode(stored.sealed)?)
}

/// Returns the document key of a kept secret.
fn document_of(name: SecretName) -> Key {
    Partition::new(Scope::Account(name.account), SECRETS, "").key(name.purpose)
}

/// Returns the name to which a kept secret is bound.
fn place_of(name: SecretName) -> String {
    bound_to("secret", SealScope::Account(name.account), &name.purpose.to_string())
}
