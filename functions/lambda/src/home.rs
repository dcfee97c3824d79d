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
        let name = format!("{}/key-ring", settings.secrets_prefix);
        let make = || KeyRing::generate(self.ids.as_ref()).text();
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

    fn home(
        self,
        settings: &Settings,
        ring: KeyRing,
        operator: OperatorTokenHash,
    ) -> Result<Home, Error> {
        let Self { clients, queue, clock, ids } = self;
        let tables =
            Tables { events: settings.events_table.clone(), views: settings.views_table.clone() };
        let store: Arc<dyn Store> = Arc::new(DynamoStore::new(
            clients.dynamodb(),
            tables,
            Arc::clone(&queue),
            Arc::clone(&clock),
            Arc::clone(&ids),
        ));
        let sealed = Arc::new(SealedVault::new(Arc::clone(&store), Arc::clone(&ids), ring));
        let vault: Arc<dyn Vault> = match settings.vault {
            VaultKind::Sealed => sealed,
            VaultKind::SecretsManager => {
                let prefix = settings.secrets_prefix.clone();
                Arc::new(SecretsManagerVault::new(
                    clients.secrets_manager(),
                    prefix,
                    sealed,
                    Arc::clone(&clock),
                ))
            }
        };
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
