//! The product, running on the emulator.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use app::{App, Backend, OperatorTokenHash, Settings};
use aws::{SecretsManagerVault, SqsQueue};
use contracts::ManualClock;
use domain::{Secret, delivery::Schedule};
use embedded::SystemClock;
use http_body_util::BodyExt as _;
use ports::{
    Clock, Queue as _, Sender, Vault,
    queue::{Lane, Leased},
};
use sealed::{KeyRing, SealedVault};
use serde_json::{Value, json};
use simulation::{Answer, Call, Network, OPERATOR_TOKEN};
use tower::ServiceExt as _;

use crate::{Place, StoreTime, Wire, death::Mortal};

/// URLs of the webhooks that exist at the start; both receivers acknowledge.
pub const URLS: [&str; 2] = ["https://ada.example/hooks", "https://ada.example/more"];

/// The product on the emulator, with an account that has two webhooks.
pub struct World {
    /// Application.
    pub app: App,
    /// HTTP client that counts calls to AWS.
    pub wire: Wire,
    /// Queue.
    pub queue: Arc<SqsQueue>,
    /// Tables and queues.
    pub place: Place,
    /// Receivers.
    pub network: Arc<Network>,
    /// Sender to the receivers.
    pub sender: Arc<dyn Sender>,
    /// Secrets of their own, if the world has that kind of vault.
    pub apart: Arc<SecretsManagerVault>,
    /// Secrets that are sealed in the tables, if the world has that kind of vault.
    pub sealed: Arc<SealedVault>,
    /// Identifier of the account.
    pub account: String,
}

/// Settings of a world.
pub struct Making {
    /// URLs of the webhooks.
    pub urls: &'static [&'static str],
    /// Retry schedule.
    pub schedule: Schedule,
    /// Clock of the application.
    pub clock: Arc<dyn Clock>,
    /// Clock of the queue.
    pub queue_clock: Arc<dyn Clock>,
    /// Longest delay of one hop.
    pub hop_limit: Duration,
    /// True to keep each secret in Secrets Manager.
    pub secrets_apart: bool,
}

impl Default for Making {
    fn default() -> Self {
        let clock = Arc::new(SystemClock::new());
        Self {
            urls: &URLS,
            schedule: Schedule::default(),
            clock: clock.clone(),
            queue_clock: clock,
            hop_limit: Duration::from_mins(15),
            secrets_apart: false,
        }
    }
}

impl Making {
    /// Returns the settings of a world in which no time passes for what is remembered.
    #[must_use]
    pub fn at_one_time() -> Self {
        let system = SystemClock::new();
        let manual = Arc::new(ManualClock::at(Clock::now(&system)));
        let clock = Arc::new(StoreTime { manual, system });
        Self { clock, ..Self::default() }
    }
}

impl World {
    /// Creates an installation with the usual settings.
    pub async fn new() -> Self {
        Self::made(Making::default()).await
    }

    /// Makes a world in which no time passes for what is remembered, however busy the machine is.
    pub async fn at_one_time() -> Self {
        Self::made(Making::at_one_time()).await
    }

    /// Creates an installation with these settings.
    pub async fn made(making: Making) -> Self {
        let (clients, wire) = Wire::tapped().await;
        let place = Place::with(clients).await;
        let ring = KeyRing::generate(&*place.ids);
        let urls = making.urls;
        let mut world = Self::on(place, wire, ring, making);
        let opened = world.call(Call::post("/v1/accounts", &json!({ "name": "Ada" }))).await;
        world.account = opened.expect(201).text("/id");
        for url in urls {
            _ = world.call(world.new_webhook(url)).await.expect(201);
            world.network.answers(url, 200);
        }
        world
    }

    /// Opens the installation that is in `place`, whose key ring is `ring`.
    #[must_use]
    pub fn on(place: Place, wire: Wire, ring: KeyRing, making: Making) -> Self {
        let Making { schedule, clock, queue_clock, hop_limit, secrets_apart, .. } = making;
        let sqs = place.clients.sqs();
        let queue = Arc::new(SqsQueue::new(sqs, place.queues.clone(), hop_limit, queue_clock));
        let store = place.store(queue.clone(), clock.clone());
        let network = Arc::new(Network::new(clock.clone()));
        let limiter =
            aws::LeasingLimiter::new(place.clients.dynamodb(), place.tables.views.clone());
        let sealed = Arc::new(SealedVault::new(store.clone(), place.ids.clone(), ring));
        let (client, name) = (place.clients.secrets_manager(), place.name.clone());
        let apart = SecretsManagerVault::new(client, name, sealed.clone(), clock.clone());
        let apart = Arc::new(apart);
        let vault: Arc<dyn Vault> = if secrets_apart { apart.clone() } else { sealed.clone() };
        let app = App::new(Backend {
            vault,
            store,
            queue: queue.clone(),
            vetting: network.clone(),
            tally: Arc::default(),
            limiter: Arc::new(limiter),
            clock,
            ids: place.ids.clone(),
            operator: Arc::new(OperatorTokenHash::of(&Secret::new(OPERATOR_TOKEN))),
            identity: None,
            telling: Arc::new(app::Operational),
            traces: None,
            settings: Arc::new(settings(schedule)),
        });
        let sender = Arc::new(Mortal { sender: network.clone(), death: wire.death.clone() });
        let account = String::new();
        Self { app, wire, queue, place, network, sender, apart, sealed, account }
    }

    /// Starts the application as another process, which shares only stored data with this one.
    #[must_use]
    pub fn another_process(&self) -> App {
        App::new(Backend::clone(&self.app.backend))
    }

    /// Starts the application as another process whose vault is another.
    #[must_use]
    pub fn with_vault(&self, vault: Arc<dyn Vault>) -> App {
        App::new(Backend { vault, ..Backend::clone(&self.app.backend) })
    }

    /// Builds the request that creates one more webhook.
    #[must_use]
    pub fn new_webhook(&self, url: &str) -> Call {
        let body = json!({ "webhook_url": url, "environment": "test" });
        Call::post("/v1/webhooks", &body).on(&self.account)
    }

    /// Answers `call`.
    pub async fn call(&self, call: Call) -> Answer {
        Self::answer(&self.app, call).await
    }

    /// Has one process answer `call`.
    pub async fn answer(app: &App, call: Call) -> Answer {
        let response = app.router().oneshot(call.into_request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Counts the calls to AWS that a successful answer to `call` takes.
    pub async fn calls(&self, call: Call) -> BTreeMap<String, u64> {
        self.wire.forget();
        let answer = self.call(call).await;
        assert!(answer.status < 300, "{}", answer.json());
        self.wire.take_calls()
    }

    /// Posts an event; returns its message, as Lambda receives it: for the attempts at both webhooks.
    pub async fn posted(&self) -> Vec<Leased> {
        _ = self.call(event().on(&self.account)).await.expect(202);
        let received = self.received().await;
        assert_eq!(received.len(), 1);
        received
    }

    /// Receives the messages that wait for a first attempt, as Lambda does: in batches, until none are left.
    pub async fn received(&self) -> Vec<Leased> {
        self.received_in(Lane::First).await
    }

    /// Receives the messages of `lane` that are due, as Lambda does.
    pub async fn received_in(&self, lane: Lane) -> Vec<Leased> {
        let mut received = Vec::new();
        loop {
            let batch = self.queue.receive(lane, 10).await.unwrap();
            if batch.is_empty() {
                return received;
            }
            let lambdas = |leased| Leased { receipt: aws::kept_by_lambda(), ..leased };
            received.extend(batch.into_iter().map(lambdas));
        }
    }

    /// Delivers a message.
    pub async fn deliver(&self, leased: &Leased) {
        self.app.deliver(&*self.sender, leased).await.unwrap();
    }

    /// Counts the calls to AWS that delivering a message takes.
    pub async fn delivered(&self, leased: &Leased) -> BTreeMap<String, u64> {
        self.wire.forget();
        self.deliver(leased).await;
        self.wire.take_calls()
    }
}

fn settings(schedule: Schedule) -> Settings {
    Settings {
        key_prefix: domain::key::token::KeyPrefix::default(),
        schedule,
        log_retention: Duration::from_hours(30 * 24),
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

/// Builds the request that posts an event.
#[must_use]
pub fn event() -> Call {
    Call::post("/v1/events", &new_event())
}

/// Builds the request that posts an event which is said to have happened at that time.
#[must_use]
pub fn event_of(created_at: &str) -> Call {
    let mut event = new_event();
    event["created_at"] = json!(created_at);
    Call::post("/v1/events", &event)
}

/// Builds the request that posts so many events at once.
#[must_use]
pub fn batch(number: usize) -> Call {
    Call::post("/v1/events/batch", &json!({ "events": vec![new_event(); number] }))
}

/// Returns the examples of the service that Latchhook is modelled on, each as it is posted.
///
/// The types are told apart by the first of each.
#[must_use]
pub fn examples() -> Vec<Value> {
    let file = include_str!("../../scenarios/data/webhook_events.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let mut examples = file["events"].as_array().unwrap().clone();
    for example in &mut examples {
        example["environment"] = "test".into();
    }
    examples.dedup_by(|one, other| one["type"] == other["type"]);
    examples
}

/// Example that stands for an event: a report with its results.
fn new_event() -> Value {
    let mut examples = examples().into_iter();
    examples.find(|example| example["type"] == "report.completed").unwrap()
}
