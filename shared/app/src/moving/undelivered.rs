//! Undelivered events, and the messages that continue their deliveries.

use std::collections::HashMap;

use domain::{
    Environment, Timestamp,
    delivery::{Delivery, Status, Task, Trigger},
    id::{AccountId, WebhookId},
};
use ports::{
    Ids, Store,
    queue::{Lane, Message},
    store::{Document, Key, Range},
};

use super::{CHUNK, Kept};
use crate::{
    delivery::{
        accept::{delivery_key, listed},
        event::{AcceptedEvent, standing_of},
    },
    documents::read,
    paging::Source,
    problem::Problem,
    views::{Spread, collections},
};

/// Event that some webhook has not received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// States of its deliveries, settled ones included, and then the event itself.
    pub documents: Vec<Kept>,
    /// Messages that continue the open deliveries, with the identifiers and times that the states
    /// name.
    pub messages: Vec<Message>,
}

/// Returns a page of the undelivered events of `account` in `environment`, and where the next page
/// begins.
///
/// Messages are reconstructed from the states of deliveries, because a queue can't be searched;
/// only a waiting resend is missing, since no state records it. First attempts are due `now`.
///
/// # Errors
/// When the backend is unavailable.
pub async fn undelivered(
    store: &dyn Store,
    ids: &dyn Ids,
    now: Timestamp,
    (account, environment): (AccountId, Environment),
    from: Option<String>,
) -> Result<(Vec<Undelivered>, Option<String>), Problem> {
    let partitions = Spread::of(store).all(&collections::events(account, environment));
    let source = Source { partitions, index: false, range: Range { from, to: None } };
    let rows = source.oldest(store, CHUNK).await?;
    let next = rows.last().map(|last| format!("{}\0", last.sort));
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        events.push((read::<AcceptedEvent>(&row.document.body)?, row.document));
    }
    let mut known = look_up(store, account, environment, &events).await?;
    let owner = known.remove(&collections::accounts().key(account));
    let mut found = Vec::new();
    for (event, document) in events {
        let mut one = Undelivered { documents: vec![], messages: vec![] };
        let mut is_undelivered = false;
        for planned in &event.deliveries {
            let state = known.remove(&delivery_key(&event, *planned));
            let delivery = match &state {
                None => Delivery::accepted(planned.generation),
                Some(document) => read(&document.body)?,
            };
            let webhook = collections::webhooks(account, environment).key(planned.webhook);
            let standing = standing_of(store, owner.as_ref(), known.get(&webhook)).await?;
            let standing = event.standing(standing);
            is_undelivered |= delivery.status != Status::Delivered;
            if delivery.standing(standing).is_open() {
                one.messages.push(message(ids, now, &event, planned.webhook, &delivery));
            }
            let listed = listed(Spread::NONE, &event, *planned, &delivery);
            one.documents.extend(state.map(|state| Kept::of(state, listed)));
        }
        if is_undelivered {
            one.documents.push(Kept::of(document, event.listed()));
            found.push(one);
        }
    }
    Ok((found, next))
}

/// Reads the states of the events' deliveries, their webhooks and the account, in one call.
async fn look_up(
    store: &dyn Store,
    account: AccountId,
    environment: Environment,
    events: &[(AcceptedEvent, Document)],
) -> Result<HashMap<Key, Document>, Problem> {
    let mut keys = vec![collections::accounts().key(account)];
    for (event, _) in events {
        for planned in &event.deliveries {
            keys.push(delivery_key(event, *planned));
            keys.push(collections::webhooks(account, environment).key(planned.webhook));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let documents = store.get(&keys).await?;
    Ok(documents.into_iter().flatten().map(|found| (found.key.clone(), found)).collect())
}

/// Returns the message that makes the next attempt.
fn message(
    ids: &dyn Ids,
    now: Timestamp,
    event: &AcceptedEvent,
    webhook: WebhookId,
    delivery: &Delivery,
) -> Message {
    let (id, due, slot) = match delivery.next {
        Some(next) => (next.message, next.due, next.slot),
        None => (ids.ulid(now).into(), now, 0),
    };
    let is_first = delivery.run == 0 && delivery.next.is_none();
    let (lane, trigger) = match (is_first, delivery.next) {
        (true, _) => (Lane::First, Trigger::Schedule),
        (false, None) => (Lane::Retry, Trigger::Recover),
        (false, Some(_)) => (Lane::Retry, Trigger::Schedule),
    };
    let task =
        Task { event: event.id, environment: event.environment, run: delivery.run, slot, trigger };
    Message { id, account: event.account, webhook, lane, due, task, chore: None, trace: None }
}
