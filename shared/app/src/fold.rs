//! Fold of stored events into states, as they are or were.

use std::collections::BTreeMap;

use domain::{Decider, StoredEvent as _, Timestamp, id::AccountId};
use ports::{
    Unavailable,
    store::{RecordedEvent, StreamId},
};

use crate::{Backend, problem::Problem};

/// Events read at a time.
const CHUNK: usize = 500;

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
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let events = backend.store.history(account, before, CHUNK).await?;
        let is_last = events.len() < CHUNK;
        before = events.last().map(|recorded| recorded.event.id);
        let fits =
            |recorded: &RecordedEvent| wanted(recorded.stream) && recorded.event.metadata.at <= at;
        found.extend(events.into_iter().filter(fits));
        if is_last {
            break;
        }
    }
    let mut states: BTreeMap<StreamId, S> = BTreeMap::new();
    // Identifiers are in the order of the requests, which a race can have turned around.
    found.sort_by_key(|recorded| (recorded.stream, recorded.version));
    for recorded in found {
        let stream = recorded.stream;
        let state = evolved(states.remove(&stream), &recorded)?;
        states.extend(state.map(|state| (stream, state)));
    }
    Ok(states.into_values().collect())
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
    let events = backend.store.read_stream(stream, 0).await?;
    let until = events.iter().take_while(|recorded| recorded.event.metadata.at <= at);
    until.into_iter().try_fold(None, |state, recorded| evolved(state, recorded))
}

/// Returns the state after one more recorded event.
pub(crate) fn evolved<S: Decider>(
    state: Option<S>,
    recorded: &RecordedEvent,
) -> Result<Option<S>, Problem> {
    let stored = &recorded.event;
    let event = S::Event::read(&stored.name.name, stored.name.schema_version, stored.payload.get())
        .map_err(|why| Unavailable::new("reading an event", why))?;
    Ok(S::evolve(state, event, stored.metadata.at))
}
