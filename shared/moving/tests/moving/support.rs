//! Backend in memory that runs the whole product.

use std::{
    io::Cursor,
    sync::{Arc, OnceLock},
};

use app::{App, Backend, OperatorTokenHash, Settings};
use axum::Router;
use contracts::ManualClock;
use domain::{Secret, Timestamp};
use embedded::MemoryLimiter;
use http_body_util::BodyExt as _;
use latchhook_moving::{
    Export, Imported, NotAnExport, NotImported, Ports, Sealing, export, format::End, import,
};
use ports::{Clock as _, Queue as _, queue::Lane};
use sealed::{KeyRing, SealedVault, passphrase::Cost};
use serde_json::{Value, json};
use simulation::{Answer, Call, Memory, Network, OPERATOR_TOKEN, SeededIds};
use tower::ServiceExt as _;

/// Passphrase of the files.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";
const CHEAP: Cost = Cost { memory: 8, passes: 1 };
/// URL of the first webhook.
pub(crate) const ENDPOINT: &str = "https://ada.example/hooks";
const WITH_PASSWORD: &str = "https://ada:lovelace@ada.example/more";
/// URL of the second webhook, as it is shown.
pub(crate) const MASKED: &str = "https://ada:****@ada.example/more";

/// Backend under test.
pub(crate) struct Place {
    pub(crate) disk: Arc<Memory>,
    pub(crate) network: Arc<Network>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: App,
    router: OnceLock<Router>,
    ids: Arc<SeededIds>,
    vault: Arc<SealedVault>,
    ring: KeyRing,
}

impl Place {
    /// Creates a backend with randomness of its own, at the time of `clock`.
    pub(crate) fn new(seed: u64, clock: &Arc<ManualClock>, pepper: Option<&Secret>) -> Self {
        let ids = Arc::new(SeededIds::seeded(seed));
        let mut ring = KeyRing::generate(&*ids);
        if let Some(pepper) = pepper {
            ring = ring.with_pepper(pepper).unwrap();
        }
        let disk = Arc::new(Memory::new(clock.clone()));
        let network = Arc::new(Network::new(clock.clone()));
        let same = KeyRing::parse(ring.text().expose()).unwrap();
        let vault = Arc::new(SealedVault::new(disk.clone(), ids.clone(), same));
        let app = App::new(Backend {
            store: disk.clone(),
            queue: disk.clone(),
            vault: vault.clone(),
            vetting: network.clone(),
            tally: Arc::default(),
            limiter: Arc::new(MemoryLimiter::default()),
            clock: clock.clone(),
            ids: ids.clone(),
            operator: Arc::new(OperatorTokenHash::of(&Secret::new(OPERATOR_TOKEN))),
            identity: None,
            telling: Arc::new(app::Operational),
            traces: None,
            settings: Arc::new(settings()),
        });
        Self { disk, network, clock: clock.clone(), app, router: OnceLock::new(), ids, vault, ring }
    }

    /// Adds a key and a pepper to the key ring, and uses them.
    pub(crate) async fn rotate(&mut self) {
        self.ring.rotate(&*self.ids, self.clock.now()).unwrap();
        let ring = KeyRing::parse(self.ring.text().expose()).unwrap();
        assert!(self.vault.adopt(ring).await.unwrap());
    }

    /// Returns its ports.
    pub(crate) fn ports(&self) -> Ports<'_> {
        Ports {
            store: &*self.disk,
            queue: &*self.disk,
            vault: &*self.vault,
            clock: self.clock.clone(),
            ids: &*self.ids,
        }
    }

    /// Creates the router on first use: it includes the OpenAPI document, which takes long to make.
    fn router(&self) -> Router {
        self.router.get_or_init(|| self.app.router()).clone()
    }

    /// Returns the answer to `call`.
    pub(crate) async fn call(&self, call: Call) -> Answer {
        let response = self.router().oneshot(call.into_request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Returns the body of a `GET`.
    pub(crate) async fn show(&self, account: &str, path: &str) -> Value {
        self.call(Call::get(path).on(account)).await.expect(200).json()
    }

    /// Works on everything that is due and returns the number of messages.
    pub(crate) async fn work(&self) -> usize {
        let mut done = 0;
        for lane in [Lane::First, Lane::Retry] {
            for leased in self.disk.receive(lane, 100).await.unwrap() {
                self.app.deliver(&*self.network, &leased).await.unwrap();
                done += 1;
            }
        }
        done
    }

    /// Exports the backend.
    pub(crate) async fn export(&self) -> (Vec<u8>, End) {
        let passphrase = Secret::new(PASSPHRASE);
        let sealing = Sealing {
            passphrase: &passphrase,
            cost: CHEAP,
            pepper: &self.ring.pepper_text(),
            key_prefix: "lh",
        };
        let mut file = Vec::new();
        let end = export(self.ports(), &sealing, &mut file).await.unwrap();
        (file, end)
    }

    /// Imports `file`.
    pub(crate) async fn import(&self, file: &[u8]) -> Result<Imported, NotImported> {
        import(self.ports(), &mut open(file, PASSPHRASE)?).await
    }
}

/// Opens the file with that passphrase.
pub(crate) fn open<'a>(
    file: &'a [u8],
    passphrase: &str,
) -> Result<Export<Cursor<&'a [u8]>>, NotAnExport> {
    Export::open(Cursor::new(file), &Secret::new(passphrase))
}

/// Creates an empty backend that `file` can be imported into.
pub(crate) fn new_backend(file: &[u8], clock: &Arc<ManualClock>) -> Place {
    Place::new(2, clock, Some(open(file, PASSPHRASE).unwrap().pepper()))
}

/// Backend that has been used for a while.
pub(crate) struct Old {
    pub(crate) place: Place,
    pub(crate) account: String,
    pub(crate) closed: String,
    pub(crate) key: String,
    /// Webhook whose receiver is down, and its signing secret.
    pub(crate) webhook: (String, String),
    /// Event that this webhook has yet to receive.
    pub(crate) event: String,
}

impl Old {
    /// Creates an account with a key, two webhooks, one that was deleted, an event that one webhook
    /// received and the other one failed, one that waits for its first attempt, and a closed
    /// account.
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let place = Place::new(1, &clock, None);
        let made = json!({ "name": "Ada", "external_id": "c1" });
        let account = place.call(Call::post("/v1/accounts", &made)).await.expect(201).text("/id");
        let key = json!({ "type": "secret", "environment": "test" });
        let key = Call::post("/v1/api_keys", &key).on(&account);
        let key = place.call(key).await.expect(201).text("/key");
        let gone = new_webhook(&place, &account, ENDPOINT).await;
        let gone = Call::delete(&format!("/v1/webhooks/{}", gone.0)).on(&account);
        assert!(place.call(gone).await.status < 300);
        let webhook = new_webhook(&place, &account, ENDPOINT).await;
        let other = new_webhook(&place, &account, WITH_PASSWORD).await;
        for number in 0..25 {
            let change = json!({ "description": format!("number {number}") });
            let change = Call::patch(&format!("/v1/webhooks/{}", other.0), &change).on(&account);
            _ = place.call(change).await.expect(200);
        }
        let closed = Call::post("/v1/accounts", &json!({ "name": "Babbage" }));
        let closed = place.call(closed).await.expect(201).text("/id");
        _ = new_webhook(&place, &closed, ENDPOINT).await;
        let close = Call::delete(&format!("/v1/accounts/{closed}"));
        assert!(place.call(close).await.status < 300);
        place.network.answers(MASKED, 200);
        place.network.answers(ENDPOINT, 503);
        let event = post(&place, &account).await;
        assert_eq!(place.work().await, 2);
        _ = post(&place, &account).await;
        Self { place, account, closed, key, webhook, event }
    }
}

async fn new_webhook(place: &Place, account: &str, url: &str) -> (String, String) {
    let body = json!({ "webhook_url": url, "environment": "test" });
    let made = place.call(Call::post("/v1/webhooks", &body).on(account)).await.expect(201);
    (made.text("/id"), made.text("/signing_secret"))
}

/// Posts an event and returns its identifier.
pub(crate) async fn post(place: &Place, account: &str) -> String {
    let object = json!({ "id": "rep_1", "object": "report" });
    let event = json!({
        "type": "report.completed", "environment": "test", "data": { "object": object }
    });
    place.call(Call::post("/v1/events", &event).on(account)).await.expect(202).text("/id")
}

/// Returns the time of the clock.
pub(crate) fn now(place: &Place) -> Timestamp {
    place.clock.now()
}

fn settings() -> Settings {
    Settings {
        key_prefix: domain::key::token::KeyPrefix::default(),
        schedule: domain::delivery::Schedule::default(),
        log_retention: std::time::Duration::from_hours(24),
        failing: domain::delivery::Failing::default(),
        limits: domain::Limits::default(),
        legacy_signature_header: None,
        compatibility: domain::Compatibility::default(),
        jurisdictions: domain::Jurisdictions::default(),
        envelope: domain::Envelope::default(),
        send_traceparent: false,
        statement_events: app::settings::STATEMENT_EVENTS,
        public_url: "https://hooks.example.com".to_owned(),
    }
}
