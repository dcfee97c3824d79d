//! Views: derived documents match the events at any moment.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    App, Backend,
    documents::{self, StoredState},
    rebuild::derive_all,
    views::{Derivation, Versioned, View, collections::DERIVED},
    work::Work,
};
use contracts::ManualClock;
use domain::{
    Decider, Environment, Jurisdiction, KeyType,
    account::{self, Account},
    event_types::{self, EventTypes},
    id::{AccountId, KeyId, Ulid, WebhookId},
    key::{self, ApiKey},
    webhook::{self, DisabledReason, Endpoint, Subscription, Webhook},
};
use embedded::{Embedded, MemoryLimiter, Options};
use futures_util::FutureExt as _;
use latchhook_simulation::{
    Call, Chance, Memory, Network, SeededIds, Simulation, Views, days, live_and_derived, seconds,
    views_of,
};
use ports::{Commit, Store};
use proptest::prelude::*;
use sealed::{KeyRing, SealedVault};
use serde_json::json;
use tower::ServiceExt as _;

/// Streams of every kind that share a store, with their states.
struct World {
    simulation: Simulation,
    accounts: BTreeMap<u8, Versioned<Account>>,
    keys: BTreeMap<u8, Versioned<ApiKey>>,
    webhooks: BTreeMap<u8, Versioned<Webhook>>,
    event_types: BTreeMap<u8, Versioned<EventTypes>>,
}

impl World {
    fn new() -> Self {
        Self {
            simulation: Simulation::new(1),
            accounts: BTreeMap::new(),
            keys: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            event_types: BTreeMap::new(),
        }
    }

    /// Runs one command, unless a rule or another stream's condition forbids it.
    fn step(&mut self, Step { of, which, what, how }: Step) {
        let simulation = &self.simulation;
        match of % 4 {
            0 => decide(simulation, &mut self.accounts, which, account_command(which, what, how)),
            1 => decide(simulation, &mut self.keys, which, key_command(which, what, how)),
            2 => decide(simulation, &mut self.webhooks, which, webhook_command(which, what, how)),
            _ => decide(simulation, &mut self.event_types, 0, event_type_command(what, how)),
        }
        self.simulation.clock.advance(seconds(1));
    }

    /// Views derived from all states.
    fn derived(&self) -> Views {
        let mut all = Derivation::default();
        derive(&mut all, &self.accounts);
        derive(&mut all, &self.keys);
        derive(&mut all, &self.webhooks);
        derive(&mut all, &self.event_types);
        views_of(all)
    }
}

fn derive<S: View>(all: &mut Derivation, states: &BTreeMap<u8, Versioned<S>>) {
    for state in states.values() {
        let Derivation { documents, counts } = state.state.derive(state.version);
        all.documents.extend(documents);
        for (key, count) in counts {
            *all.counts.entry(key).or_default() += count;
        }
    }
}

/// Returns whether each state is read from its document as it is; a deleted webhook has none.
fn are_stored<S: StoredState + PartialEq>(
    disk: &Memory,
    states: &BTreeMap<u8, Versioned<S>>,
) -> bool {
    states.values().all(|state| {
        let found = disk.get(&[state.state.key()]).now_or_never().unwrap().unwrap();
        let Some(document) = found.into_iter().flatten().next() else {
            return state.state.derive(state.version).documents.is_empty();
        };
        let read = documents::state::<S>(disk, &document).now_or_never().unwrap().unwrap();
        let expected = Versioned { revision: document.revision, ..state.clone() };
        read == Some(expected)
    })
}

fn decide<S: View>(
    simulation: &Simulation,
    states: &mut BTreeMap<u8, Versioned<S>>,
    which: u8,
    command: S::Command,
) where
    S::Event: Clone,
{
    let before = states.get(&which);
    let work = Work::of_the_system(simulation.app().backend.clone());
    let state = before.map(|before| &before.state);
    let Ok(events) = <S as Decider>::decide(state, command, work.now) else { return };
    if events.is_empty() {
        return;
    }
    let mut commit = Commit::default();
    let after = work.record(&mut commit, before, events).unwrap();
    if simulation.disk.commit(commit).now_or_never().unwrap().is_ok() {
        states.insert(which, after);
    }
}

fn account_command(which: u8, what: u8, how: u8) -> account::Command {
    use account::Command;
    let name = format!("name {}", how % 3);
    match what % 8 {
        0..3 => Command::Open {
            id: AccountId(Ulid::from(u128::from(which) + 1)),
            external_id: (!how.is_multiple_of(3)).then(|| format!("external {}", how % 3)),
            name,
            webhook_quota: 2,
        },
        3..6 => Command::Update {
            name: how.is_multiple_of(2).then_some(name),
            credentialed: (!how.is_multiple_of(3)).then_some(how % 3 == 1),
            webhook_quota: how.is_multiple_of(5).then_some(u32::from(how)),
        },
        6 => Command::OpenPortalSession {
            session: Ulid::from(u128::from(how)).into(),
            expires_at: domain::Timestamp::MAX,
        },
        _ => Command::Close,
    }
}

fn key_command(which: u8, what: u8, how: u8) -> key::Command {
    use key::Command;
    let at = (!how.is_multiple_of(3))
        .then(|| domain::Timestamp::from_millis(1_770_000_000_000).plus(seconds(u64::from(how))));
    match what % 7 {
        0..3 => Command::Create {
            key: key::Created {
                id: KeyId(Ulid::from(u128::from(which) + 1)),
                account: AccountId(Ulid::from(1_u128)),
                key_type: KeyType::ALL[usize::from(how % 2)],
                environment: Environment::ALL[usize::from(how / 2 % 2)],
                name: None,
                redacted: "lh_…".to_owned(),
                fingerprint: format!("{which:02x}"),
                expires_at: at,
                imported: how.is_multiple_of(5),
                revealable: true,
                scopes: None,
                metadata: key::Metadata::default(),
                rate_limit: None,
                allowed_networks: None,
            },
            credentialed: true,
        },
        3 => Command::Expire { at },
        4 => Command::Roll { successor: KeyId(Ulid::from(99_u128)), at },
        5 => Command::RenewFingerprint { fingerprint: format!("{}.{which:02x}", how % 3) },
        _ => Command::Reveal,
    }
}

fn webhook_command(which: u8, what: u8, how: u8) -> webhook::Command {
    use webhook::{Change, Command};
    let url = format!("https://ada.example/{}", how % 3);
    let endpoint = Endpoint { fingerprint: format!("{:02x}", how % 3), url, secret: None };
    let all = vec![Subscription::All];
    match what % 11 {
        0..4 => Command::Create {
            webhook: webhook::Created {
                id: WebhookId(Ulid::from(u128::from(which) + 1)),
                account: AccountId(Ulid::from(1_u128)),
                environment: Environment::ALL[usize::from(how / 4 % 2)],
                jurisdiction: Jurisdiction::US,
                endpoint,
                include_object: false,
                event_types: all,
                description: None,
                filter: None,
                headers: None,
                rate_limit: None,
                secret: 1,
                public_key: None,
            },
            credentialed: true,
        },
        4..6 => Command::Update(Change { endpoint: Some(endpoint), ..Change::default() }),
        6 => Command::Update(Change {
            enabled: Some(how.is_multiple_of(2)),
            include_object: Some(how.is_multiple_of(3)),
            ..Change::default()
        }),
        7 => Command::Disable(DisabledReason::Gone),
        8 => {
            Command::RotateSecret { public_key: None, previous_expires_at: domain::Timestamp::MAX }
        }
        9 => Command::RenewFingerprint { fingerprint: format!("{:02x}", how % 5) },
        _ => Command::Delete,
    }
}

fn event_type_command(what: u8, how: u8) -> event_types::Command {
    let name = format!("report.{}", ["completed", "created", "failed"][usize::from(how % 3)]);
    let name: webhook::EventType = name.parse().unwrap();
    let description = (how > 128).then(|| "What it means.".to_owned());
    match what % 3 {
        0..2 => event_types::Command::Put(event_types::Put { name, description, schema: None }),
        _ => event_types::Command::Remove(name),
    }
}

/// Random command: kind of stream, stream, command, and contents.
#[derive(Debug, Clone, Copy)]
struct Step {
    of: u8,
    which: u8,
    what: u8,
    how: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (any::<u8>(), 0..4_u8, any::<u8>(), any::<u8>()).prop_map(|(of, which, what, how)| Step {
        of,
        which,
        what,
        how,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn committed_changes_equal_derived_views_at_every_step(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
            let (live, derived) = live_and_derived(&world.simulation.disk);
            prop_assert_eq!(&live, &derived, "after {:?}", step);
            prop_assert_eq!(&derived, &world.derived(), "after {:?}", step);
            let disk = &*world.simulation.disk;
            prop_assert!(are_stored(disk, &world.accounts), "after {:?}", step);
            prop_assert!(are_stored(disk, &world.keys), "after {:?}", step);
            prop_assert!(are_stored(disk, &world.webhooks), "after {:?}", step);
        }
    }
}

/// Product on the embedded backend, with a simulated network and clock.
struct OnFile {
    router: axum::Router,
    store: Embedded,
    clock: Arc<ManualClock>,
    chance: Chance,
    accounts: Vec<String>,
    ids: Vec<String>,
    _folder: tempfile::TempDir,
}

impl OnFile {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let store = Embedded::open(folder.path(), &Options::default(), clock.clone()).unwrap();
        let ids = Arc::new(SeededIds::seeded(seed));
        let ring = KeyRing::generate(&*ids);
        let usual = Backend::clone(&Simulation::new(seed).app().backend);
        let app = App::new(Backend {
            store: Arc::new(store.clone()),
            queue: Arc::new(store.clone()),
            vault: Arc::new(SealedVault::new(Arc::new(store.clone()), ids.clone(), ring)),
            vetting: Arc::new(Network::new(clock.clone())),
            tally: Arc::default(),
            limiter: Arc::new(MemoryLimiter::default()),
            clock: clock.clone(),
            ids,
            operator: usual.operator,
            identity: None,
            telling: Arc::new(app::Operational),
            traces: None,
            settings: usual.settings,
        });
        let (chance, accounts) = (Chance::seeded(seed), vec![]);
        Self { router: app.router(), store, clock, chance, accounts, ids: vec![], _folder: folder }
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.chance.below(all.len())).cloned()
    }

    /// Random call of the operator, which may be refused.
    fn some_call(&mut self) -> Call {
        let account = self.pick(&self.accounts.clone()).unwrap_or_default();
        let id = self.pick(&self.ids.clone()).unwrap_or_default();
        let environment = self.pick(&["test", "live"]).unwrap();
        let number = self.chance.below(3);
        let url = format!("https://u:p@ada.example/{number}");
        let webhook = format!("/v1/webhooks/{id}");
        let key = format!("/v1/api_keys/{id}");
        let event_type = format!("/v1/event_types/report.{}", ["a", "b", "c"][number]);
        match self.chance.below(16) {
            0 => Call::post("/v1/accounts", &json!({ "name": "n", "external_id": url })),
            1 | 2 => Call::post("/v1/accounts", &json!({ "name": "n" })),
            3 | 4 => {
                Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": environment }))
            }
            5 | 6 => Call::post(
                "/v1/webhooks",
                &json!({ "webhook_url": url, "environment": environment, "event_types": ["*"] }),
            ),
            7 => Call::patch(
                &format!("/v1/accounts/{account}"),
                &json!({ "credentialed": number > 0, "webhook_quota": number }),
            ),
            8 => Call::post(&format!("{key}/roll"), &json!({})),
            9 => Call::post(&format!("{key}/expire"), &json!({ "expires_at": null })),
            10 => Call::patch(&webhook, &json!({ "webhook_url": url, "include_object": true })),
            11 => Call::patch(&webhook, &json!({ "status": "disabled" })),
            12 => Call::delete(&webhook),
            13 => Call::put(&event_type, &json!({ "description": url })),
            14 => Call::delete(&event_type),
            _ if number == 0 => Call::delete(&format!("/v1/accounts/{account}")),
            _ => Call::post(&format!("{webhook}/rotate_secret"), &json!({})),
        }
        .on(&account)
    }

    /// Makes a random call; returns whether it changed anything.
    async fn step(&mut self) -> bool {
        let call = self.some_call();
        let Ok(response) = self.router.clone().oneshot(call.into_request()).await;
        let (status, body) = (response.status().as_u16(), response.into_body());
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(status < 500, "{json}");
        let id = json["id"].as_str().unwrap_or_default().to_owned();
        match json["object"].as_str() {
            Some("account") if status == 201 => self.accounts.push(id),
            Some("webhook" | "api_key") if status == 201 => self.ids.push(id),
            _ => {}
        }
        self.clock.advance(seconds(1));
        status < 300
    }

    async fn live(&self) -> Views {
        let (mut documents, mut counters) = (BTreeMap::new(), BTreeMap::new());
        for collection in DERIVED {
            let all = self.store.scan_documents(*collection, None, usize::MAX >> 8).await.unwrap();
            documents.extend(
                all.into_iter()
                    .map(|found| (found.document.key, (found.document.body, found.index))),
            );
            let all = self.store.scan_counters(*collection, None, usize::MAX >> 8).await.unwrap();
            counters.extend(all.into_iter().filter(|(_, value)| *value > 0));
        }
        (documents, counters)
    }
}

#[tokio::test]
async fn a_rebuild_equals_the_live_views() {
    for seed in 0..3 {
        let mut on_file = OnFile::new(seed);
        let mut done = 0;
        for _ in 0..150 {
            done += u32::from(on_file.step().await);
        }
        assert!(done > 40, "only {done} calls did anything");
        let derived = views_of(derive_all(&on_file.store).await.unwrap());
        assert!(derived.0.len() > 20 && !derived.1.is_empty(), "{derived:?}");
        assert_eq!(on_file.live().await, derived);
    }
}

#[test]
fn settings_as_of_a_time_equal_those_at_that_time() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let webhook = simulation.create_webhook(&account, "https://ada.example/hooks");
    let mut seen = Vec::new();
    let changes = [
        json!({ "description": "first" }),
        json!({ "webhook_url": "https://ada.example/moved" }),
        json!({ "status": "disabled" }),
        json!({ "status": "enabled", "include_object": true }),
    ];
    for change in changes {
        seen.push((simulation.now(), simulation.list(&account, "/v1/webhooks")));
        simulation.run_for(days(1));
        simulation.change_webhook(&account, &webhook, &change);
    }
    seen.push((simulation.now(), simulation.list(&account, "/v1/webhooks")));
    simulation.run_for(days(1));
    let path = format!("/v1/webhooks/{}", webhook.id);
    _ = simulation.call(Call::delete(&path).on(&account)).expect(200);
    assert!(simulation.list(&account, "/v1/webhooks").is_empty());
    for (at, then) in seen {
        assert_eq!(simulation.list(&account, &format!("/v1/webhooks?as_of={at}")), then);
    }
}
