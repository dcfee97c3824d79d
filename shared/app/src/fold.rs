//! Fold of stored events into states, as they are or were.
//!
//! Events are read by pages and folded as they come, so that what a fold holds in memory are states,
//! however long the history is.

use std::collections::BTreeMap;

use domain::{Decider, StoredEvent as _, Timestamp, id::AccountId};
use ports::{
    ReadError, Store,
    store::{HistoryPart, HistoryQuery, Order, RecordedEvent, StreamId, StreamQuery},
};

use crate::{Backend, documents::Unreadable, problem::Problem, views::Versioned};

/// Events read at a time.
const CHUNK: usize = 250;

/// Returns the states of the account's streams that `wanted` picks, as they were at `at`, oldest
/// first.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn states_as_of<S: Decider>(
    backend: &Backend,
    account: AccountId,
    at: Timestamp,
    wanted: impl Fn(StreamId) -> bool,
) -> Result<Vec<S>, Problem> {
    let mut query = HistoryQuery {
        account,
        part: Some(HistoryPart::Changes),
        order: Order::Ascending,
        past: None,
        limit: CHUNK,
    };
    let mut folds: BTreeMap<StreamId, Fold<S>> = BTreeMap::new();
    loop {
        let events = backend.store.history(&query).await?;
        query.past = events.last().map(|last| last.event.id);
        let is_last = events.len() < CHUNK;
        for recorded in events {
            // Identifiers begin with the time of the event, so none that follows is older.
            if recorded.event.metadata.at > at {
                return finished(folds);
            }
            if wanted(recorded.stream) {
                folds.entry(recorded.stream).or_default().add(recorded)?;
            }
        }
        if is_last {
            return finished(folds);
        }
    }
}

fn finished<S: Decider>(folds: BTreeMap<StreamId, Fold<S>>) -> Result<Vec<S>, Problem> {
    let states = folds.into_values().map(Fold::finish);
    Ok(states.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Fold of one stream whose events come in the order of their identifiers.
struct Fold<S> {
    state: Option<S>,
    version: u64,
    /// Events that came before the one that precedes them: identifiers are in the order of the
    /// requests, which a race can have turned around.
    early: BTreeMap<u64, RecordedEvent>,
}

impl<S> Default for Fold<S> {
    fn default() -> Self {
        Self { state: None, version: 0, early: BTreeMap::new() }
    }
}

impl<S: Decider> Fold<S> {
    fn add(&mut self, recorded: RecordedEvent) -> Result<(), Problem> {
        self.early.insert(recorded.version, recorded);
        while let Some(next) = self.early.remove(&(self.version + 1)) {
            self.evolve(&next)?;
        }
        Ok(())
    }

    fn evolve(&mut self, recorded: &RecordedEvent) -> Result<(), Problem> {
        self.state = evolved(self.state.take(), recorded)?;
        self.version = recorded.version;
        Ok(())
    }

    /// Returns the state, with the events whose predecessor is later than what was asked for.
    fn finish(mut self) -> Result<Option<S>, Problem> {
        while let Some((_, next)) = self.early.pop_first() {
            self.evolve(&next)?;
        }
        Ok(self.state)
    }
}

/// Returns the state of one stream as it was at `at`.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn state_as_of<S: Decider>(
    backend: &Backend,
    stream: StreamId,
    at: Timestamp,
) -> Result<Option<S>, Problem> {
    let mut state = None;
    let mut pages = StreamPages::of(stream);
    while let Some(events) = pages.next(backend.store.as_ref()).await? {
        for recorded in &events {
            if recorded.event.metadata.at > at {
                return Ok(state);
            }
            state = evolved(state, recorded)?;
        }
    }
    Ok(state)
}

/// Pages of a whole stream, in order.
pub(crate) struct StreamPages {
    query: StreamQuery,
    ended: bool,
}

impl StreamPages {
    /// Begins to read `stream`.
    #[must_use]
    pub(crate) const fn of(stream: StreamId) -> Self {
        let query = StreamQuery { stream, order: Order::Ascending, past: None, limit: CHUNK };
        Self { query, ended: false }
    }

    /// Reads the next page; none after the last.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn next(
        &mut self,
        store: &dyn Store,
    ) -> Result<Option<Vec<RecordedEvent>>, ReadError> {
        if self.ended {
            return Ok(None);
        }
        let events = store.read_stream(&self.query).await?;
        self.query.past = events.last().map(|last| last.version);
        self.ended = events.len() < CHUNK;
        Ok(Some(events))
    }
}

/// Reads all events of a stream that is known to be short, or that is moved as a whole.
///
/// # Errors
/// When the backend is unavailable.
pub async fn whole_stream(
    store: &dyn Store,
    stream: StreamId,
) -> Result<Vec<RecordedEvent>, ReadError> {
    let mut whole = Vec::new();
    let mut pages = StreamPages::of(stream);
    while let Some(events) = pages.next(store).await? {
        whole.extend(events);
    }
    Ok(whole)
}

/// Returns the state after one more recorded event.
pub(crate) fn evolved<S: Decider>(
    state: Option<S>,
    recorded: &RecordedEvent,
) -> Result<Option<S>, Problem> {
    let stored = &recorded.event;
    let event = S::Event::read(&stored.name.name, stored.name.schema_version, stored.payload.get())
        .map_err(Unreadable::Event)?;
    Ok(S::evolve(state, event, stored.metadata.at))
}

/// Folds a whole stream.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn folded<S: Decider>(
    store: &dyn Store,
    stream: StreamId,
) -> Result<Option<Versioned<S>>, Problem> {
    let (mut state, mut version) = (None, 0);
    let mut pages = StreamPages::of(stream);
    while let Some(events) = pages.next(store).await? {
        for recorded in &events {
            state = evolved(state, recorded)?;
            version = recorded.version;
        }
    }
    Ok(state.map(|state| Versioned::folded(version, state)))
}

/// Folds `events`, a whole stream or its beginning.
///
/// # Errors
/// When an event can't be read.
pub(crate) fn fold<S: Decider>(events: &[RecordedEvent]) -> Result<Option<Versioned<S>>, Problem> {
    let state = events.iter().try_fold(None, evolved)?;
    let version = events.last().map_or(0, |last| last.version);
    Ok(state.map(|state| Versioned::folded(version, state)))
}
