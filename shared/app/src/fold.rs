//! Fold of stored events into states.
//!
//! Events are read by pages and folded as they come, so that what a fold holds in memory are states,
//! however long the history is.

use domain::{Decider, StoredEvent as _};
use ports::{
    ReadError, Store,
    store::{Order, RecordedEvent, StreamId, StreamQuery},
};

use crate::{documents::Unreadable, problem::Problem, views::Versioned};

/// Events read at a time.
const CHUNK: usize = 250;

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
