//! Acceptance of an event: the event, its deliveries and their first messages, in one commit.

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    Timestamp,
    delivery::{Delivery, Status, Task, Trigger},
    webhook::Webhook,
};
use ports::{
    Commit,
    queue::{Chore, Lane, Message},
    store::{Condition, Document, IndexEntry, Key, Write},
};

use super::event::{AcceptedEvent, Planned};
use crate::{
    Backend,
    documents::StoredDelivery,
    views::{Spread, collections, to_body},
    work::Work,
};

/// Largest number of messages that are sent with the event; of more, one message asks for the rest.
const MOST_MESSAGES: usize = 100;
/// Number of first attempts that a message asks for where messages cost and workers take ten at once: more
/// would be too many for one worker.
const TOGETHER: usize = 5;

/// Event that is ready to be accepted.
pub struct Accepted {
    /// Event with its deliveries planned.
    pub event: Arc<AcceptedEvent>,
    /// Commit that accepts the event.
    pub commit: Commit,
    /// Further writes: deliveries that are cancelled from the start.
    pub cancelled: Vec<Write>,
    /// Document of the event.
    pub(crate) body: Bytes,
}

/// Plans the acceptance of `event` for `webhooks`. A delivery to a disabled webhook is recorded as
/// cancelled, so that it can be recovered.
#[must_use]
pub fn accepted(
    work: &Work,
    mut event: AcceptedEvent,
    webhooks: &[Arc<Webhook>],
    trigger: Trigger,
) -> Accepted {
    let (mut commit, mut cancelled, mut receivers) = (Commit::default(), Vec::new(), Vec::new());
    for webhook in webhooks {
        let planned = Planned { webhook: webhook.id, generation: webhook.generation };
        event.deliveries.push(planned);
        if webhook.is_enabled() {
            receivers.push(planned);
            commit.absent.push(delivery_key(&event, planned));
        } else {
            let delivery = Delivery::accepted(webhook.generation).cancelled();
            cancelled.push(put_delivery(&work.backend, &event, planned, &delivery, None));
        }
    }
    commit.messages = first_messages(&work.backend, work.now, &event, &receivers, trigger);
    let body = to_body(&event);
    commit.writes.push(put_event(&work.backend, &event, body.clone()));
    Accepted { event: Arc::new(event), commit, cancelled, body }
}

/// Returns the messages that ask for the first attempts at `receivers`, due `now`: one each where they are
/// rows of the commit, and one for several where each is a request and an invocation of its own. Of too
/// many, one asks for all of the event.
#[must_use]
pub fn first_messages(
    backend: &Backend,
    now: Timestamp,
    event: &AcceptedEvent,
    receivers: &[Planned],
    trigger: Trigger,
) -> Vec<Message> {
    let task = Task { event: event.id, environment: event.environment, run: 0, slot: 0, trigger };
    let trace = backend.trace();
    let message = |planned: &Planned, chore| Message {
        id: backend.new_id(now),
        account: event.account,
        webhook: planned.webhook,
        lane: Lane::First,
        due: now,
        task,
        chore,
        trace,
    };
    match receivers {
        [first, ..] if receivers.len() > MOST_MESSAGES => {
            vec![message(first, Some(Chore::FanOut { from: 0 }))]
        }
        few => {
            let together = if backend.queue.is_transactional() { 1 } else { TOGETHER };
            let some = few.chunks(together).filter_map(<[_]>::split_first);
            some.map(|(first, others)| message(first, beside(others))).collect()
        }
    }
}

/// Returns the chore of a message that asks for first attempts at `others`, too.
fn beside(others: &[Planned]) -> Option<Chore> {
    let webhooks = others.iter().map(|planned| planned.webhook).collect();
    (!others.is_empty()).then_some(Chore::Together { webhooks })
}

/// Returns the write that puts the document of a new event, whose `body` is given.
#[must_use]
pub fn put_event(backend: &Backend, event: &AcceptedEvent, body: Bytes) -> Write {
    let key = Spread::of(&*backend.store)
        .key(&collections::events(event.account, event.environment), event.id);
    put_event_at(backend, event, body, (key, Condition::Absent))
}

/// Returns the write that replaces the document of `event` that was read.
#[must_use]
pub fn replace_event(backend: &Backend, event: &AcceptedEvent, read: &Document) -> Write {
    let place = (read.key.clone(), Condition::Revision(read.revision));
    put_event_at(backend, event, to_body(event), place)
}

fn put_event_at(
    backend: &Backend,
    event: &AcceptedEvent,
    body: Bytes,
    (key, condition): (Key, Condition),
) -> Write {
    let (expires_at, index) = (Some(event.expires_at(backend)), event.listed());
    Write::Put { key, body, expires_at, index, condition }
}

/// Returns the write that replaces a delivery's state at `revision`; none if there is no document
/// yet.
#[must_use]
pub fn put_delivery(
    backend: &Backend,
    event: &AcceptedEvent,
    planned: Planned,
    delivery: &Delivery,
    revision: Option<u64>,
) -> Write {
    Write::Put {
        key: delivery_key(event, planned),
        body: to_body(&StoredDelivery::from(delivery)),
        expires_at: Some(event.expires_at(backend)),
        index: listed(Spread::of(&*backend.store), event, planned, delivery),
        condition: revision.map_or(Condition::Absent, Condition::Revision),
    }
}

/// Returns the index entries of a delivery's state: it is listed as undelivered under its webhook
/// until it is delivered.
#[must_use]
pub fn listed(
    spread: Spread,
    event: &AcceptedEvent,
    planned: Planned,
    delivery: &Delivery,
) -> Vec<IndexEntry> {
    if delivery.status == Status::Delivered {
        return vec![];
    }
    vec![spread.entry(&collections::undelivered(event.account, planned.webhook), event.id)]
}

/// Returns the key of a delivery's state.
#[must_use]
pub fn delivery_key(event: &AcceptedEvent, planned: Planned) -> Key {
    collections::deliveries(event.account, event.id).key(planned.webhook)
}
