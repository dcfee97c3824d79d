//! Rotation: everything is readable at any moment, and nothing by the old key in the end.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use contracts::ManualClock;
use domain::{
    Secret, Timestamp,
    id::{AccountId, KeyId, Ulid},
};
use latchhook_sealed::{KeyRing, NOTICE, RingSource, SealedVault};
use ports::{
    Clock as _, Commit, ReadError, Store as _, Unavailable, Vault as _,
    store::Write,
    vault::{FingerprintOf, SealScope, SecretName, SecretPurpose, VaultError},
};

use crate::support::{CountingIds, Documents};

const ACCOUNT: AccountId = AccountId(Ulid(1));
const KEY: SecretName =
    SecretName { account: ACCOUNT, purpose: SecretPurpose::ApiKey(KeyId(Ulid(3))) };
const SCOPES: [SealScope; 2] = [SealScope::Installation, SealScope::Account(ACCOUNT)];

fn ring() -> KeyRing {
    KeyRing::generate(&CountingIds::seeded(1))
}

fn rotated(from: Timestamp) -> KeyRing {
    let mut ring = ring();
    ring.rotate(&CountingIds::seeded(3), from).unwrap();
    ring
}

fn retired() -> KeyRing {
    let mut ring = rotated(Timestamp::EPOCH);
    ring.retire();
    ring
}

/// Store with an account that keeps a secret under the ring as it was before the rotation.
struct Installation {
    store: Arc<Documents>,
    ids: Arc<CountingIds>,
    sealed: Vec<u8>,
}

impl Installation {
    async fn new() -> Self {
        let (store, ids) = (Arc::new(Documents::default()), Arc::new(CountingIds::seeded(2)));
        let vault = SealedVault::new(store.clone(), ids.clone(), ring());
        let sealed = vault.seal(SealScope::Installation, "label", b"plain").await.unwrap();
        let installation = Self { store, ids, sealed };
        installation.commit(vault.open_account(ACCOUNT).await.unwrap()).await.unwrap();
        let kept = vault.keep(KEY, &Secret::new("hush")).await.unwrap();
        installation.commit(kept).await.unwrap();
        installation
    }

    fn with(&self, ring: KeyRing) -> SealedVault {
        SealedVault::new(self.store.clone(), self.ids.clone(), ring)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), ports::store::CommitError> {
        self.store.commit(Commit { writes, ..Commit::default() }).await
    }

    async fn rewrap(&self, vault: &SealedVault) -> usize {
        let mut done = 0;
        for scope in SCOPES {
            let writes = vault.rewrap(scope).await.unwrap();
            done += writes.len();
            self.commit(writes).await.unwrap();
        }
        done
    }

    async fn assert_readable(&self, vault: &SealedVault) {
        assert_eq!(vault.reveal(KEY).await.unwrap(), Secret::new("hush"));
        let opened = vault.open(SealScope::Installation, "label", &self.sealed).await;
        assert_eq!(opened.unwrap(), b"plain");
    }
}

#[tokio::test]
async fn everything_is_readable_at_each_step_and_nothing_with_the_old_key_in_the_end() {
    let installation = Installation::new().await;
    let vault = installation.with(rotated(Timestamp::EPOCH));
    installation.assert_readable(&vault).await;
    for scope in SCOPES {
        installation.commit(vault.rewrap(scope).await.unwrap()).await.unwrap();
        installation.assert_readable(&vault).await;
    }
    assert_eq!(installation.rewrap(&vault).await, 0, "all is done");

    installation.assert_readable(&installation.with(retired())).await;
    let with_the_old = installation.with(ring());
    assert!(with_the_old.check_ring().await.is_err());
    assert!(matches!(with_the_old.reveal(KEY).await, Err(VaultError::Unavailable(_))));
}

#[tokio::test]
async fn new_data_keys_are_wrapped_by_the_new_key() {
    let installation = Installation::new().await;
    let vault = installation.with(rotated(Timestamp::EPOCH));
    let newcomer = AccountId(Ulid(5));
    installation.commit(vault.open_account(newcomer).await.unwrap()).await.unwrap();
    assert!(vault.rewrap(SealScope::Account(newcomer)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_data_key_that_is_destroyed_while_it_is_wrapped_anew_stays_destroyed() {
    let installation = Installation::new().await;
    let vault = installation.with(rotated(Timestamp::EPOCH));
    let writes = vault.rewrap(SealScope::Account(ACCOUNT)).await.unwrap();
    installation.commit(vault.close_account(ACCOUNT).await.unwrap()).await.unwrap();
    assert!(installation.commit(writes).await.is_err());
    assert!(matches!(vault.reveal(KEY).await, Err(VaultError::Gone)));
}

#[tokio::test]
async fn an_adopted_ring_is_used_at_once_and_a_strange_one_never() {
    let installation = Installation::new().await;
    let vault = installation.with(ring());
    assert!(!vault.adopt(ring()).await.unwrap(), "it has that one");
    assert!(vault.adopt(KeyRing::generate(&CountingIds::seeded(9))).await.is_err());
    assert!(vault.adopt(retired()).await.is_err(), "the installation's key is still under the old");
    installation.assert_readable(&vault).await;

    assert!(vault.adopt(rotated(Timestamp::EPOCH)).await.unwrap());
    assert!(vault.adopt(ring()).await.is_err(), "an older copy");
    assert!(vault.has_older().await.unwrap());
    assert_eq!(installation.rewrap(&vault).await, 2);
    assert!(vault.adopt(retired()).await.unwrap());
    assert!(!vault.has_older().await.unwrap());
    installation.assert_readable(&vault).await;
}

/// Ring in a place that several processes read, and that can be away.
#[derive(Clone, Default)]
struct Published(Arc<Mutex<(Option<Secret>, u32)>>);

impl Published {
    fn publish(&self, ring: Option<&KeyRing>) {
        self.0.lock().unwrap().0 = ring.map(KeyRing::text);
    }

    fn readings(&self) -> u32 {
        self.0.lock().unwrap().1
    }
}

#[async_trait]
impl RingSource for Published {
    async fn ring(&self) -> Result<KeyRing, ReadError> {
        let mut published = self.0.lock().unwrap();
        published.1 += 1;
        let text = published.0.as_ref();
        let text = text.ok_or_else(|| Unavailable::new("reading the key ring", "not now"))?;
        Ok(KeyRing::parse(text.expose()).unwrap())
    }
}

/// Several processes on one store that read the ring from one place.
struct Deployment {
    installation: Installation,
    clock: Arc<ManualClock>,
    published: Published,
}

impl Deployment {
    async fn new() -> Self {
        let deployment = Self {
            installation: Installation::new().await,
            clock: Arc::new(ManualClock::default()),
            published: Published::default(),
        };
        deployment.published.publish(Some(&ring()));
        deployment
    }

    fn process(&self) -> SealedVault {
        let Installation { store, ids, .. } = &self.installation;
        let source = Box::new(self.published.clone());
        SealedVault::with_source(store.clone(), ids.clone(), self.clock.clone(), source)
    }

    fn pass_minutes(&self, minutes: u64) {
        self.clock.advance(std::time::Duration::from_mins(minutes));
    }
}

async fn stored(vault: &SealedVault) -> String {
    vault.fingerprints(FingerprintOf::ApiKey, b"key").await.unwrap().in_use.to_string()
}

async fn finds(vault: &SealedVault, stored: &str) -> bool {
    vault.fingerprints(FingerprintOf::ApiKey, b"key").await.unwrap().contain(stored)
}

#[tokio::test]
async fn a_ring_is_read_on_first_use_and_again_after_half_an_hour() {
    let deployment = Deployment::new().await;
    let (vault, published) = (deployment.process(), &deployment.published);
    assert_eq!(published.readings(), 0);
    published.publish(None);
    assert!(vault.fingerprints(FingerprintOf::ApiKey, b"key").await.is_err());
    published.publish(Some(&ring()));
    for minutes in [0, 29] {
        deployment.pass_minutes(minutes);
        deployment.installation.assert_readable(&vault).await;
    }
    assert_eq!(published.readings(), 2);
    deployment.pass_minutes(1);
    deployment.installation.assert_readable(&vault).await;
    assert_eq!(published.readings(), 3);
}

#[tokio::test]
async fn a_ring_that_can_not_be_read_again_is_relied_on_for_an_hour() {
    let deployment = Deployment::new().await;
    let (vault, published) = (deployment.process(), &deployment.published);
    stored(&vault).await;
    published.publish(None);
    deployment.pass_minutes(59);
    for _ in 0..3 {
        stored(&vault).await;
    }
    assert_eq!(published.readings(), 2, "it is tried once a minute");
    deployment.pass_minutes(1);
    assert!(vault.fingerprints(FingerprintOf::ApiKey, b"key").await.is_err());
    published.publish(Some(&ring()));
    stored(&vault).await;
}

/// Whatever process stores something, and whenever, every other finds it.
#[tokio::test]
async fn every_process_finds_what_another_has_stored_at_any_time_of_a_rotation() {
    let deployment = Deployment::new().await;
    let mut processes = Vec::new();
    for minute in 0..200 {
        if minute == 61 {
            let from = deployment.clock.now().plus(NOTICE);
            deployment.published.publish(Some(&rotated(from)));
        }
        if minute % 7 == 0 {
            processes.push(deployment.process());
        }
        for writer in &processes {
            let stored = stored(writer).await;
            for reader in &processes {
                assert!(finds(reader, &stored).await, "minute {minute}");
            }
        }
        deployment.pass_minutes(1);
    }
    let newest = stored(&deployment.process()).await;
    assert!(newest.contains('.'), "the new pepper is in use: {newest}");
}

#[tokio::test]
async fn a_data_key_under_an_unknown_key_has_the_ring_read_again() {
    let deployment = Deployment::new().await;
    let vault = deployment.process();
    deployment.installation.assert_readable(&vault).await;
    // Sooner than anybody should: rewrapped right after the ring was published.
    let now = deployment.clock.now();
    deployment.published.publish(Some(&rotated(now)));
    let eager = deployment.installation.with(rotated(now));
    assert_eq!(deployment.installation.rewrap(&eager).await, 2);
    deployment.pass_minutes(1);
    deployment.installation.assert_readable(&vault).await;
    assert_eq!(deployment.published.readings(), 2);
}
