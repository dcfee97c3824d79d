//! AWS backend: every port on DynamoDB, SQS and Secrets Manager.

mod kept;
mod operator;
mod vault_kind;

use std::sync::Arc;

use app::{Backend, NoRootToken, OperatorToken};
use aws::{
    BothVaults, Clients, DynamoStore, LeasingLimiter, Queues, SecretsManager, SecretsManagerVault,
    SqsQueue, Tables,
};
use domain::Secret;
use guard::Vetter;
use lambda_runtime::Error;
use ports::{Clock, Ids, Resolve, Store, Vault};
use resolver::{DnsResolver, Source};
use sealed::{KeyRing, SealedVault};
use system::{SystemClock, SystemIds};

use self::{
    kept::StoredRing,
    operator::{StoredOperator, TokenSecret},
    vault_kind::CheckedRing,
};
use crate::{Settings, VaultKind};

/// Returns the backend of a function that serves a part of the API.
pub async fn of_the_api(settings: &Settings) -> Backend {
    with_secrets(settings).await.0
}

/// Returns the backend of a function that serves a part of the API, and the client of the service that
/// keeps the operator's secrets.
pub(crate) async fn with_secrets(settings: &Settings) -> (Backend, SecretsManager) {
    let parts = Parts::new(settings).await;
    let (operator, secrets) = (parts.operator(settings), parts.clients.secrets_manager());
    (parts.backend(settings, operator), secrets)
}

/// Returns `backend` of an installation that people reach at `public_url`.
pub(crate) fn reached_at(backend: &Backend, public_url: String) -> Backend {
    let settings = app::Settings { public_url, ..app::Settings::clone(&backend.settings) };
    Backend { settings: Arc::new(settings), ..backend.clone() }
}

/// Returns the backend of the authorizer, which has no operator.
pub async fn of_the_authorizer(settings: &Settings) -> Backend {
    Parts::new(settings).await.backend(settings, Arc::new(NoRootToken))
}

/// Returns the backend of the function that delivers, and its queue, to pass messages on.
pub async fn of_deliveries(settings: &Settings) -> (Backend, Arc<SqsQueue>) {
    let parts = Parts::new(settings).await;
    let queue = Arc::clone(&parts.queue);
    (parts.backend(settings, Arc::new(NoRootToken)), queue)
}

/// Returns the queue alone.
pub async fn queue(settings: &Settings) -> Arc<SqsQueue> {
    Parts::new(settings).await.queue
}

/// Ports of a deployment without the product, for moving in or out.
pub struct Deployment {
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

impl Deployment {
    /// Connects to the ports of a deployment.
    pub async fn of(settings: Settings) -> Self {
        let parts = Parts::new(&settings).await;
        let (store, queue) = (parts.store(&settings), Arc::clone(&parts.queue));
        let (clock, ids) = (Arc::clone(&parts.clock), Arc::clone(&parts.ids));
        Self { parts, settings, store, queue, clock, ids }
    }

    /// Returns the key ring; stores `made` as the key ring if there is none.
    ///
    /// # Errors
    /// When it can't be read or stored, or the deployment's secrets are in another kind of vault.
    pub async fn ring(&self, made: &KeyRing) -> Result<KeyRing, Error> {
        vault_kind::agree(&*self.store, self.settings.vault).await?;
        Ok(self.parts.ring(&self.settings).read_or(|| made.text()).await?)
    }

    /// Replaces the key ring by `ring`.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn replace_ring(&self, ring: &KeyRing) -> Result<(), Error> {
        Ok(self.parts.ring(&self.settings).replace(ring).await?)
    }

    /// Puts `ring` in the place of an older one. `change` names the change, in 32 to 64 characters;
    /// of two commands that make the same at once, one gets an error.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn change_ring(&self, ring: &KeyRing, change: &str) -> Result<(), Error> {
        Ok(self.parts.ring(&self.settings).change(ring, change).await?)
    }

    /// Replaces the operator token by `token`; every function knows it within a minute, and the old
    /// one no longer.
    ///
    /// # Errors
    /// When it can't be written; a repeat completes it.
    pub async fn rotate_operator_token(&self, token: &Secret) -> Result<(), Error> {
        let kept = TokenSecret::new(self.parts.clients.secrets_manager(), &self.settings);
        operator::rotate(&kept, &*self.store, token).await
    }

    /// Returns the vault of secrets that are kept apart, if the deployment has that kind; `ring` is
    /// its key ring.
    #[must_use]
    pub fn apart(&self, ring: KeyRing) -> Option<SecretsManagerVault> {
        let sealed = SealedVault::new(self.store.clone(), Arc::clone(&self.ids), ring);
        match self.settings.vault {
            VaultKind::Sealed | VaultKind::Both => None,
            VaultKind::SecretsManager => Some(self.parts.apart(&self.settings, Arc::new(sealed))),
        }
    }

    /// Returns the kind of vault that the functions are told.
    #[must_use]
    pub const fn vault_kind(&self) -> VaultKind {
        self.settings.vault
    }

    /// Returns both vaults, that of secrets which are kept apart and the sealed one, whichever the
    /// deployment uses; `ring` is its key ring.
    #[must_use]
    pub fn vaults(&self, ring: KeyRing) -> (SecretsManagerVault, Arc<SealedVault>) {
        let sealed = SealedVault::new(self.store.clone(), Arc::clone(&self.ids), ring);
        let sealed = Arc::new(sealed);
        (self.parts.apart(&self.settings, sealed.clone()), sealed)
    }

    /// Returns the whole backend, as its functions have it.
    pub async fn backend(&self) -> Backend {
        of_the_api(&self.settings).await
    }

    /// Returns the prefix of API keys.
    #[must_use]
    pub fn key_prefix(&self) -> String {
        self.settings.key_prefix.to_string()
    }

    /// Returns the vault, with `ring`.
    #[must_use]
    pub fn vault(&self, ring: KeyRing) -> Arc<dyn Vault> {
        let sealed = SealedVault::new(self.store.clone(), Arc::clone(&self.ids), ring);
        self.parts.vault(&self.settings, sealed)
    }
}

/// Parts from which backends are assembled.
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

    /// Returns the check of the stack's own operator token, which is read only where it is let in.
    fn operator(&self, settings: &Settings) -> Arc<dyn OperatorToken> {
        if !settings.root_token {
            return Arc::new(NoRootToken);
        }
        let kept = Box::new(TokenSecret::new(self.clients.secrets_manager(), settings));
        Arc::new(StoredOperator::new(kept, self.store(settings), Arc::clone(&self.clock)))
    }

    fn ring(&self, settings: &Settings) -> StoredRing {
        StoredRing::new(self.clients.secrets_manager(), Arc::clone(&self.ids), settings)
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

    fn vault(&self, settings: &Settings, sealed: SealedVault) -> Arc<dyn Vault> {
        let sealed = Arc::new(sealed);
        match settings.vault {
            VaultKind::Sealed => sealed,
            VaultKind::SecretsManager => Arc::new(self.apart(settings, sealed)),
            VaultKind::Both => {
                let apart = Arc::new(self.apart(settings, sealed.clone()));
                Arc::new(BothVaults::new(self.store(settings), apart, sealed))
            }
        }
    }

    /// Returns the vault of secrets that are kept apart, and that leaves the rest to `sealed`.
    fn apart(&self, settings: &Settings, sealed: Arc<SealedVault>) -> SecretsManagerVault {
        let (client, clock) = (self.clients.secrets_manager(), Arc::clone(&self.clock));
        let prefix = settings.stack.clone();
        SecretsManagerVault::new(client, prefix, sealed, clock)
            .encrypted_under(settings.kms_key.clone())
    }

    fn backend(self, settings: &Settings, operator: Arc<dyn OperatorToken>) -> Backend {
        let store: Arc<dyn Store> = self.store(settings);
        let ring = CheckedRing::new(self.ring(settings), Arc::clone(&store), settings.vault);
        let (ids, clock) = (Arc::clone(&self.ids), Arc::clone(&self.clock));
        let sealed = SealedVault::with_source(Arc::clone(&store), ids, clock, Box::new(ring));
        let vault = self.vault(settings, sealed);
        let Self { clients, queue, clock, ids } = self;
        let resolver = resolver_of(settings, &clock);
        let vetter = Vetter::new(settings.allow_networks.clone(), Arc::clone(&clock), resolver);
        let limiter = LeasingLimiter::new(clients.dynamodb(), settings.views_table.clone());
        Backend {
            store,
            queue,
            vault,
            vetting: Arc::new(vetter),
            tally: Arc::default(),
            limiter: Arc::new(limiter),
            clock,
            ids,
            operator,
            identity: None,
            telling: Arc::new(app::Operational),
            traces: None,
            settings: Arc::new(choices(settings)),
        }
    }
}

/// Returns the resolver.
pub(crate) fn resolver_of(settings: &Settings, clock: &Arc<dyn Clock>) -> Arc<dyn Resolve> {
    let source = Source::system(settings.name_servers.clone());
    Arc::new(DnsResolver::new(source, Arc::clone(clock)))
}

fn choices(settings: &Settings) -> app::Settings {
    let legacy = settings.legacy_signature_header.as_ref();
    app::Settings {
        key_prefix: settings.key_prefix.clone(),
        schedule: settings.retry_schedule.clone(),
        log_retention: settings.log_retention,
        failing: settings.failing,
        limits: settings.limits,
        envelope: settings.envelope.clone(),
        legacy_signature_header: legacy.map(ToString::to_string),
        compatibility: settings.compatibility,
        jurisdictions: settings.jurisdictions.clone(),
        send_traceparent: false,
        statement_events: app::settings::STATEMENT_EVENTS,
        public_url: settings.public_url.clone().unwrap_or_default(),
    }
}
