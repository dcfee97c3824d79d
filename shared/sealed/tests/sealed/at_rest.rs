//! Protection against somebody who can reach the store, or has the wrong ring.

use std::{future::Future, sync::Arc};

use bytes::Bytes;
use domain::{
    Secret,
    id::{AccountId, KeyId, Ulid},
};
use latchhook_sealed::{KeyRing, SealedVault};
use ports::{
    Commit, Store as _, Vault as _,
    store::{Document, Write},
    vault::{SealScope, SecretName, SecretPurpose, VaultError},
};
use proptest::{prelude::*, sample::Index};

use crate::support::{CountingIds, Documents};

const MINE: AccountId = AccountId(Ulid(1));
const THEIRS: AccountId = AccountId(Ulid(2));

struct Installation {
    store: Arc<Documents>,
    ids: Arc<CountingIds>,
    vault: SealedVault,
}

impl Installation {
    /// Creates an installation with two accounts that keep one secret each.
    async fn new(ring: KeyRing) -> Self {
        let (store, ids) = (Arc::new(Documents::default()), Arc::new(CountingIds::seeded(2)));
        let vault = SealedVault::new(store.clone(), ids.clone(), ring);
        let installation = Self { store, ids, vault };
        for account in [MINE, THEIRS] {
            installation.commit(installation.vault.open_account(account).await.unwrap()).await;
            let secret = Secret::new(format!("hush {account}"));
            installation
                .commit(installation.vault.keep(key(account), &secret).await.unwrap())
                .await;
        }
        installation
    }

    async fn commit(&self, writes: Vec<Write>) {
        self.store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
    }

    /// Opens the same store with `ring`.
    fn reopened_with(&self, ring: KeyRing) -> SealedVault {
        SealedVault::new(self.store.clone(), self.ids.clone(), ring)
    }

    /// Changes the only document of `account` in `collection`.
    fn meddle(&self, account: AccountId, collection: &str, change: impl FnOnce(&mut Document)) {
        self.store.meddle(|documents| {
            let partition = format!("{account}/{collection}/");
            let found = documents.values_mut().find(|it| it.key.partition.as_str() == partition);
            change(found.unwrap());
        });
    }

    fn body(&self, account: AccountId, collection: &str) -> Bytes {
        let mut body = Bytes::new();
        self.meddle(account, collection, |document| body = document.body.clone());
        body
    }
}

fn ring() -> KeyRing {
    KeyRing::generate(&CountingIds::seeded(1))
}

fn key(account: AccountId) -> SecretName {
    SecretName { account, purpose: SecretPurpose::ApiKey(KeyId(Ulid(3))) }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[tokio::test]
async fn nothing_readable_is_stored() {
    let installation = Installation::new(ring()).await;
    installation.store.meddle(|documents| {
        for document in documents.values() {
            let body = std::str::from_utf8(&document.body).unwrap();
            assert!(!body.contains("hush"), "{body}");
        }
    });
}

#[tokio::test]
async fn a_secret_moved_to_another_account_does_not_open() {
    let installation = Installation::new(ring()).await;
    let stolen = installation.body(THEIRS, "secrets");
    installation.meddle(MINE, "secrets", |document| document.body = stolen);
    assert!(matches!(installation.vault.reveal(key(MINE)).await, Err(VaultError::Corrupt(_))));
}

#[tokio::test]
async fn a_secret_moved_to_another_name_does_not_open() {
    let installation = Installation::new(ring()).await;
    let other = SecretName { purpose: SecretPurpose::ApiKey(KeyId(Ulid(4))), ..key(MINE) };
    let secret = Secret::new("other");
    installation.commit(installation.vault.keep(other, &secret).await.unwrap()).await;
    installation.store.meddle(|documents| {
        let [one, two] = [key(MINE), other].map(|name| {
            let found = documents.keys().find(|key| key.sort == name.purpose.to_string());
            found.unwrap().clone()
        });
        let (a, b) = (documents[&one].body.clone(), documents[&two].body.clone());
        documents.get_mut(&one).unwrap().body = b;
        documents.get_mut(&two).unwrap().body = a;
    });
    assert!(matches!(installation.vault.reveal(key(MINE)).await, Err(VaultError::Corrupt(_))));
    assert!(matches!(installation.vault.reveal(other).await, Err(VaultError::Corrupt(_))));
}

/// Otherwise a closed account could live on under the other's data key.
#[tokio::test]
async fn a_data_key_moved_to_another_account_does_not_unwrap() {
    let installation = Installation::new(ring()).await;
    let [data_key, secret] = ["data_keys", "secrets"].map(|it| installation.body(THEIRS, it));
    installation.meddle(MINE, "data_keys", |document| document.body = data_key);
    installation.meddle(MINE, "secrets", |document| document.body = secret);
    assert!(matches!(installation.vault.reveal(key(MINE)).await, Err(VaultError::Corrupt(_))));
}

#[tokio::test]
async fn a_wrong_ring_and_a_missing_secret_are_distinct_errors() {
    let installation = Installation::new(ring()).await;
    installation.vault.check_ring().await.unwrap();
    let vault = installation.reopened_with(KeyRing::generate(&CountingIds::seeded(4)));
    assert!(vault.check_ring().await.is_err());
    assert!(matches!(vault.reveal(key(MINE)).await, Err(VaultError::Unavailable(_))));
    let sealed = vault.seal(SealScope::Account(MINE), "label", b"plain").await;
    assert!(matches!(sealed, Err(VaultError::Unavailable(_))));

    let vault = installation.reopened_with(ring());
    vault.check_ring().await.unwrap();
    assert_eq!(vault.reveal(key(MINE)).await.unwrap(), Secret::new(format!("hush {MINE}")));
}

proptest! {
    #[test]
    fn a_secret_with_any_changed_byte_is_corrupt(place: Index, flip in 1..=u8::MAX) {
        run(async {
            let installation = Installation::new(ring()).await;
            installation.meddle(MINE, "secrets", |document| {
                let mut body = document.body.to_vec();
                let place = place.index(body.len());
                body[place] ^= flip;
                document.body = body.into();
            });
            let revealed = installation.vault.reveal(key(MINE)).await;
            prop_assert!(matches!(revealed, Err(VaultError::Corrupt(_))), "{:?}", revealed);
            Ok(())
        })?;
    }

    #[test]
    fn sealed_bytes_can_be_opened(
        plain in prop::collection::vec(any::<u8>(), 0..2000),
        label in ".{0,40}",
        installations: bool,
    ) {
        run(async {
            let installation = Installation::new(ring()).await;
            let scope =
                if installations { SealScope::Installation } else { SealScope::Account(MINE) };
            let sealed = installation.vault.seal(scope, &label, &plain).await.unwrap();
            let opened = installation.vault.open(scope, &label, &sealed).await;
            prop_assert_eq!(opened.unwrap(), plain);
            Ok(())
        })?;
    }
}
