//! Batch of events that is accepted as a whole, where a backend can't commit all of it at once, or where
//! events are accepted beside something else.
//!
//! Such a batch is accepted by one document that has its events, or the first of them; what is too
//! much for one is in further documents, put ahead of it. Everything else follows from it: the events
//! are put in place by whoever made the commit, and by the worker of the message that was sent ahead of
//! it ([`Chore::Unfold`](ports::queue::Chore::Unfold)), who also asks for their first attempts. So
//! whichever process dies in between, all of the events are accepted, or none.

use std::{mem, time::Duration};

use domain::{
    Environment, Timestamp,
    delivery::{Task, Trigger},
    id::{AccountId, EventId, MessageId, Ulid, WebhookId},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ports::{
    Commit, Store, Unavailable,
    queue::{Chore, Lane, Message},
    store::{CommitError, Condition, Key, Scope, Sight, Write},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    accept::put_event,
    event::{AcceptedEvent, expires_at},
};
use crate::{
    Backend,
    documents::{Form, Number, Stored, read},
    problem::Problem,
    views::{Spread, collections, to_body},
};

/// Largest text of the events in one document, in bytes; a larger event has one of its own.
const LARGEST_PIECE: usize = 256 * 1024;
/// Number of events that are put in place at a time.
const AT_ONCE: usize = 16;
/// Time for which a batch is remembered whose events are in place: longer than the answers to its
/// requests, which mean nothing without it.
const REMEMBERED_FOR: Duration = Duration::from_hours(25);

/// Batch as it is stored: some of its events, each the document that it will be.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EventBatch {
    format: Number<Self>,
    /// Number of further documents with events.
    pieces: usize,
    events: Vec<Box<RawValue>>,
}

impl Form for EventBatch {
    const NAME: &'static str = "event_batch";
    const NUMBER: u16 = 1;
}

impl Stored for EventBatch {
    type Form = Self;
}

/// Writes by which a batch is accepted.
pub(crate) struct Staged {
    /// Documents that mean nothing without the next one.
    pub(crate) ahead: Vec<Write>,
    /// Document that accepts the batch.
    pub(crate) accepts: Write,
}

/// Returns the writes that accept the events with these documents as the batch of that name.
pub(crate) fn stage(
    backend: &Backend,
    place: Place,
    documents: impl IntoIterator<Item = Box<RawValue>>,
) -> Staged {
    let (mut parts, mut part, mut size) = (Vec::new(), Vec::new(), 0);
    for document in documents {
        let long = document.get().len();
        if size > 0 && size + long > LARGEST_PIECE {
            parts.push(mem::take(&mut part));
            size = 0;
        }
        size += long;
        part.push(document);
    }
    let pieces = parts.len();
    parts.push(part);
    let until = expires_at(backend, backend.now());
    let mut parts = parts.into_iter();
    let first =
        EventBatch { pieces, events: parts.next().unwrap_or_default(), ..EventBatch::empty() };
    let further = (1..).zip(parts).map(|(number, events)| {
        let batch = EventBatch { events, ..EventBatch::empty() };
        put(place.piece(number), &batch, until, Condition::None)
    });
    Staged { ahead: further.collect(), accepts: put(place.key(), &first, until, Condition::Absent) }
}

/// Returns the message, due `now`, that asks for the events of a batch; it is for no webhook.
pub(crate) fn unfold(backend: &Backend, place: Place, now: Timestamp) -> Message {
    let event = EventId::from(Ulid::nil());
    let environment = Environment::Test;
    Message {
        id: place.batch,
        account: place.account,
        webhook: WebhookId::from(Ulid::nil()),
        lane: Lane::First,
        due: now,
        task: Task { event, environment, run: 0, slot: 0, trigger: Trigger::Schedule },
        chore: Some(Chore::Unfold { batch: place.batch }),
        trace: backend.trace(),
    }
}

/// Puts those of `events` in place that are not there yet. One that is there may have been erased
/// since.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn put_in_place(
    backend: &Backend,
    events: &[AcceptedEvent],
) -> Result<(), Problem> {
    let puts = events.iter().map(|event| put_event(backend, event, to_body(event)));
    let puts = stream::iter(puts.collect::<Vec<_>>()).map(|put| async {
        let commit = Commit { writes: vec![put], ..Commit::default() };
        match backend.store.commit(commit).await {
            Ok(()) | Err(CommitError::ConditionFailed { .. }) => Ok(()),
            Err(CommitError::Unavailable(why)) => Err(Problem::from(why)),
            Err(CommitError::Corrupt(why)) => Err(why.into()),
            Err(why) => Err(Unavailable::new("putting an event in place", why).into()),
        }
    });
    puts.buffer_unordered(AT_ONCE).try_collect().await
}

/// Returns those of `events` that are not in place yet.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn missing(
    store: &dyn Store,
    events: &[AcceptedEvent],
) -> Result<Vec<AcceptedEvent>, Problem> {
    let spread = Spread::of(store);
    let key = |event: &AcceptedEvent| {
        spread.key(&collections::events(event.account, event.environment), event.id)
    };
    let keys: Vec<Key> = events.iter().map(key).collect();
    let found = store.glance(&keys, &vec![Sight::Present; keys.len()]).await?;
    let missing = events.iter().zip(found).filter(|(_, found)| found.is_none());
    Ok(missing.map(|(event, _)| event.clone()).collect())
}

/// Batch that is accepted, with all its events.
pub(crate) struct Unfolding {
    /// Events of the batch; none once they are in place and asked for.
    pub(crate) events: Vec<AcceptedEvent>,
    pieces: usize,
}

impl Unfolding {
    /// Reads a batch; none if it is not accepted.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub(crate) async fn read(store: &dyn Store, place: Place) -> Result<Option<Self>, Problem> {
        let found = store.get(&[place.key()]).await?.pop().flatten();
        let Some(document) = found else { return Ok(None) };
        let EventBatch { pieces, events: mut documents, .. } = read(&document.body)?;
        let keys: Vec<Key> = (1..=pieces).map(|number| place.piece(number)).collect();
        for document in store.get(&keys).await?.into_iter().flatten() {
            documents.extend(read::<EventBatch>(&document.body)?.events);
        }
        let events = documents.iter().map(|document| read(document.get().as_bytes()));
        Ok(Some(Self { events: events.collect::<Result<_, _>>()?, pieces }))
    }

    /// Returns the writes after which nothing is left of the batch but that it was accepted.
    pub(crate) fn done(&self, place: Place, now: Timestamp) -> Vec<Write> {
        let until = now.plus(REMEMBERED_FOR);
        let emptied = put(place.key(), &EventBatch::empty(), until, Condition::None);
        let pieces = (1..=self.pieces)
            .map(|number| Write::Delete { key: place.piece(number), condition: Condition::None });
        std::iter::once(emptied).chain(pieces).collect()
    }
}

impl EventBatch {
    fn empty() -> Self {
        Self { format: Number::default(), pieces: 0, events: vec![] }
    }
}

/// Place of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Account of its events.
    pub(crate) account: AccountId,
    /// Name of the batch.
    pub(crate) batch: MessageId,
}

impl Place {
    fn key(self) -> Key {
        collections::event_batches(Scope::Account(self.account)).key(self.batch)
    }

    /// Returns the key of a further document of the batch.
    fn piece(self, number: usize) -> Key {
        let Self { account, batch } = self;
        collections::event_batches(Scope::Account(account)).key(format_args!("{batch} {number}"))
    }
}

fn put(key: Key, batch: &EventBatch, until: Timestamp, condition: Condition) -> Write {
    Write::Put { key, body: to_body(batch), expires_at: Some(until), index: vec![], condition }
}
