//! Accepted event, as it is stored.

mod receivers;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use domain::{
    Environment, Jurisdiction, Redacted, Timestamp,
    account::Account,
    delivery::{Delivery, Standing},
    id::{AccountId, EventId, WebhookId},
    webhook::{EventType, Webhook},
};
use ports::{
    Store,
    store::{Document, IndexEntry, Key},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    Backend,
    documents::{Form, Number, Stored, read, state},
    problem::{Code, Problem},
    views::collections,
};

/// An accepted event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptedEvent {
    /// Number of the document's form.
    pub(crate) format: Number<Self>,
    /// Identifier of the event.
    pub id: EventId,
    /// Account that the event belongs to.
    pub account: AccountId,
    /// Type of the event.
    pub event_type: EventType,
    /// Environment of the event.
    pub environment: Environment,
    /// Jurisdiction of the event.
    pub jurisdiction: Jurisdiction,
    /// Time at which it happened, as given by the operator; by default the time of acceptance.
    pub created_at: Timestamp,
    /// Time of acceptance.
    pub accepted_at: Timestamp,
    /// Related object, as it was posted.
    pub object: Box<RawValue>,
    /// Planned deliveries, one for each webhook that subscribed at acceptance.
    #[serde(with = "receivers")]
    pub deliveries: Vec<Planned>,
}

impl Form for AcceptedEvent {
    const NAME: &'static str = "event";
    const NUMBER: u16 = 1;
}

impl Stored for AcceptedEvent {
    type Form = Self;
}

/// Delivery planned at an event's acceptance.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Planned {
    /// Receiving webhook.
    pub webhook: WebhookId,
    /// Generation of the webhook at that time.
    pub generation: u32,
}

/// Event with the state of its deliveries.
#[derive(Debug)]
pub struct EventWithDeliveries {
    /// The event.
    pub event: AcceptedEvent,
    /// Deliveries by webhook, with the standing of the webhook.
    pub deliveries: Vec<(WebhookId, Delivery, Standing)>,
}

/// Returns the standing of `webhook` of `account`.
#[must_use]
pub const fn standing(account: &Account, webhook: &Webhook) -> Standing {
    if account.is_closed() || !webhook.is_enabled() {
        Standing::Closed
    } else {
        Standing::Open { generation: webhook.generation }
    }
}

/// Returns the standing of a webhook by the documents; a missing document means that it was
/// deleted.
///
/// # Errors
/// When the backend is unavailable, or a document can't be read.
pub async fn standing_of(
    store: &dyn Store,
    account: Option<&Document>,
    webhook: Option<&Document>,
) -> Result<Standing, Problem> {
    let (Some(account), Some(webhook)) = (account, webhook) else { return Ok(Standing::Closed) };
    let account = state::<Account>(store, account).await?;
    let webhook = state::<Webhook>(store, webhook).await?;
    let (Some(account), Some(webhook)) = (account, webhook) else { return Ok(Standing::Closed) };
    Ok(standing(&account.state, &webhook.state))
}

/// Reads the states of the deliveries of `events`, which are of one account, in one call.
///
/// # Errors
/// When the backend is unavailable.
pub async fn with_deliveries(
    backend: &Backend,
    events: Vec<AcceptedEvent>,
) -> Result<Vec<EventWithDeliveries>, Problem> {
    let mut keys = BTreeSet::new();
    for event in &events {
        keys.insert(collections::accounts().key(event.account));
        for planned in &event.deliveries {
            keys.insert(collections::deliveries(event.account, event.id).key(planned.webhook));
            let webhooks = collections::webhooks(event.account, event.environment);
            keys.insert(webhooks.key(planned.webhook));
        }
    }
    let keys: Vec<Key> = keys.into_iter().collect();
    let found = backend.store.get(&keys).await?.into_iter().flatten();
    let found: HashMap<Key, Document> = found.map(|one| (one.key.clone(), one)).collect();
    let mut read_events = Vec::with_capacity(events.len());
    for event in events {
        let account = found.get(&collections::accounts().key(event.account));
        let mut deliveries = Vec::with_capacity(event.deliveries.len());
        for planned in &event.deliveries {
            let state = collections::deliveries(event.account, event.id).key(planned.webhook);
            let state = match found.get(&state) {
                None => Delivery::accepted(planned.generation),
                Some(document) => read(&document.body)?,
            };
            let webhooks = collections::webhooks(event.account, event.environment);
            let webhook = found.get(&webhooks.key(planned.webhook));
            let standing = standing_of(&*backend.store, account, webhook).await?;
            deliveries.push((planned.webhook, state, standing));
        }
        read_events.push(EventWithDeliveries { event, deliveries });
    }
    Ok(read_events)
}

impl AcceptedEvent {
    /// Reads the states of the event's deliveries.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn with_deliveries(self, backend: &Backend) -> Result<EventWithDeliveries, Problem> {
        let [event] = <[_; 1]>::try_from(with_deliveries(backend, vec![self]).await?)
            .map_err(|_| Code::NotFound)?;
        Ok(event)
    }

    /// Returns the identifier of the related object, without secrets; none if there is none.
    #[must_use]
    pub fn object_id(&self) -> Option<Redacted> {
        #[derive(Deserialize)]
        struct Related<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
        }
        let related: Related<'_> = serde_json::from_str(self.object.get()).ok()?;
        Some(Redacted::new(&related.id))
    }

    /// Returns the index entry by which the event is found by its related object: one for each
    /// event, and none for its attempts.
    #[must_use]
    pub fn listed(&self) -> Vec<IndexEntry> {
        let entry = |object: Redacted| IndexEntry {
            partition: collections::events_by_object(self.account, self.environment, &object),
            sort: self.id.to_string(),
        };
        self.object_id().map(entry).into_iter().collect()
    }

    /// Returns when the event and its deliveries expire: not before the log rows about them, nor
    /// before the schedule has ended.
    #[must_use]
    pub fn expires_at(&self, backend: &Backend) -> Timestamp {
        expires_at(backend, self.accepted_at)
    }
}

/// Returns when an event accepted at `accepted_at` expires.
#[must_use]
pub fn expires_at(backend: &Backend, accepted_at: Timestamp) -> Timestamp {
    const A_DAY: std::time::Duration = std::time::Duration::from_hours(24);
    let settings = &backend.settings;
    let last = u16::try_from(settings.schedule.attempts() - 1).unwrap_or(u16::MAX);
    let scheduled = settings.schedule.due(accepted_at, last).unwrap_or(accepted_at);
    scheduled.max(accepted_at.plus(settings.log_retention)).plus(A_DAY)
}
