//! Secrets Manager and the tables: what one has, the other names.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::{
    App,
    secrets::{Copied, reconcile},
};
use async_trait::async_trait;
use aws::{BothVaults, KeptIn};
use contracts::ManualClock;
use domain::{Secret, id::AccountId, signing::SigningSecret};
use embedded::SystemClock;
use latchhook_aws_tests::{
    Side, StoreTime,
    world::{self, Making, World},
};
use ports::{
    Queue as _, ReadError, Unavailable, Vault,
    queue::Lane,
    store::{Condition, Write},
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};
use serde_json::{Value, json};
use simulation::Call;

const URL: &str = "https://ada:hush@ada.example/hooks";
/// Time after which a secret that was made for a commit is abandoned, and more.
const ABANDONED: Duration = Duration::from_mins(2);

/// World that keeps each secret in Secrets Manager, and its clock.
async fn apart() -> (World, Arc<ManualClock>) {
    let manual = Arc::new(ManualClock::default());
    let clock = Arc::new(StoreTime { manual: manual.clone(), system: SystemClock::new() });
    let making = Making { urls: &[URL], clock, secrets_apart: true, ..Making::default() };
    (World::made(making).await, manual)
}

/// Names of the secrets that can be revealed.
async fn there(world: &World) -> BTreeSet<String> {
    let all = world.apart.all().await.unwrap();
    let live = all.into_iter().filter(|kept| !kept.is_destroyed);
    live.map(|kept| reconcile::text(kept.name)).collect()
}

async fn webhook(world: &World) -> String {
    let list = world.call(Call::get("/v1/webhooks").on(&world.account)).await.expect(200);
    list.text("/data/0/id")
}

#[tokio::test]
async fn a_refused_webhook_makes_no_secret() {
    let (world, _) = apart().await;
    _ = world.call(world.new_webhook("https://ada.example/more")).await.expect(201);
    for (url, code) in [(URL, "url_taken"), ("https://x.example/", "quota_limit_exceeded")] {
        _ = world.wire.take_calls();
        let refused = world.call(world.new_webhook(url)).await;
        assert_eq!((refused.status, refused.text("/code")), (409, code.to_owned()));
        let calls = world.wire.take_calls();
        let wrote = |operation: &&str| calls.contains_key(*operation);
        let writes = ["CreateSecret", "PutSecretValue", "PutItem"];
        assert_eq!(writes.iter().find(|write| wrote(write)), None, "{calls:?}");
    }
    assert_eq!(world.app.named_secrets().await.unwrap().loose, BTreeSet::new());
}

#[tokio::test]
async fn a_publishable_key_is_no_secret() {
    let (world, _) = apart().await;
    let before = there(&world).await;
    let new = json!({ "type": "publishable", "environment": "test" });
    let created = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await.expect(201);
    assert_eq!(there(&world).await, before);
    let shown = world.call(Call::get(&created.text("/uri")).on(&world.account)).await.expect(200);
    assert_eq!(shown.text("/key"), created.text("/key"));
    let named = world.app.named_secrets().await.unwrap();
    assert_eq!((named.needed, named.loose.len()), (before, 1));
}

#[tokio::test]
async fn wherever_a_function_dies_the_secrets_are_those_that_the_tables_name() {
    let (world, clock) = apart().await;
    let path = format!("/v1/webhooks/{}", webhook(&world).await);
    let rotate = Call::post(&format!("{path}/rotate_secret"), &json!({ "overlap_seconds": 0 }));
    let mut number = 0;
    let mut deaths = 0;
    for command in ["rotate", "change", "create"] {
        let mut at = (0, Side::Before);
        loop {
            number += 1;
            let url = json!({ "webhook_url": format!("https://ada:{number}@ada.example/hooks") });
            let call = match command {
                "rotate" => rotate.clone(),
                "change" => Call::patch(&path, &url),
                _ => {
                    Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "test" }))
                }
            };
            let work = Box::pin(world.call(call.on(&world.account)));
            let (answered, steps) = world.wire.death.amid(at, work).await;
            clock.advance(ABANDONED);
            assert_eq!(world.app.sweep_secrets().await.unwrap().left, 0);
            let named = world.app.named_secrets().await.unwrap();
            // A replaced signing secret is kept for a day.
            let what = format!("{command}, dead {at:?} of {steps:?}");
            assert_eq!(there(&world).await, &named.needed | &named.loose, "{what}");
            if let Some(answer) = answered {
                assert!(answer.status < 300, "{what}: {}", answer.json());
                break;
            }
            deaths += 1;
            at = match at {
                (place, Side::Before) => (place, Side::After),
                (place, Side::After) => (place + 1, Side::Before),
            };
        }
    }
    assert!(deaths > 40, "{deaths}");
}

#[tokio::test]
async fn closing_an_account_lists_no_secrets_and_leaves_none() {
    let (world, clock) = apart().await;
    let before = there(&world).await;
    assert_eq!(before.len(), 2, "a URL with credentials and a signing secret");
    _ = world.wire.take_calls();
    _ = world.call(Call::delete(&format!("/v1/accounts/{}", world.account))).await.expect(200);
    clock.advance(ABANDONED);
    assert_eq!(world.app.sweep_secrets().await.unwrap().done, 1);
    assert!(!world.wire.take_calls().contains_key("ListSecrets"));
    assert_eq!(there(&world).await, BTreeSet::new());
    // They can still be restored.
    let destroyed = world.apart.all().await.unwrap();
    let names: BTreeSet<String> = destroyed.iter().map(|kept| reconcile::text(kept.name)).collect();
    assert!(destroyed.iter().all(|kept| kept.is_destroyed) && names == before);
}

/// Installation whose secrets are moved: its world, and a key of each kind.
struct Moving {
    world: World,
    clock: Arc<ManualClock>,
    path: String,
    keys: Vec<Value>,
}

impl Moving {
    /// Begins with secrets in Secrets Manager.
    async fn begun() -> Self {
        let (world, clock) = apart().await;
        let store = &*world.app.backend.store;
        assert!(KeptIn::SecretsManager.remember(store, Condition::Absent).await.unwrap());
        let path = format!("/v1/webhooks/{}", webhook(&world).await);
        let mut keys = Vec::new();
        for key_type in ["secret", "publishable"] {
            let new = json!({ "type": key_type, "environment": "test" });
            let made = world.call(Call::post("/v1/api_keys", &new).on(&world.account)).await;
            keys.push(made.expect(201).json());
        }
        Self { world, clock, path, keys }
    }

    /// Process that reads from both vaults.
    fn both(&self) -> App {
        let (store, world) = (Arc::clone(&self.world.app.backend.store), &self.world);
        let (apart, sealed) = (world.apart.clone(), world.sealed.clone());
        world.with_vault(Arc::new(BothVaults::new(store, apart, sealed)))
    }

    /// Process whose secrets are all in Secrets Manager.
    fn apart(&self) -> App {
        self.world.with_vault(self.world.apart.clone())
    }

    /// Process whose secrets are all sealed.
    fn sealed(&self) -> App {
        self.world.with_vault(self.world.sealed.clone())
    }

    /// Says in the data where new secrets go.
    async fn says(&self, place: KeptIn) {
        let (store, revision) = (&*self.world.app.backend.store, self.revision().await);
        assert!(place.remember(store, Condition::Revision(revision)).await.unwrap());
    }

    /// Revision of what the data say of that.
    async fn revision(&self) -> u64 {
        KeptIn::remembered(&*self.world.app.backend.store).await.unwrap().unwrap().1
    }

    /// Rotates the webhook's signing secret by a process; returns the new one.
    async fn rotated(&self, by: &App) -> Secret {
        let rotate = format!("{}/rotate_secret", self.path);
        let rotate = Call::post(&rotate, &json!({ "overlap_seconds": 3600 }));
        let rotated = World::answer(by, rotate.on(&self.world.account)).await.expect(200);
        Secret::new(rotated.text("/signing_secret"))
    }

    /// Checks that a process reveals every secret, and signs deliveries with the newest.
    async fn works(&self, of: &App, newest: &Secret) {
        for key in &self.keys {
            let reveal = format!("/v1/api_keys/{}/reveal", key["id"].as_str().unwrap());
            let revealed = Call::post(&reveal, &json!({})).on(&self.world.account);
            assert_eq!(World::answer(of, revealed).await.expect(200).json()["key"], key["key"]);
        }
        _ = World::answer(of, world::event().on(&self.world.account)).await.expect(202);
        let received = self.world.queue.receive(Lane::First, 10).await.unwrap();
        let [leased] = &received[..] else { panic!("one webhook hears the event") };
        of.deliver(&*self.world.sender, leased).await.unwrap();
        let hit = self.world.network.hits().pop().unwrap();
        assert_eq!(hit.target.to_string(), "https://ada:****@ada.example/hooks");
        let header = |wanted: &str| {
            let found = hit.outgoing.headers.iter().find(|(name, _)| **name == *wanted);
            found.unwrap().1.clone()
        };
        let at = header("webhook-timestamp").parse().unwrap();
        let secret = SigningSecret::parse(newest.expose()).unwrap();
        let expected = secret.sign(header("webhook-id"), at, &hit.outgoing.body);
        assert!(header("webhook-signature").contains(&expected), "{expected}");
    }
}

#[tokio::test]
async fn secrets_move_to_the_tables_and_back_while_they_sign_deliveries() {
    let moving = Moving::begun().await;
    let (world, both, sealed) = (&moving.world, moving.both(), moving.sealed());
    let first = moving.rotated(&moving.apart()).await;
    moving.works(&moving.apart(), &first).await;

    // Functions that read from both are deployed beside those that do not.
    moving.works(&both, &first).await;
    let second = moving.rotated(&both).await;
    moving.works(&moving.apart(), &second).await;

    // New ones go into the tables.
    moving.says(KeptIn::MovingToTables).await;
    let before = there(world).await;
    let third = moving.rotated(&both).await;
    assert_eq!(there(world).await, before);
    moving.works(&both, &third).await;
    let copy = || both.copy_secrets(&*world.apart, &*world.sealed);
    let copied = copy().await.unwrap();
    // The publishable key and the newest signing secret are in the tables already.
    assert_eq!((copied.copied, copied.there, copied.missing.len()), (5, 2, 0), "{copied:?}");
    assert_eq!(copy().await.unwrap(), Copied { there: 7, ..Copied::default() });
    moving.says(KeptIn::Tables).await;

    // What Secrets Manager has is not asked for any more.
    moving.works(&sealed, &third).await;
    for kept in world.apart.all().await.unwrap() {
        world.apart.destroy(kept.name).await.unwrap();
    }
    moving.works(&moving.sealed(), &third).await;
    moving.works(&moving.both(), &third).await;
    let fourth = moving.rotated(&sealed).await;

    moving.says(KeptIn::MovingToSecretsManager).await;
    let both = moving.both();
    let fifth = moving.rotated(&both).await;
    let copied = both.copy_secrets(&*world.sealed, &*world.apart).await.unwrap();
    assert_eq!((copied.left, copied.missing.len()), (0, 0), "{copied:?}");
    moving.says(KeptIn::SecretsManager).await;
    let unmoved = KeptIn::unchanged(moving.revision().await);
    let forgotten = moving.apart().forget_sealed(sealed::SECRETS, &*world.apart, &unmoved).await;
    let forgotten = forgotten.unwrap();
    assert!(forgotten.only_there.is_empty(), "{forgotten:?}");
    assert_eq!(forgotten.forgotten, copied.copied, "the newest was never in the tables");
    moving.works(&moving.apart(), &fifth).await;
    assert_ne!(fourth.expose(), fifth.expose());
}

#[tokio::test]
async fn a_move_that_dies_anywhere_goes_on_where_it_was() {
    for is_back in [false, true] {
        let moving = Moving::begun().await;
        let (world, both) = (&moving.world, moving.both());
        let newest = moving.rotated(&moving.apart()).await;
        moving.says(KeptIn::MovingToTables).await;
        let (mut from, mut to): (&dyn Vault, &dyn Vault) = (&*world.apart, &*world.sealed);
        if is_back {
            _ = both.copy_secrets(from, to).await.unwrap();
            moving.says(KeptIn::MovingToSecretsManager).await;
            for kept in world.apart.all().await.unwrap() {
                world.apart.destroy(kept.name).await.unwrap();
            }
            (from, to) = (to, from);
        }
        let (mut at, mut deaths) = ((0, Side::Before), 0);
        let mut missing = 0;
        loop {
            let copy = Box::pin(both.copy_secrets(from, to));
            let (ended, _) = world.wire.death.amid(at, copy).await;
            if let Some(copied) = ended {
                missing += copied.unwrap().missing.len();
                break;
            }
            if at.1 == Side::After {
                moving.works(&moving.both(), &newest).await;
            }
            deaths += 1;
            at = match at {
                (place, Side::Before) => (place, Side::After),
                (place, Side::After) => (place + 1, Side::Before),
            };
        }
        assert!(deaths > 20 && missing == 0, "{deaths}");
        let new = if is_back { moving.apart() } else { moving.sealed() };
        moving.works(&new, &newest).await;
    }
}

#[tokio::test]
async fn a_name_that_a_process_died_over_is_not_destroyed_once_a_secret_is_sealed_under_it() {
    for place in 0.. {
        let moving = Moving::begun().await;
        let world = &moving.world;
        let apart = moving.apart();
        let rotated = Box::pin(moving.rotated(&apart));
        let (ended, _) = world.wire.death.amid((place, Side::After), rotated).await;
        moving.says(KeptIn::MovingToTables).await;
        _ = moving.both().copy_secrets(&*world.apart, &*world.sealed).await.unwrap();
        moving.says(KeptIn::Tables).await;
        let sealed = moving.sealed();
        let newest = moving.rotated(&sealed).await;
        for _ in 0..2 {
            moving.clock.advance(ABANDONED);
            assert_eq!(sealed.sweep_secrets().await.unwrap().left, 0, "after {place}");
        }
        moving.works(&moving.sealed(), &newest).await;
        // What that process made and did not name is apart still. It is not taken for what is sealed.
        moving.says(KeptIn::MovingToSecretsManager).await;
        let copied = moving.both().copy_secrets(&*world.sealed, &*world.apart).await.unwrap();
        assert_eq!((copied.left, copied.missing.len()), (0, 0), "after {place}: {copied:?}");
        moving.works(&moving.apart(), &newest).await;
        if ended.is_some() {
            assert!(place > 2, "{place}");
            break;
        }
    }
}

#[tokio::test]
async fn a_secret_that_is_let_go_while_it_is_copied_does_not_come_back() {
    let moving = Moving::begun().await;
    let world = &moving.world;
    _ = world.app.copy_secrets(&*world.apart, &*world.sealed).await.unwrap();
    moving.says(KeptIn::MovingToTables).await;
    let (both, before) = (moving.both(), there(world).await);
    let new = world.new_webhook("https://ada:hush@ada.example/more");
    let made = World::answer(&moving.apart(), new).await.expect(201);
    let purpose = format!("{}/signing-secret/1", made.text("/id")).parse().unwrap();
    let name = SecretName { account: world.account.parse().unwrap(), purpose };
    let delete = Call::delete(&format!("/v1/webhooks/{}", made.text("/id"))).on(&world.account);
    let meddling = Meddling {
        vault: world.sealed.clone(),
        amid_keep: Mutex::new(Some((both.clone(), delete))),
    };
    let copied = both.copy_secrets(&*world.apart, &meddling).await.unwrap();
    assert!(meddling.amid_keep.lock().unwrap().is_none(), "the webhook was deleted meanwhile");
    assert_eq!((copied.copied, copied.left, copied.missing.len()), (0, 0, 0), "{copied:?}");
    assert!(matches!(world.sealed.reveal(name).await, Err(VaultError::Gone)));
    moving.clock.advance(ABANDONED);
    assert_eq!(both.sweep_secrets().await.unwrap().left, 0);
    assert_eq!(there(world).await, before);
}

/// Vault during whose first call of `keep` a request is answered.
struct Meddling {
    vault: Arc<dyn Vault>,
    amid_keep: Mutex<Option<(App, Call)>>,
}

#[async_trait]
impl Vault for Meddling {
    fn keeps_apart(&self) -> bool {
        self.vault.keeps_apart()
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.vault.fingerprints(of, bytes).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.vault.rewrap(scope).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.vault.open_account(account).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.vault.close_account(account).await
    }

    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        let writes = self.vault.keep(name, secret).await;
        let planned = self.amid_keep.lock().unwrap().take();
        if let Some((app, call)) = planned {
            _ = World::answer(&app, call).await.expect(200);
        }
        writes
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        self.vault.reveal(name).await
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        self.vault.forget(name).await
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.vault.destroy(name).await
    }

    async fn seal(&self, scope: SealScope, label: &str, of: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.vault.seal(scope, label, of).await
    }

    async fn open(&self, scope: SealScope, label: &str, of: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.vault.open(scope, label, of).await
    }
}
