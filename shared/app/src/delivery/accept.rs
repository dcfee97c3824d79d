//! Acceptance of an event: the event, its deliveries and their first messages, in one commit.

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    delivery::{Delivery, Status, Task, Trigger},
    webhook::Webhook,
};
use ports::{
    Commit,
    queue::{Chore, Lane, Message},
    store::{Condition, IndexEntry, Key, Order, Query, Range, Write},
};

use super::event::{AcceptedEvent, Planned};
use crate::{
    App, Backend,
    documents::{StoredDelivery, StoredWebhook, Unreadable},
    problem::Problem,
    views::{collections, to_body},
    work::Work,
};

/// Webhooks read at a time; hardly any account has more.
const PAGE: usize = 1000;
/// Largest number of messages that are sent with the event; of more, one message asks for the rest.
const MOST_MESSAGES: usize = 100;

/// Returns the webhooks of the event's account and environment that subscribe to it.
///
/// # Errors
/// When the backend is unavailable.
pub async fn subscribed_webhooks(
    app: &App,
    event: &AcceptedEvent,
) -> Result<Vec<Arc<Webhook>>, Problem> {
    let mut query = Query {
        partition: collections::webhooks(event.account, event.environment),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: PAGE,
    };
    let mut meant = Vec::new();
    loop {
        let rows = app.backend.store.query(&query).await?;
        for row in &rows {
            let id = row.sort.parse().map_err(Unreadable::damaged::<StoredWebhook>)?;
            let webhook = app.readings.webhook(&*app.backend.store, id, &row.document).await?;
            meant.extend(webhook.filter(|one| one.hears(&event.event_type, event.jurisdiction)));
        }
        match rows.last() {
            // Continue right after the last sort key.
            Some(last) if rows.len() == PAGE => query.range.from = Some(format!("{}\0", last.sort)),
            _ => return Ok(meant),
        }
    }
}

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
    let trace = work.backend.trace();
    let (mut commit, mut cancelled) = (Commit::default(), Vec::new());
    for webhook in webhooks {
        let planned = Planned { webhook: webhook.id, generation: webhook.generation };
        event.deliveries.push(planned);
        if webhook.is_enabled() {
            let task =
                Task { event: event.id, environment: event.environment, run: 0, slot: 0, trigger };
            commit.messages.push(Message {
                id: work.backend.new_id(work.now),
                account: event.account,
                webhook: webhook.id,
                lane: Lane::First,
                due: work.now,
                task,
                chore: None,
                trace,
            });
        } else {
            let delivery = Delivery::accepted(webhook.generation).cancelled();
            cancelled.push(put_delivery(&work.backend, &event, planned, &delivery, None));
        }
    }
    if commit.messages.len() > MOST_MESSAGES {
        commit.messages.truncate(1);
        commit.messages[0].chore = Some(Chore::FanOut { from: 0 });
    }
    let body = to_body(&event);
    commit.writes.push(Write::Put {
        key: collections::events(event.account, event.environment).key(event.id),
        body: body.clone(),
        expires_at: Some(event.expires_at(&work.backend)),
        index: event.listed(),
        condition: Condition::Absent,
    });
    Accepted { event: Arc::new(event), commit, cancelled, body }
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
        index: listed(event, planned, delivery),
        condition: revision.map_or(Condition::Absent, Condition::Revision),
    }
}

/// Returns the index entries of a delivery's state: it is listed as undelivered under its webhook
/// until it is delivered.
#[must_use]
pub fn listed(event: &AcceptedEvent, planned: Planned, delivery: &Delivery) -> Vec<IndexEntry> {
    if delivery.status == Status::Delivered {
        return vec![];
    }
    let partition = collections::undelivered(event.account, planned.webhook);
    vec![IndexEntry { partition, sort: event.id.to_string() }]
}

/// Returns the key of a delivery's state.
#[must_use]
pub fn delivery_key(event: &AcceptedEvent, planned: Planned) -> Key {
    collections::deliveries(event.account, event.id).key(planned.webhook)
}
