//! States as they were at a time (`as_of`).
//!
//! A stream can be long, and an account can have had many. So every [`INTERVAL`] events the commit
//! puts a snapshot of the state, from which a fold begins, and a list is made of the account's
//! streams, newest first, a limited number at a time. No request reads a whole history.

use domain::{Timestamp, id::AccountId};
use futures_util::future::try_join_all;
use ports::store::{
    Condition, Order, Query, Range, StreamId, StreamKind, StreamQuery, StreamsQuery, Write,
};

use crate::{
    Backend,
    documents::StoredState,
    fold::evolved,
    paging::{Filling, Page, Period, Rows},
    problem::Problem,
    views::{Versioned, View, collections},
};

/// Number of events after which a stream gets a snapshot.
const INTERVAL: u64 = 64;
/// Events of a stream read at a time: past a snapshot, the next one is among them.
const CHUNK: usize = 65;
/// Maximum number of streams read for one page; those that had ended by then, or did not begin yet,
/// leave it short, with a cursor.
const MOST_STREAMS: usize = 512;
/// Streams read at once.
const AT_ONCE: usize = 16;

/// Returns the write of a snapshot of `after`, reached at `at`, if there is to be one.
pub(crate) fn snapshot<S: View>(before: u64, after: &Versioned<S>, at: Timestamp) -> Option<Write> {
    if before / INTERVAL == after.version / INTERVAL {
        return None;
    }
    let key = collections::snapshot(after.state.stream(), at, after.version)?;
    let derived = after.state.derive(after.version).documents.remove(&after.state.key())?;
    let (body, condition) = (derived.body, Condition::None);
    Some(Write::Put { key, body, expires_at: None, index: vec![], condition })
}

/// Reads a page of the account's states of `kind` as they were at `at`, newest first, of those that
/// `keep` accepts; and their number, if the page has all of them.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn page_as_of<S: StoredState>(
    backend: &Backend,
    (account, kind): (AccountId, StreamKind),
    at: Timestamp,
    page: &Page,
    keep: impl Fn(&S) -> bool,
) -> Result<(Rows<S>, Option<u64>), Problem> {
    let created = Period { since: None, until: Some(at) }.of_ids(kind.prefix());
    let newest = created.to.unwrap_or_default();
    let below = page.past.clone().map_or(newest.clone(), |before| before.min(newest));
    let mut query = StreamsQuery { account, kind, below, limit: AT_ONCE };
    let (mut filling, mut last_taken) = (Filling::of(page), None);
    for _ in 0..MOST_STREAMS / AT_ONCE {
        let streams = backend.store.streams(&query).await?;
        let states = streams.iter().map(|stream| state_as_of::<S>(backend, *stream, at));
        let states = try_join_all(states).await?;
        for (stream, state) in streams.iter().zip(states) {
            let Some(state) = state.filter(&keep) else { continue };
            if filling.is_full() {
                return Ok((Rows { kept: filling.kept, next: last_taken }, None));
            }
            filling.take(state);
            last_taken = Some(stream.subject());
        }
        match streams.last() {
            Some(last) if streams.len() == AT_ONCE => query.below = last.subject(),
            _ => {
                let kept = filling.kept;
                let has_all = page.past.is_none() && page.skip == 0;
                let count = has_all.then_some(kept.len() as u64);
                return Ok((Rows { kept, next: None }, count));
            }
        }
    }
    Ok((Rows { kept: filling.kept, next: Some(query.below) }, None))
}

/// Returns the state of one stream as it was at `at`.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn state_as_of<S: StoredState>(
    backend: &Backend,
    stream: StreamId,
    at: Timestamp,
) -> Result<Option<S>, Problem> {
    let mut state = None;
    let mut query = StreamQuery { stream, order: Order::Ascending, past: None, limit: CHUNK };
    loop {
        let events = backend.store.read_stream(&query).await?;
        for recorded in &events {
            if recorded.event.metadata.at > at {
                return Ok(state);
            }
            state = evolved(state, recorded)?;
        }
        let is_first = query.past.is_none();
        query.past = events.last().map(|last| last.version);
        if events.len() < CHUNK {
            return Ok(state);
        }
        // It is long: go on from the last snapshot before that time.
        if is_first
            && let Some(snapshot) = last_snapshot::<S>(backend, stream, at).await?
            && Some(snapshot.version) > query.past
        {
            query.past = Some(snapshot.version);
            state = Some(snapshot.state);
        }
    }
}

/// Returns the last snapshot of a stream until `at`. One that can't be read, of another release, is
/// no obstacle: the events are there.
async fn last_snapshot<S: StoredState>(
    backend: &Backend,
    stream: StreamId,
    at: Timestamp,
) -> Result<Option<Versioned<S>>, Problem> {
    let Some(partition) = collections::snapshots(stream) else { return Ok(None) };
    // '0' follows '/': with those of that very instant.
    let range = Range { from: None, to: Some(format!("{at}0")) };
    let query = Query { partition, index: false, range, order: Order::Descending, limit: 1 };
    let rows = backend.store.query(&query).await?;
    Ok(rows.first().and_then(|row| Versioned::read(&row.document).ok()))
}
