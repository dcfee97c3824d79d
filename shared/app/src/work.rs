//! One piece of work: who asked for what, and the one atomic commit that does it.
//!
//! A use case loads states, lets deciders say what happens, [`record`](Work::record)s it into a
//! [`Commit`] and commits. A lost race ([`Halt::Raced`]) makes [`Work::run`] do all of that again.

pub mod idempotency;

use std::{net::IpAddr, sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use bytes::Bytes;
use domain::{Environment, StoredEvent as _, Timestamp, id::RequestId};
use http::StatusCode;
use ports::{
    Commit, Unavailable,
    store::{
        Actor, ActorKind, Append, Collection, CommitError, EventName, Key, Metadata, NewEvent,
        Write,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use self::idempotency::Slot;
use crate::{
    Backend,
    problem::{Code, Problem},
    views::{Versioned, View, changes},
};

/// How often a command that keeps losing races is tried.
const MOST_TRIES: usize = 12;
/// The pauses between tries, before jitter.
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(2))
    .with_max_delay(Duration::from_millis(100))
    .with_max_times(MOST_TRIES - 1);

/// Who asked, from where.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub by: Actor,
    /// In which request; none when the system acts by itself.
    pub request: Option<RequestId>,
    /// From where.
    pub ip: Option<IpAddr>,
}

impl Asked {
    /// Latchhook itself.
    #[must_use]
    pub const fn by_the_system() -> Self {
        Self { by: Actor { kind: ActorKind::System, id: None }, request: None, ip: None }
    }
}

/// One piece of work.
pub struct Work {
    /// Where it is done.
    pub backend: Arc<Backend>,
    /// Who asked for it.
    pub asked: Asked,
    /// When it began.
    pub now: Timestamp,
    /// Where its answer is kept for repeats, if the caller asked for that.
    pub slot: Option<Slot>,
}

/// Why one try of a use case ends early.
#[derive(Debug)]
pub enum Halt {
    /// It is refused.
    Refused(Problem),
    /// Another commit was faster; another try can succeed.
    Raced,
}

impl<P: Into<Problem>> From<P> for Halt {
    fn from(problem: P) -> Self {
        Self::Refused(problem.into())
    }
}

/// An answer: a status and a body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// JSON, and a newline.
    pub body: Bytes,
}

impl Reply {
    /// `resource` with `status`.
    #[must_use]
    pub fn new(status: StatusCode, resource: &impl Serialize) -> Self {
        Self { status, body: crate::http::answer::json_line(resource) }
    }

    /// 200 with `resource`.
    #[must_use]
    pub fn ok(resource: &impl Serialize) -> Self {
        Self::new(StatusCode::OK, resource)
    }
}

impl Work {
    /// Work that nobody asked for.
    #[must_use]
    pub fn of_the_system(backend: Arc<Backend>) -> Self {
        let now = backend.now();
        Self { backend, asked: Asked::by_the_system(), now, slot: None }
    }

    /// The same work, of which no answer is kept.
    #[must_use]
    pub fn unkept(&self) -> Self {
        let Self { backend, asked, now, .. } = self;
        Self { backend: backend.clone(), asked: asked.clone(), now: *now, slot: None }
    }

    /// Does `attempt` until it is not lost to a race, boundedly.
    ///
    /// # Errors
    /// What the attempt is refused with, or [`Code::Conflict`] after too many lost races.
    pub async fn run<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Halt>>,
    {
        let backend = Arc::clone(&self.backend);
        let done = attempt
            .retry(BACKOFF)
            .sleep(move |pause| jittered_sleep(Arc::clone(&backend), pause))
            .when(|halt| matches!(halt, Halt::Raced))
            .await;
        done.map_err(|halt| match halt {
            Halt::Refused(problem) => problem,
            Halt::Raced => Code::Conflict.into(),
        })
    }

    /// The state under the first of `keys` that has one.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn find<S: View>(&self, keys: &[Key]) -> Result<Option<Versioned<S>>, Unavailable> {
        let found = self.backend.store.get(keys).await?;
        found.into_iter().flatten().next().map(|document| Versioned::read(&document)).transpose()
    }

    /// Adds to `commit` that `events` happened to what `before` was: the events themselves, and
    /// what they change of the views. Returns what is after. No events, no change.
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
        let after = Versioned { version: version + appended, state, revision: 0 };
        let stream = after.state.stream();
        commit.appends.push(Append { stream, expected_version: version, events: stored });
        commit.add(changes(before, &after));
        Some(after)
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

    /// Keeps `reply` for repeats of a request that commits nothing else.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn keep(&self, reply: &Reply) -> Result<(), Problem> {
        if self.slot.is_none() {
            return Ok(());
        }
        self.run(|| self.commit(Commit::default(), reply, no_refusal)).await
    }

    /// Commits, and with it `reply` for repeats of the request. `refusal` says what it means to the
    /// caller that a condition on a document of some collection does not hold; where it says
    /// nothing, that is a lost race.
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
            commit.writes.push(slot.keep(self, reply, &commit.messages).await?);
        }
        let keys: Vec<Key> = commit.writes.iter().map(|write| key(write).clone()).collect();
        match self.backend.store.commit(commit).await {
            Ok(()) => Ok(()),
            Err(CommitError::StreamMoved { .. } | CommitError::Contended) => Err(Halt::Raced),
            Err(CommitError::ConditionFailed { index }) => {
                let collection =
                    keys.get(index).map(|key| key.partition.collection()).unwrap_or_default();
                if collection == crate::views::collections::IDEMPOTENCY.0 {
                    return Err(Code::IdempotencyInProgress.into());
                }
                Err(refusal(collection).map_or(Halt::Raced, Halt::Refused))
            }
            Err(CommitError::TooLarge { bytes }) => {
                tracing::warn!(bytes, "an item is larger than the backend can keep");
                let sentence = "This comes to more than the installation can keep in one piece.";
                Err(Problem::from(Code::PayloadTooLarge).saying(sentence).into())
            }
            Err(CommitError::TooManyItems { items }) => {
                tracing::warn!(items, "a commit is larger than the backend can do at once");
                let sentence = "This would change more at once than the installation can.";
                Err(Problem::from(Code::PayloadTooLarge).saying(sentence).into())
            }
            Err(CommitError::Unavailable(why)) => Err(Problem::from(why).into()),
        }
    }
}

/// Waits for between half of `pause` and all of it, so that two who met do not meet again.
async fn jittered_sleep(backend: Arc<Backend>, pause: Duration) {
    let [byte] = backend.random::<1>();
    backend.clock.sleep(pause / 2 + pause / 2 * u32::from(byte) / 255).await;
}

/// A `refusal` for commits whose conditions are all races.
#[must_use]
pub fn no_refusal(_: &str) -> Option<Problem> {
    None
}

/// A `refusal`: `problem`, where a condition on `collection` does not hold.
pub fn refusal(collection: Collection, problem: Problem) -> impl Fn(&str) -> Option<Problem> {
    move |failed| (failed == collection.0).then(|| problem.clone())
}

fn key(write: &Write) -> &Key {
    match write {
        Write::Put { key, .. }
        | Write::Delete { key, .. }
        | Write::Check { key, .. }
        | Write::Count { key, .. } => key,
    }
}

/// Reads a document's body as what it was written from.
///
/// # Errors
/// When it is not: that is never the caller's doing, and nothing can be done about it here.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unavailable> {
    serde_json::from_slice(body).map_err(|why| Unavailable::new("reading a document", why))
}
