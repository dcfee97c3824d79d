//! Ports with a span around each call.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Rate, Secret, Timestamp, id::AccountId, webhook::WebhookUrl};
use ports::{
    Commit, Limiter, Queue, ReadError, Sender, Store, Unavailable, Vault, Vetting,
    limiter::{Allowance, Budget, Turn},
    queue::{Lane, Leased, Message, Receipt},
    sender::{OutOfSockets, Outcome, Outgoing, Refused},
    store::{
        CommitError, Document, HistoryQuery, Key, Partition, Query, Range, RecordedEvent, Row,
        Sight, StreamId, StreamQuery, StreamsQuery, Write,
    },
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};
use tracing::{Instrument as _, debug_span};

use crate::Backend;

/// Port with a span at debug level around each call, which says nothing of what was asked or
/// answered.
pub struct Traced<P: ?Sized>(Arc<P>);

impl Backend {
    /// Wraps the ports in spans, if anybody wants spans at debug level; if not, a call costs what it
    /// did.
    #[must_use]
    pub fn traced(self) -> Self {
        if !wanted() {
            return self;
        }
        Self {
            store: Arc::new(Traced(self.store)),
            queue: Arc::new(Traced(self.queue)),
            vault: Arc::new(Traced(self.vault)),
            vetting: Arc::new(Traced(self.vetting)),
            limiter: Arc::new(Traced(self.limiter)),
            ..self
        }
    }
}

/// Wraps a sender in spans, as [`Backend::traced`] does the other ports.
pub fn traced_sender(sender: Arc<dyn Sender>) -> Arc<dyn Sender> {
    if wanted() { Arc::new(Traced(sender)) } else { sender }
}

fn wanted() -> bool {
    tracing::enabled!(tracing::Level::DEBUG)
}

#[async_trait]
impl Store for Traced<dyn Store> {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.0.commit(commit).instrument(debug_span!("store.commit")).await
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.0.read_stream(query).instrument(debug_span!("store.read_stream")).await
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        self.0.streams(query).instrument(debug_span!("store.streams")).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.0.history(query).instrument(debug_span!("store.history")).await
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        self.0.replay(after, most).instrument(debug_span!("store.replay")).await
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        self.0.get(keys).instrument(debug_span!("store.get")).await
    }

    async fn glance(
        &self,
        keys: &[Key],
        sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        self.0.glance(keys, sights).instrument(debug_span!("store.glance")).await
    }

    fn is_shared(&self) -> bool {
        self.0.is_shared()
    }

    fn spread(&self) -> u8 {
        self.0.spread()
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        self.0.query(query).instrument(debug_span!("store.query")).await
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        self.0.count(partition, range).instrument(debug_span!("store.count")).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        self.0.counter(key).instrument(debug_span!("store.counter")).await
    }

    fn gathers_additions(&self) -> bool {
        self.0.gathers_additions()
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        self.0.settle().instrument(debug_span!("store.settle")).await
    }
}

#[async_trait]
impl Queue for Traced<dyn Queue> {
    fn is_transactional(&self) -> bool {
        self.0.is_transactional()
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        self.0.send(messages).instrument(debug_span!("queue.send")).await
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        self.0.receive(lane, most).instrument(debug_span!("queue.receive")).await
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.0.acknowledge(receipt).instrument(debug_span!("queue.acknowledge")).await
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.0.release(receipt).instrument(debug_span!("queue.release")).await
    }
}

#[async_trait]
impl Vault for Traced<dyn Vault> {
    fn keeps_apart(&self) -> bool {
        self.0.keeps_apart()
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.0.fingerprints(of, bytes).instrument(debug_span!("vault.fingerprints")).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.0.rewrap(scope).instrument(debug_span!("vault.rewrap")).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.0.open_account(account).instrument(debug_span!("vault.open_account")).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.0.close_account(account).instrument(debug_span!("vault.close_account")).await
    }

    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        self.0.keep(name, secret).instrument(debug_span!("vault.keep")).await
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        self.0.reveal(name).instrument(debug_span!("vault.reveal")).await
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        self.0.forget(name).instrument(debug_span!("vault.forget")).await
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.0.destroy(name).instrument(debug_span!("vault.destroy")).await
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.0.seal(scope, label, plain).instrument(debug_span!("vault.seal")).await
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.0.open(scope, label, sealed).instrument(debug_span!("vault.open")).await
    }
}

#[async_trait]
impl Vetting for Traced<dyn Vetting> {
    async fn vet(&self, account: AccountId, url: &WebhookUrl) -> Result<(), Refused> {
        self.0.vet(account, url).instrument(debug_span!("vetting.vet")).await
    }
}

#[async_trait]
impl Limiter for Traced<dyn Limiter> {
    async fn take(
        &self,
        budget: Budget,
        rate: Rate,
        amount: u64,
        now: Timestamp,
    ) -> Result<Allowance, Unavailable> {
        self.0.take(budget, rate, amount, now).instrument(debug_span!("limiter.take")).await
    }

    async fn reserve(
        &self,
        budget: Budget,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn, Unavailable> {
        self.0.reserve(budget, rate, now).instrument(debug_span!("limiter.reserve")).await
    }

    fn knows(&self, turn: Turn) -> bool {
        self.0.knows(turn)
    }

    async fn put_back(&self, budget: Budget, rate: Rate, amount: u64) {
        self.0.put_back(budget, rate, amount).instrument(debug_span!("limiter.put_back")).await;
    }
}

#[async_trait]
impl Sender for Traced<dyn Sender> {
    async fn send(
        &self,
        account: AccountId,
        url: &WebhookUrl,
        outgoing: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        self.0.send(account, url, outgoing).instrument(debug_span!("sender.send")).await
    }
}
