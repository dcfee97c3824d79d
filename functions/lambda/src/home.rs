//! The AWS home: every port on DynamoDB, SQS and Secrets Manager.

use std::sync::Arc;

use app::{Home, OperatorTokenHash, settings::OPERATOR_TOKEN_PREFIX};
use aws::{Clients, DynamoStore, LeasingLimiter, Queues, SecretsManagerVault, SqsQueue, Tables};
use domain::Secret;
use lambda_runtime::Error;
use ports::{Clock, Ids, Store, Vault};
use sealed::{KeyRing, SealedVault};
use sender::Outbound;
use system::{SystemClock, SystemIds};

use crate::{Settings, VaultKind};

/// The home of a function that serves a part of the API.
///
/// # Errors
/// When a secret that it needs can't be read, or a setting can't be worked with.
pub async fn of_the_api(settings: &Settings) -> Result<Home, Error> {
    let parts = Parts::new(settings).await;
    let (ring, operator) = tokio::try_join!(parts.ring(settings), parts.operator(settings))?;
    parts.home(settings, ring, operator)
}

/// The home of the authorizer, which has no operator.
///
/// # Errors
/// When the key ring can't be read, or a setting can't be worked with.
pub async fn of_the_authorizer(settings: &Settings) -> Result<Home, Error> {
    let parts = Parts::new(settings).await;
    let ring = parts.ring(settings).await?;
    parts.home(settings, ring, NOBODY)
}

/// The home of the function that delivers, and its queue, to pass messages on.
///
/// # Errors
/// When the key ring can't be read, or a setting can't be worked with.
pub async fn of_deliveries(settings: &Settings) -> Result<(Home, Arc<SqsQueue>), Error> {
    let parts = Parts::new(settings).await;
    let ring = parts.ring(settings).await?;
    let queue = Arc::clone(&parts.queue);
    Ok((parts.home(settings, ring, NOBODY)?, queue))
}

/// The queue alone.
pub async fn queue(settings: &Settings) -> Arc<SqsQueue> {
    Parts::new(settings).await.queue
}

/// What whoever moves in or out works with: the ports without the product.
pub struct Rooms {
    parts: Parts,
    settings: Settings,
    /// Events and documents.
    pub store: Arc<DynamoStore>,
    /// Messages.
    pub queue: Arc<SqsQueue>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
}

impl Rooms {
    /// The rooms of a deployment.
    pub async fn of(settings: Settings) -> Self {
        let parts = Parts::new(&settings).await;
        let (store, queue) = (parts.store(&settings), Arc::clone(&parts.queue));
        let (clock, ids) = (Arc::clone(&parts.clock), Arc::clone(&parts.ids));
        Self { parts, settings, store, queue, clock, ids }
    }

    /// The key ring; `made`, where there is none.
    ///
    /// # Errors
    /// When it can't be read or made.
    pub async fn ring(&self, made: &KeyRing) -> Result<KeyRing, Error> {
        self.parts.ring_or(&self.settings, || made.text()).await
    }

    /// Puts `ring` in the place of the one that is there.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn replace_ring(&self, ring: &KeyRing) -> Result<(), Error> {
        let name = ring_name(&self.settings);
        Ok(aws::replace_ring(&self.parts.clients.secrets_manager(), &name, &ring.text()).await?)
    }

    /// What API keys start with.
    #[must_use]
    pub fn key_prefix(&self) -> String {
        self.settings.key_prefix.to_string()
    }

    /// The vault, with `ring`.
    #[must_use]
    pub fn vault(&self, ring: KeyRing) -> Arc<dyn Vault> {
        self.parts.vault(&self.settings, self.store.clone(), ring)
    }
}

/// The name of the key ring's secret.
fn ring_name(settings: &Settings) -> String {
    format!("{}/key-ring", settings.secrets_prefix)
}

/// The hash of no token that anybody could find.
const NOBODY: OperatorTokenHash = OperatorTokenHash([0; 32]);

/// What homes are made of.
struct Parts {
    clients: Clients,
    queue: Arc<SqsQueue>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Parts {
    async fn new(settings: &Settings) -> Self {
        let clients = Clients::new(&aws::config().await);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let queues = Queues {
            deliveries: settings.deliveries_queue.clone(),
            retry_minutes: settings.retry_minutes_queue.clone(),
            retry_hours: settings.retry_hours_queue.clone(),
        };
        let queue = SqsQueue::new(clients.sqs(), queues, settings.hop_limit, Arc::clone(&clock));
        Self { clients, queue: Arc::new(queue), clock, ids: Arc::new(SystemIds::new()) }
    }

    /// The key ring; made by whoever is the first to need one.
    async fn ring(&self, settings: &Settings) -> Result<KeyRing, Error> {
        self.ring_or(settings, || KeyRing::generate(self.ids.as_ref()).text()).await
    }

    async fn ring_or(
        &self,
        settings: &Settings,
        make: impl FnOnce() -> Secret,
    ) -> Result<KeyRing, Error> {
        let name = ring_name(settings);
        let text = aws::ring_secret(&self.clients.secrets_manager(), &name, make).await?;
        Ok(KeyRing::parse(text.expose())?)
    }

    /// The hash of the operator token: what the stack has generated, and the prefix that it could
    /// not generate; or a whole token that the operator has put in its place.
    async fn operator(&self, settings: &Settings) -> Result<OperatorTokenHash, Error> {
        let name = format!("{}/operator-token", settings.secrets_prefix);
        let kept = aws::read_secret(&self.clients.secrets_manager(), &name).await?;
        let token = match kept.expose().strip_prefix(OPERATOR_TOKEN_PREFIX) {
            Some(_) => kept,
            None => Secret::new(format!("{OPERATOR_TOKEN_PREFIX}{}", kept.expose())),
        };
        Ok(OperatorTokenHash::of(&token))
    }

    fn store(&self, settings: &Settings) -> Arc<DynamoStore> {
        let tables =
            Tables { events: settings.events_table.clone(), views: settings.views_table.clone() };
        Arc::new(DynamoStore::new(
            self.clients.dynamodb(),
            tables,
            Arc::clone(&self.queue),
            Arc::clone(&self.clock),
            Arc::clone(&self.ids),
        ))
    }

    fn vault(&self, settings: &Settings, store: Arc<dyn Store>, ring: KeyRing) -> Arc<dyn Vault> {
        let sealed = Arc::new(SealedVault::new(store, Arc::clone(&self.ids), ring));
        match settings.vault {
            VaultKind::Sealed => sealed,
            VaultKind::SecretsManager => Arc::new(SecretsManagerVault::new(
                self.clients.secrets_manager(),
                settings.secrets_prefix.clone(),
                sealed,
                Arc::clone(&self.clock),
            )),
        }
    }

    fn home(
        self,
        settings: &Settings,
        ring: KeyRing,
        operator: OperatorTokenHash,
    ) -> Result<Home, Error> {
        let store: Arc<dyn Store> = self.store(settings);
        let vault = self.vault(settings, Arc::clone(&store), ring);
        let Self { clients, queue, clock, ids } = self;
        let limiter = LeasingLimiter::new(clients.dynamodb(), settings.views_table.clone());
        Ok(Home {
            store,
            queue,
            vault,
            sender: Arc::new(Outbound::new(outbound(settings), Arc::clone(&clock))?),
            limiter: Arc::new(limiter),
            clock,
            ids,
            settings: Arc::new(choices(settings, operator)),
        })
    }
}

fn outbound(settings: &Settings) -> sender::Options {
    sender::Options {
        timeout: settings.delivery_timeout,
        allow_networks: settings.allow_networks.clone(),
        sns_endpoint: settings.sns_endpoint.as_ref().map(ToString::to_string),
        ..sender::Options::default()
    }
}

fn choices(settings: &Settings, operator: OperatorTokenHash) -> app::Settings {
    let legacy = settings.legacy_signature_header.as_ref();
    app::Settings {
        operator,
        key_prefix: settings.key_prefix.clone(),
        schedule: settings.retry_schedule.clone(),
        log_retention: settings.log_retention,
        rate_limit: settings.rate_limit,
        legacy_signature_header: legacy.map(ToString::to_string),
        public_url: settings.public_url.clone(),
    }
}
