//! Sealed vault.

use std::sync::Arc;

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Secret, id::AccountId};
use ports::{
    Commit, Ids, Store, Unavailable, Vault,
    store::{Collection, CommitError, Condition, Document, Key, Partition, Scope, Write},
    vault::{FingerprintOf, SealScope, SecretName, VaultError},
};
use ring::hmac;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::{
    aead::KeyBytes,
    data_key::{self, bound_to, to_body},
    key_ring::KeyRing,
};

const SECRETS: Collection = Collection("secrets");
/// Number of times that the installation's data key is read again after losing the race to create
/// it; the winner's is there at once unless somebody deletes it by hand.
const MOST_TRIES: u32 = 5;

/// Vault that seals secrets into the store.
pub struct SealedVault {
    store: Arc<dyn Store>,
    ids: Arc<dyn Ids>,
    /// Source of the key ring, read when it is first needed.
    source: Option<Box<dyn RingSource>>,
    keys: OnceCell<Keys>,
}

/// Source of a key ring.
#[async_trait]
pub trait RingSource: Send + Sync {
    /// Returns the key ring.
    ///
    /// # Errors
    /// When it can't be read now; the next use tries again.
    async fn ring(&self) -> Result<KeyRing, Unavailable>;
}

/// Key ring, with its pepper ready to use.
struct Keys {
    ring: KeyRing,
    pepper: hmac::Key,
}

impl Keys {
    fn of(ring: KeyRing) -> Self {
        Self { pepper: hmac::Key::new(hmac::HMAC_SHA256, ring.pepper()), ring }
    }
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
        Self { store, ids, source: None, keys: OnceCell::new_with(Some(Keys::of(ring))) }
    }

    /// Creates a vault whose ring is read from `source` on first use.
    #[must_use]
    pub fn with_source(
        store: Arc<dyn Store>,
        ids: Arc<dyn Ids>,
        source: Box<dyn RingSource>,
    ) -> Self {
        Self { store, ids, source: Some(source), keys: OnceCell::new() }
    }

    async fn keys(&self) -> Result<&Keys, Unavailable> {
        let read = async || match &self.source {
            Some(source) => source.ring().await.map(Keys::of),
            None => Err(Unavailable::new("reading the key ring", "there is none")),
        };
        self.keys.get_or_try_init(read).await
    }

    async fn ring(&self) -> Result<&KeyRing, Unavailable> {
        Ok(&self.keys().await?.ring)
    }

    /// Verifies that the ring belongs to this store, by opening the installation's data key, or
    /// creating that key in a new store. Call it once at start, so that the wrong ring stops the
    /// start and not the first delivery.
    ///
    /// # Errors
    /// When the ring belongs to another store, or the backend is unavailable.
    pub async fn check_ring(&self) -> Result<(), Unavailable> {
        self.installation_key().await.map(drop)
    }

    /// Returns the data key of `scope`.
    async fn key_of(&self, scope: SealScope) -> Result<KeyBytes, VaultError> {
        match scope {
            SealScope::Installation => Ok(self.installation_key().await?),
            SealScope::Account(_) => {
                let [document] = self.get([data_key::key_of(scope)]).await?;
                let document = document.ok_or(VaultError::Gone)?;
                Ok(data_key::read(self.ring().await?, scope, &document)?)
            }
        }
    }

    /// Returns the installation's data key, created when it is first needed.
    async fn installation_key(&self) -> Result<KeyBytes, Unavailable> {
        let scope = SealScope::Installation;
        for _ in 0..MOST_TRIES {
            let [document] = self.get([data_key::key_of(scope)]).await?;
            if let Some(document) = document {
                return data_key::read(self.ring().await?, scope, &document);
            }
            let writes = vec![data_key::create(self.ring().await?, &*self.ids, scope)?];
            match self.store.commit(Commit { writes, ..Commit::default() }).await {
                // Created here, or by another process that was faster: the next read finds it.
                Ok(()) | Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => {}
                Err(CommitError::Unavailable(why)) => return Err(why),
                Err(why) => return Err(Unavailable::new("making the data key", why)),
            }
        }
        Err(Unavailable::new("making the data key", "too many conflicts"))
    }

    /// Returns the documents under `keys`, in one call.
    async fn get<const N: usize>(
        &self,
        keys: [Key; N],
    ) -> Result<[Option<Document>; N], Unavailable> {
        let documents = self.store.get(&keys).await?;
        documents.try_into().map_err(|_| {
            Unavailable::new("reading sealed documents", "the answer lacks some of them")
        })
    }
}

#[async_trait]
impl Vault for SealedVault {
    async fn fingerprint(&self, of: FingerprintOf, bytes: &[u8]) -> Result<[u8; 32], Unavailable> {
        let mut mac = hmac::Context::with_key(&self.keys().await?.pepper);
        mac.update(purpose(of).as_bytes());
        // Ends the purpose, so that no two pairs of purpose and bytes give the same input.
        mac.update(&[0]);
        mac.update(bytes);
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(mac.sign().as_ref());
        Ok(fingerprint)
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, Unavailable> {
        let scope = SealScope::Account(account);
        // An existing data key must stay: everything of the account is sealed under it.
        match self.get([data_key::key_of(scope)]).await? {
            [Some(_)] => Ok(Vec::new()),
            [None] => Ok(vec![data_key::create(self.ring().await?, &*self.ids, scope)?]),
        }
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, Unavailable> {
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
        let data_key = data_key::read(self.ring().await?, scope, &data_key)?;
        serde_json::from_slice::<Stored>(&document.body)
            .ok()
            .and_then(|stored| BASE64_STANDARD.decode(stored.sealed).ok())
            .and_then(|sealed| data_key.open(&place_of(name), sealed))
            .and_then(|plain| String::from_utf8(plain).ok())
            .map(Secret::new)
            .ok_or(VaultError::Gone)
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, Unavailable> {
        Ok(vec![Write::Delete { key: document_of(name), condition: Condition::None }])
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

/// Returns the document key of a kept secret.
fn document_of(name: SecretName) -> Key {
    Partition::new(Scope::Account(name.account), SECRETS, "").key(name.purpose)
}

/// Returns the name to which a kept secret is bound.
fn place_of(name: SecretName) -> String {
    bound_to("secret", SealScope::Account(name.account), &name.purpose.to_string())
}

/// Returns the prefix that separates the fingerprints of one purpose from the others. Must never
/// change: every stored fingerprint would become useless.
const fn purpose(of: FingerprintOf) -> &'static str {
    match of {
        FingerprintOf::ApiKey => "api-key",
        FingerprintOf::PortalToken => "portal-token",
        FingerprintOf::WebhookUrl => "webhook-url",
        FingerprintOf::RequestBody => "request-body",
    }
}
