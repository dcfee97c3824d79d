//! Disk with a deliberate bug: what its commits do, and its queue.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::views::collections::DERIVED;
use async_trait::async_trait;
use ports::{
    Commit, Queue, ReadError, Store as _, Unavailable,
    queue::{Lane, Leased, Message, Receipt},
    store::{CommitError, Condition, Document, Key, Write},
};

use super::Bug;
use crate::{Chance, Memory, executor::step_aside, memory};

/// Number of commits that are flushed together by [`Bug::FlushesLater`].
const FLUSH: u64 = 4;
/// Time by which [`Bug::HandsOutEarly`] is early.
const EARLY: Duration = Duration::from_secs(30);

/// [`Memory`] with a bug, or none.
pub(crate) struct Buggy {
    pub(super) disk: Arc<Memory>,
    pub(super) bug: Option<Bug>,
    state: Mutex<State>,
}

/// Memory of the bugs.
pub(super) struct State {
    chance: Chance,
    commits: u64,
    flushed: Option<memory::State>,
    /// Documents before their last change.
    pub(super) before: BTreeMap<Key, Option<Document>>,
    /// Documents with the number of puts since the last deletion.
    pub(super) numbers: BTreeMap<Key, u64>,
    pub(super) cached: BTreeMap<(Key, u64), Document>,
}

impl Buggy {
    /// Wraps `disk`; how a bug behaves is drawn from `seed`.
    pub(crate) fn new(disk: Arc<Memory>, bug: Option<Bug>, seed: u64) -> Self {
        let state = State {
            chance: Chance::seeded(seed ^ 0xb06),
            commits: 0,
            flushed: None,
            before: BTreeMap::new(),
            numbers: BTreeMap::new(),
            cached: BTreeMap::new(),
        };
        Self { disk, bug, state: Mutex::new(state) }
    }

    /// Forgets what was not flushed.
    pub(crate) fn crash(&self) {
        let flushed = self.state().flushed.take();
        if let Some(flushed) = flushed {
            self.disk.restore(flushed);
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    pub(super) fn one_in(&self, number: usize) -> bool {
        self.state().chance.below(number) == 0
    }

    /// Commits as the bug does.
    pub(super) async fn commit_wrongly(
        &self,
        bug: Bug,
        mut commit: Commit,
    ) -> Result<(), CommitError> {
        match bug {
            Bug::AcknowledgesFirst => {
                for receipt in std::mem::take(&mut commit.acknowledge) {
                    self.disk.acknowledge(&receipt).await?;
                }
                step_aside().await;
            }
            Bug::AnswersUnwritten if self.one_in(32) => return Ok(()),
            Bug::FlushesLater => self.flush(),
            Bug::Tears if !commit.appends.is_empty() => self.tear(&mut commit).await?,
            Bug::ForgetsConditions => commit.writes.iter_mut().for_each(forget_condition),
            Bug::ForgetsVersions => {
                commit.appends.iter_mut().for_each(|append| append.expected_version = None);
            }
            Bug::ReadsQuotaFirst => self.read_quota(&mut commit.writes).await?,
            Bug::ForgetsView if !commit.appends.is_empty() && self.one_in(8) => {
                forget_first(&mut commit.writes, is_view);
            }
            Bug::ForgetsCount if self.one_in(4) => {
                forget_first(&mut commit.writes, |write| matches!(write, Write::Count { .. }));
            }
            Bug::NeverAcknowledges => commit.acknowledge.retain(|receipt| !is_stuck(receipt)),
            Bug::KeepsSecrets => forget_first(&mut commit.writes, is_destruction),
            _ => {}
        }
        commit.messages = self.sent(commit.messages);
        self.remember(bug, &commit).await?;
        self.disk.commit(commit).await
    }

    /// Messages that are really sent of `messages`.
    fn sent(&self, mut messages: Vec<Message>) -> Vec<Message> {
        match self.bug {
            Some(Bug::DropsBatchEntry) if messages.len() > 1 && self.one_in(4) => {
                messages.pop();
            }
            Some(Bug::LosesMessages) if self.one_in(8) => messages.clear(),
            Some(Bug::HandsOutEarly) => {
                for retry in messages.iter_mut().filter(|message| message.lane == Lane::Retry) {
                    retry.due = retry.due.minus(EARLY);
                }
            }
            Some(Bug::ShiftsSlot) => {
                for retry in messages.iter_mut().filter(|message| message.lane == Lane::Retry) {
                    retry.task.slot += 1;
                }
            }
            _ => {}
        }
        messages
    }

    fn flush(&self) {
        let snapshot = self.disk.snapshot();
        let mut state = self.state();
        if state.commits.is_multiple_of(FLUSH) {
            state.flushed = Some(snapshot);
        }
        state.commits += 1;
    }

    /// Commits the events of `commit`, under its conditions, and leaves the rest.
    async fn tear(&self, commit: &mut Commit) -> Result<(), CommitError> {
        let conditions = commit.writes.iter().filter_map(|write| match write {
            Write::Put { key, condition, .. }
            | Write::Delete { key, condition }
            | Write::Check { key, condition } => {
                Some(Write::Check { key: key.clone(), condition: *condition })
            }
            Write::Count { .. } => None,
        });
        let (appends, writes) = (std::mem::take(&mut commit.appends), conditions.collect());
        let until = commit.until;
        self.disk.commit(Commit { appends, writes, until, ..Commit::default() }).await?;
        commit.until = None;
        commit.writes.iter_mut().for_each(forget_condition);
        step_aside().await;
        Ok(())
    }

    async fn read_quota(&self, writes: &mut [Write]) -> Result<(), CommitError> {
        for (index, write) in writes.iter_mut().enumerate() {
            let Write::Count { key, by, at_most } = write else { continue };
            let Some(most) = at_most.take() else { continue };
            let becomes = self.disk.counter(key).await?.saturating_add_signed(*by);
            if becomes > most {
                return Err(CommitError::ConditionFailed { index });
            }
            step_aside().await;
        }
        Ok(())
    }

    /// Notes what reads need to go wrong later.
    async fn remember(&self, bug: Bug, commit: &Commit) -> Result<(), ReadError> {
        if bug != Bug::ReadsStale && bug != Bug::CachesByRevision {
            return Ok(());
        }
        for write in &commit.writes {
            let (Write::Put { key, .. } | Write::Delete { key, .. }) = write else { continue };
            let before = self.disk.get(std::slice::from_ref(key)).await?.pop().flatten();
            let mut state = self.state();
            state.before.insert(key.clone(), before);
            if matches!(write, Write::Delete { .. }) {
                state.numbers.remove(key);
            } else {
                *state.numbers.entry(key.clone()).or_default() += 1;
            }
        }
        Ok(())
    }
}

fn forget_condition(write: &mut Write) {
    match write {
        Write::Put { condition, .. }
        | Write::Delete { condition, .. }
        | Write::Check { condition, .. } => *condition = Condition::None,
        Write::Count { .. } => {}
    }
}

fn forget_first(writes: &mut Vec<Write>, which: impl Fn(&Write) -> bool) {
    if let Some(place) = writes.iter().position(which) {
        writes.remove(place);
    }
}

fn is_view(write: &Write) -> bool {
    let Write::Put { key, .. } = write else { return false };
    DERIVED.iter().any(|collection| collection.0 == key.partition.collection())
}

fn is_destruction(write: &Write) -> bool {
    matches!(write, Write::Delete { key, .. } if key.partition.collection() == "data_keys")
}

/// Returns whether a message is one of those that are never acknowledged.
fn is_stuck(receipt: &Receipt) -> bool {
    let id = receipt.0.split('#').next().unwrap_or_default();
    id.bytes().next_back().is_some_and(|last| last % 8 == 0)
}

#[async_trait]
impl Queue for Buggy {
    fn is_transactional(&self) -> bool {
        true
    }

    async fn send(&self, messages: &[Message]) -> Result<(), Unavailable> {
        self.disk.send(&self.sent(messages.to_vec())).await
    }

    async fn receive(&self, lane: Lane, most: usize) -> Result<Vec<Leased>, ReadError> {
        let received = self.disk.receive(lane, most).await?;
        for leased in &received {
            if self.is(Bug::LeasesTwice) && self.one_in(8) {
                self.disk.release(&leased.receipt).await?;
            }
            if self.is(Bug::ReceivesByRemoving) {
                self.disk.acknowledge(&leased.receipt).await?;
            }
        }
        Ok(received)
    }

    async fn acknowledge(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        if self.is(Bug::NeverAcknowledges) && is_stuck(receipt) {
            return Ok(());
        }
        self.disk.acknowledge(receipt).await
    }

    async fn release(&self, receipt: &Receipt) -> Result<(), Unavailable> {
        self.disk.release(receipt).await
    }
}
