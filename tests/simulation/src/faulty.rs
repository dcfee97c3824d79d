//! Wrappers of ports whose calls go through [`Faults`].

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Secret, id::AccountId};
use futures_util::future::join_all;
use ports::{
    Commit, Queue, ReadError, Store, Unavailable, Vault,
    queue::{Lane, Leased, Message, Receipt},
    store::{
        CommitError, Document, HistoryQuery, Key, Partition, Query, Range, RecordedEvent, Row,
        Sight, StreamId, StreamQuery, StreamsQuery, Write,
    },
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};

use crate::Faults;

/// Port that fails as `faults` says.
pub(crate) struct Faulty<P: ?Sized> {
    pub(crate) faults: Arc<Faults>,
    pub(crate) port: Arc<P>,
}

impl<S: Store> Faulty<S> {
    /// Reads documents, late ones where a backend that splits commits may.
    async fn seen(
        &self,
        keys: &[Key],
        sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        let found = self.port.get(keys).await?;
        let is_late = self.faults.are_commits_split();
        Ok(if is_late { self.faults.seen(keys, sights, found) } else { found })
    }

    async fn whole(&self, commit: Commit) -> Result<(), CommitError> {
        let call = async {
            if !self.faults.has_room_for(&commit) {
                return Err(Unavailable::new("committing", "hardly any space is free").into());
            }
            if self.faults.is_contended() {
                return Err(CommitError::Contended);
            }
            self.port.commit(commit).await
        };
        self.faults.around("store.commit", call).await
    }
}

#[async_trait]
impl<S: Store + Queue> Store for Faulty<S> {
    async fn commit(&self, mut commit: Commit) -> Result<(), CommitError> {
        if !self.faults.are_commits_split() {
            return self.whole(commit).await;
        }
        let ahead = std::mem::take(&mut commit.ahead);
        if !ahead.is_empty() {
            self.whole(Commit { writes: ahead, ..Commit::default() }).await?;
        }
        let messages = std::mem::take(&mut commit.messages);
        let mut finished = std::mem::take(&mut commit.acknowledge);
        let functions = &self.faults.functions;
        let mut additions = vec![];
        if functions.are_used() {
            additions = std::mem::take(&mut commit.additions);
            // The answer to the batch acknowledges.
            finished.clear();
        }
        let done = self.whole(commit).await;
        if matches!(done, Err(CommitError::Unavailable(_))) {
            // If it happened, whoever finds that out sends its messages, and so does the next.
            self.faults.excuse((messages.len() + finished.len()) as u64);
        }
        done?;
        functions.gather(additions);
        if !messages.is_empty() {
            self.send(&messages).await?;
        }
        for receipt in finished {
            // A message that can't be acknowledged comes back.
            _ = self.acknowledge(&receipt).await;
        }
        Ok(())
    }

    async fn read_stream(&self, query: &StreamQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.faults.around("store.read_stream", self.port.read_stream(query)).await
    }

    async fn streams(&self, query: &StreamsQuery) -> Result<Vec<StreamId>, ReadError> {
        self.faults.around("store.streams", self.port.streams(query)).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<Vec<RecordedEvent>, ReadError> {
        self.faults.around("store.history", self.port.history(query)).await
    }

    async fn replay(
        &self,
        after: Option<String>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        self.faults.around("store.replay", self.port.replay(after, most)).await
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Document>>, ReadError> {
        self.faults.around("store.get", self.port.get(keys)).await
    }

    async fn glance(
        &self,
        keys: &[Key],
        sights: &[Sight],
    ) -> Result<Vec<Option<Document>>, ReadError> {
        self.faults.around("store.get", self.seen(keys, sights)).await
    }

    fn is_shared(&self) -> bool {
        self.faults.are_commits_split()
    }

    fn spread(&self) -> u8 {
        if self.faults.are_commits_split() { 4 } else { 1 }
    }

    async fn query(&self, query: &Query) -> Result<Vec<Row>, ReadError> {
        self.faults.around("store.query", self.port.query(query)).await
    }

    async fn count(&self, partition: &Partition, range: &Range) -> Result<u64, ReadError> {
        self.faults.around("store.count", self.port.count(partition, range)).await
    }

    async fn counter(&self, key: &Key) -> Result<u64, ReadError> {
        self.faults.around("store.counter", self.port.counter(key)).await
    }

    fn gathers_additions(&self) -> bool {
        self.faults.functions.are_used()
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        let written = self.faults.functions.take().into_iter().map(|addition| async move {
            let commit = Commit { additions: vec![addition.clone()], ..Commit::default() };
            let done = self.faults.around("store.settle", self.port.commit(commit)).await;
            done.map_err(|_| {
                self.faults.functions.gather(vec![addition]);
                Unavailable::new("adding to numbers", "a simulated fault")
            })
        });
        join_all(written).await.into_iter().collect()
    }
}

#[async_trait]
impl<Q: Queue> Queue for Faulty<Q> {
    fn is_transactional(&self) -> bool {
        !self.faults.are_commits_split() && self.port.is_transactional()
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        let sent = self.faults.around("queue.send", self.port.send(messages)).await;
        if sent.is_err() {
            // Sending again can duplicate each of them.
            self.faults.excuse(messages.len() as u64);
        }
        sent
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        let mut received =
            self.faults.around("queue.receive", self.port.receive(lane, most)).await?;
        let twice: Vec<Leased> =
            received.iter().filter(|_| self.faults.is_duplicated()).cloned().collect();
        received.extend(twice);
        Ok(received)
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        let done = self.faults.around("queue.acknowledge", self.port.acknowledge(receipt)).await;
        // The message comes back, and can bring the next one with it once more.
        self.faults.excuse(u64::from(done.is_err()));
        done
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        if self.faults.functions.are_used() {
            return Ok(());
        }
        self.faults.around("queue.release", self.port.release(receipt)).await
    }
}

#[async_trait]
impl<V: Vault> Vault for Faulty<V> {
    fn keeps_apart(&self) -> bool {
        self.port.keeps_apart()
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.port.fingerprints(of, bytes).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.faults.around("vault.rewrap", self.port.rewrap(scope)).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.faults.around("vault.open_account", self.port.open_account(account)).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.faults.around("vault.close_account", self.port.close_account(account)).await
    }

    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        self.faults.around("vault.keep", self.port.keep(name, secret)).await
    }

    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        self.faults.around("vault.reveal", self.port.reveal(name)).await
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        self.faults.around("vault.forget", self.port.forget(name)).await
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.faults.around("vault.destroy", self.port.destroy(name)).await
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.faults.around("vault.seal", self.port.seal(scope, label, plain)).await
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.faults.around("vault.open", self.port.open(scope, label, sealed)).await
    }
}
