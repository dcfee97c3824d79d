//! Work: who asked for what, and the one atomic commit that does it.
//!
//! [`Work::execute`] runs a command: it loads a state, lets its decider decide, records the events in
//! a [`Commit`] and commits. A use case that commits more than that does so in [`Work::run`], with
//! [`Work::change`] for each command. Either does all of it again after a lost race
//! ([`Halt::Raced`]). Each try has a time of its own and the caller's authority as it is then, and
//! no try commits without that: [`Work::commit`] makes it a condition.

mod announced;
mod asked;
mod committed;
mod execute;
pub mod idempotency;
mod own;
mod repeated;
mod reply;
mod showing;

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use domain::{Environment, Jurisdictions, StoredEvent, Timestamp, account::Account, id::AccountId};
use ports::{
    Commit,
    limiter::Use,
    store::{
        ActorKind, Append, Collection, CommitError, Condition, EventName, Key, Metadata, NewEvent,
        Write,
    },
};

pub(crate) use self::announced::{may_follow, send_with};
use self::idempotency::Slot;
pub use self::reply::{Answered, Reply, json_line};
pub use self::{asked::Asked, execute::Change};
use crate::{
    Backend,
    as_of::snapshot,
    auth::Authority,
    documents::{StoredState, state},
    long_work::LongTurn,
    problem::{Code, Problem},
    views::{Versioned, View, changes, collections},
};

/// Maximum number of tries of a command that keeps losing races.
const MOST_TRIES: usize = 12;
/// Pauses between tries, before jitter.
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(2))
    .with_max_delay(Duration::from_millis(100))
    .with_max_times(MOST_TRIES - 1);

/// One piece of work, or one try of it.
#[derive(Clone)]
pub struct Work {
    /// Backend in which it is done.
    pub backend: Arc<Backend>,
    /// Origin of the request.
    pub asked: Asked,
    /// Time at which it began.
    pub now: Timestamp,
    /// Authority under which it is done.
    pub authority: Authority,
    /// Environment that has to be open to the account, if it has to be.
    environment: Option<Environment>,
    is_as_was_read: bool,
    /// Slot in which its answer is kept for repeats, if the caller asked for that.
    pub slot: Option<Arc<Slot>>,
    /// Turn of the account, if the work takes long.
    pub(crate) turn: Option<Arc<LongTurn>>,
}

/// Reason for which one try of a use case ends early.
#[derive(Debug)]
pub enum Halt {
    /// The request is refused.
    Refused(Problem),
    /// Another commit was faster; another try can succeed.
    Raced,
}

impl<P: Into<Problem>> From<P> for Halt {
    fn from(problem: P) -> Self {
        Self::Refused(problem.into())
    }
}

impl Work {
    /// Jurisdictions that are distinguished.
    pub(crate) fn jurisdictions(&self) -> &Jurisdictions {
        &self.backend.settings.jurisdictions
    }

    /// Makes work that nobody asked for.
    #[must_use]
    pub fn of_the_system(backend: Arc<Backend>) -> Self {
        let now = backend.now();
        let (asked, authority) = (Asked::by_the_system(), Authority::System);
        Self {
            backend,
            asked,
            now,
            authority,
            environment: None,
            is_as_was_read: false,
            slot: None,
            turn: None,
        }
    }

    /// Makes the work that somebody `asked` for under `authority`, which begins now.
    #[must_use]
    pub fn of(backend: Arc<Backend>, asked: Asked, authority: Authority) -> Self {
        let now = backend.now();
        Self {
            backend,
            asked,
            now,
            authority,
            environment: None,
            is_as_was_read: false,
            slot: None,
            turn: None,
        }
    }

    /// Returns this work, which is only done while `environment` is open to the account: it sends
    /// something there.
    ///
    /// # Errors
    /// The errors of [`Work::check`], if the environment is not open now.
    pub fn open_in(&self, environment: Environment) -> Result<Self, Problem> {
        let work = Self { environment: Some(environment), ..self.clone() };
        work.check().map(|()| work)
    }

    /// Returns this work without a slot, so that no answer is kept.
    #[must_use]
    pub fn unkept(&self) -> Self {
        Self { slot: None, ..self.clone() }
    }

    /// Returns this work as it would begin now, with the authority of now.
    ///
    /// # Errors
    /// The refusal of the caller, or that the backend is unavailable.
    pub async fn again(&self) -> Result<Self, Problem> {
        let authority = self.authority.again().await?;
        Ok(Self { authority, now: self.backend.now(), ..self.clone() })
    }

    /// Returns the account that the work is for, as it was read for this try.
    ///
    /// # Errors
    /// [`Code::AccountRequired`] where it is for none.
    pub fn account(&self) -> Result<&Versioned<Account>, Problem> {
        self.authority.account().map(AsRef::as_ref)
    }

    /// Refuses the work if the caller may not have it done, as far as was read for this try.
    ///
    /// # Errors
    /// [`Code::AccountClosed`], [`Code::AccountNotCredentialed`], or the reason for refusing the
    /// credential.
    pub fn check(&self) -> Result<(), Problem> {
        self.authority.check(self.now)?;
        match self.environment {
            Some(environment) if !self.account()?.state.has(environment) => {
                Err(Code::AccountNotCredentialed.into())
            }
            _ => Ok(()),
        }
    }

    /// Repeats `attempt` until it does not lose a race, a limited number of times. Each try is
    /// given the work as it begins then: its own time, and the caller's authority.
    ///
    /// # Errors
    /// The refusal of the caller or of the attempt, or [`Code::Conflict`] after too many lost
    /// races.
    pub async fn run<T, F>(&self, attempt: impl Fn(Self) -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Halt>>,
    {
        let mut pauses = BACKOFF.build();
        // What the request read is still new, and the commit fails if it has changed since.
        let mut work = Self { now: self.backend.now(), ..self.clone() };
        loop {
            work.check()?;
            match attempt(work).await {
                Ok(done) => return Ok(done),
                Err(Halt::Refused(problem)) => return Err(problem),
                Err(Halt::Raced) => {}
            }
            let pause = pauses.next().ok_or(Code::Conflict)?;
            jittered_sleep(&self.backend, pause).await;
            work = self.again().await?;
        }
    }

    /// Returns the state under the first of `keys` that has one.
    ///
    /// # Errors
    /// When the backend is unavailable, or the state can't be read.
    pub async fn find<S: StoredState>(
        &self,
        keys: &[Key],
    ) -> Result<Option<Versioned<S>>, Problem> {
        let store = &*self.backend.store;
        for document in store.get(keys).await?.into_iter().flatten() {
            if let Some(state) = state(store, &document).await? {
                return Ok(Some(state));
            }
        }
        Ok(None)
    }

    /// Adds to `commit` that `events` happened to `before`: the events themselves, and the
    /// resulting changes of the views. Returns the state afterwards. Without events nothing
    /// changes. Accesses go to a stream of their own.
    #[must_use]
    pub fn record<S: View>(
        &self,
        commit: &mut Commit,
        before: Option<&Versioned<S>>,
        events: Vec<S::Event>,
    ) -> Option<Versioned<S>>
    where
        S::Event: Clone,
    {
        let (accesses, events): (Vec<_>, Vec<_>) =
            events.into_iter().partition(StoredEvent::is_access);
        if let Some(before) = before.filter(|_| !accesses.is_empty()) {
            let environment = before.state.environment();
            let stored = accesses.iter().map(|event| self.stored::<S>(event, environment));
            Self::accessed(commit, before, stored.collect());
        }
        if events.is_empty() {
            return before.cloned();
        }
        let version = before.map_or(0, |before| before.version);
        let happened = events.clone();
        let appended = u64::try_from(events.len()).unwrap_or(u64::MAX);
        let state = before.map(|before| before.state.clone());
        let state =
            events.into_iter().fold(state, |state, event| S::evolve(state, event, self.now))?;
        let environment = state.environment();
        let stored = happened.iter().map(|event| self.stored::<S>(event, environment)).collect();
        commit.revokes |= before.is_some_and(|before| before.state.revokes(&state, self.now));
        let after = Versioned::folded(version + appended, state);
        let stream = after.state.stream();
        commit.appends.push(Append { stream, expected_version: Some(version), events: stored });
        commit.add(changes(before, &after));
        commit.writes.extend(snapshot(version, &after, self.now));
        Some(after)
    }

    /// Adds to `commit` that `thing`, which must not have changed since it was read, was accessed.
    fn accessed<S: View>(commit: &mut Commit, thing: &Versioned<S>, events: Vec<NewEvent>) {
        let Some(stream) = thing.state.stream().accesses() else { return };
        commit.appends.push(Append { stream, expected_version: None, events });
        let condition = Condition::Revision(thing.revision);
        commit.writes.push(Write::Check { key: thing.state.key(), condition });
    }

    fn stored<S: View>(&self, event: &S::Event, environment: Option<Environment>) -> NewEvent {
        NewEvent {
            id: self.backend.new_audit_id(self.now),
            name: EventName {
                name: event.name().to_owned(),
                schema_version: event.schema_version(),
            },
            payload: event.payload(),
            metadata: Metadata {
                actor: self.asked.by.clone(),
                request_id: self.asked.request,
                ip: self.asked.ip,
                environment,
                at: self.now,
            },
        }
    }

    /// Commits under the authority of this try, and keeps `reply` for repeats of the request.
    /// `refusal` maps a failed precondition on a document of some collection to a problem; where it
    /// returns none, that is a lost race.
    ///
    /// # Errors
    /// The refusal, [`Halt::Raced`], or that the backend is unavailable.
    pub async fn commit(
        &self,
        mut commit: Commit,
        reply: &Reply,
        refusal: impl Fn(&str) -> Option<Problem>,
    ) -> Result<(), Halt> {
        if let Some(slot) = &self.slot {
            commit
                .writes
                .extend(slot.keep(&self.backend, self.now, reply, &commit.messages).await?);
        }
        self.guarded(commit, refusal).await
    }

    /// Commits under the authority of this try, and returns `reply`, which is not kept: it shows a
    /// secret, and each time that is shown belongs in the history. A repeat of the request commits
    /// again.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub async fn commit_showing(&self, mut commit: Commit, reply: Reply) -> Result<Reply, Halt> {
        let Some(slot) = &self.slot else {
            return self.guarded(commit, no_refusal).await.map(|()| reply);
        };
        commit.writes.extend(slot.keep_nothing(self.now, reply.status));
        self.guarded(commit, no_refusal).await?;
        Ok(Reply { is_replayed: slot.is_repeated(), ..reply })
    }

    /// Commits if the caller's authority still is what it was when this try began.
    async fn guarded(
        &self,
        mut commit: Commit,
        refusal: impl Fn(&str) -> Option<Problem>,
    ) -> Result<(), Halt> {
        if !self.may_be_as_was_read() && !self.authority.guard(&mut commit) {
            return Err(Halt::Raced);
        }
        self.backend.telling.tell_of(&self.backend, &mut commit, self.now).await?;
        let keys: Vec<Key> = commit.writes.iter().map(|write| write.key().clone()).collect();
        let change = self.counted(&commit).await?;
        let outcome = self.backend.store.commit(commit).await;
        if let (Some(account), Err(_)) = (change, &outcome) {
            self.backend.unspend(account, Use::Changes).await;
        }
        match outcome {
            Ok(()) => Ok(()),
            // The next try finds out whether the authority has ended.
            Err(CommitError::StreamMoved { .. } | CommitError::Contended | CommitError::Late) => {
                Err(Halt::Raced)
            }
            Err(CommitError::ConditionFailed { index }) => {
                let collection =
                    keys.get(index).map(|key| key.partition.collection()).unwrap_or_default();
                if collection == collections::IDEMPOTENCY.0 {
                    return Err(Code::IdempotencyInProgress.into());
                }
                Err(refusal(collection).map_or(Halt::Raced, Halt::Refused))
            }
            Err(CommitError::TooLarge { bytes }) => {
                tracing::warn!(bytes, "an item is larger than the backend can store");
                let sentence = "This is larger than the installation can store in one piece.";
                Err(Problem::from(Code::PayloadTooLarge).saying(sentence).into())
            }
            Err(CommitError::TooManyItems { items }) => {
                tracing::warn!(items, "a commit has more items than the backend accepts");
                let sentence = "This would change more objects at once than the installation can.";
                Err(Problem::from(Code::PayloadTooLarge).saying(sentence).into())
            }
            Err(CommitError::Unavailable(why)) => Err(Problem::from(why).into()),
            Err(CommitError::Corrupt(why)) => Err(Problem::from(why).into()),
        }
    }
}

impl Work {
    /// Counts `commit` among the changes of its account, if it is one by the account's own key or
    /// session; returns the account then. Histories are kept for ever, so nobody may make them grow
    /// without bounds. Taking authority away is always possible.
    async fn counted(&self, commit: &Commit) -> Result<Option<AccountId>, Problem> {
        let by_customer =
            matches!(self.asked.by.kind, ActorKind::PortalSession | ActorKind::ApiKey);
        if !by_customer || commit.appends.is_empty() || commit.revokes {
            return Ok(None);
        }
        let account = self.account()?.state.id;
        self.backend.spend(account, Use::Changes, self.now).await?;
        Ok(Some(account))
    }
}

/// Waits for a random time between half of `pause` and all of it, so that two racers don't meet
/// again.
async fn jittered_sleep(backend: &Backend, pause: Duration) {
    let [byte] = backend.random::<1>();
    backend.clock.sleep(pause / 2 + pause / 2 * u32::from(byte) / 255).await;
}

/// A `refusal` for commits whose failed preconditions are all lost races.
#[must_use]
pub fn no_refusal(_: &str) -> Option<Problem> {
    None
}

/// A `refusal` that returns `problem` for a failed precondition on `collection`.
pub fn refusal(collection: Collection, problem: Problem) -> impl Fn(&str) -> Option<Problem> {
    move |failed| (failed == collection.0).then(|| problem.clone())
}
