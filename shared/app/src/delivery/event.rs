//! Accepted event, as it is stored.

mod former;
mod receivers;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use domain::{
    Envelope, Environment, Jurisdiction, PayloadFormat, Redacted, Timestamp,
    account::Account,
    delivery::{Delivery, Schedule, Standing},
    id::{AccountId, EventId, Ulid, WebhookId},
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

/// Longest time between an event, as its identifier says it, and its acceptance for which it is found by the
/// identifier alone when it is looked for by its acceptance.
pub const BACKDATED: std::time::Duration = std::time::Duration::from_hours(1);

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
    /// Data, as it was posted: usually an object with a related `object`; null once it is erased.
    pub data: Box<RawValue>,
    /// Time at which the data was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// True of a test event, which is retried for a few minutes only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_test: bool,
    /// Account that an operational event is about; the event itself belongs to the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AccountId>,
    /// True of an event that was read in a former form: its data may be ambiguous, which was not refused at the
    /// time. Such an event is not written again, but without its data.
    #[serde(skip)]
    pub(crate) is_of_former_form: bool,
    /// Planned deliveries, one for each webhook that subscribed at acceptance.
    #[serde(with = "receivers")]
    pub deliveries: Vec<Planned>,
}

impl Form for AcceptedEvent {
    const NAME: &'static str = "event";
    const NUMBER: u16 = 3;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number < 3).then(|| former::read(body))
    }
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
            let standing = event.standing(standing);
            deliveries.push((planned.webhook, state, standing));
        }
        read_events.push(EventWithDeliveries { event, deliveries });
    }
    Ok(read_events)
}

impl AcceptedEvent {
    /// Returns the account that receivers are told it is about.
    #[must_use]
    pub fn concerned(&self) -> AccountId {
        self.about.unwrap_or(self.account)
    }

    /// Returns the layout of its deliveries' bodies: an operational event says in every installation which
    /// account it is about.
    #[must_use]
    pub fn layout(&self, usual: &Envelope) -> PayloadFormat {
        if self.about.is_some() { PayloadFormat::RelatedObject } else { usual.format }
    }

    /// Returns the schedule by which its deliveries are retried.
    #[must_use]
    pub fn schedule<'a>(&self, usual: &'a Schedule) -> Cow<'a, Schedule> {
        if self.is_test { Cow::Owned(usual.of_tests()) } else { Cow::Borrowed(usual) }
    }

    /// Returns the event without its data, which is erased `at` that time.
    #[must_use]
    pub fn erased(self, at: Timestamp) -> Self {
        Self { data: RawValue::NULL.to_owned(), erased_at: Some(at), ..self }
    }

    /// Returns the standing of a webhook, which is `of_webhook`, for the event's deliveries: of an erased
    /// event nothing is left to deliver.
    #[must_use]
    pub const fn standing(&self, of_webhook: Standing) -> Standing {
        if self.erased_at.is_some() { Standing::Closed } else { of_webhook }
    }

    /// Refuses what needs the event's data.
    ///
    /// # Errors
    /// [`Code::Conflict`] once that is erased.
    pub fn check_unerased(&self) -> Result<(), Problem> {
        match self.erased_at {
            None => Ok(()),
            Some(_) => Err(Problem::from(Code::Conflict).saying("The event is erased.")),
        }
    }

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
        struct Data<'a> {
            #[serde(borrow)]
            object: Related<'a>,
        }
        #[derive(Deserialize)]
        struct Related<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
        }
        let data: Data<'_> = serde_json::from_str(self.data.get()).ok()?;
        Some(Redacted::new(&data.object.id))
    }

    /// Returns the related object; none if the data has none.
    #[must_use]
    pub fn object(&self) -> Option<&RawValue> {
        object_of(&self.data)
    }

    /// Returns the index entries of the event: one by which it is found by its related object, and one by
    /// its time of acceptance if its identifier does not say that. None is for its attempts.
    #[must_use]
    pub fn listed(&self) -> Vec<IndexEntry> {
        let entry = |object: Redacted| IndexEntry {
            partition: collections::events_by_object(self.account, self.environment, &object),
            sort: self.id.to_string(),
        };
        let by_object = self.object_id().map(entry);
        let by_acceptance = self.is_backdated().then(|| self.accepted());
        by_object.into_iter().chain(by_acceptance).collect()
    }

    /// Returns whether the event was said to have happened long before it was accepted.
    #[must_use]
    pub fn is_backdated(&self) -> bool {
        self.accepted_at.since(self.id.created_at()) > BACKDATED
    }

    /// Returns the index entry by the time of acceptance.
    fn accepted(&self) -> IndexEntry {
        let at = u64::try_from(self.accepted_at.as_millis()).unwrap_or_default();
        let sort = EventId(Ulid::from_parts(at, self.id.0.random()));
        IndexEntry {
            partition: collections::events_backdated(self.account, self.environment),
            sort: sort.to_string(),
        }
    }

    /// Returns when the event and its deliveries expire: not before the log rows about them, nor
    /// before the schedule has ended.
    #[must_use]
    pub fn expires_at(&self, backend: &Backend) -> Timestamp {
        expires_at(backend, self.accepted_at)
    }
}

/// Returns the related object in an event's data; none if there is none.
#[must_use]
pub fn object_of(data: &RawValue) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Data<'a> {
        #[serde(borrow)]
        object: &'a RawValue,
    }
    let data: Data<'_> = serde_json::from_str(data.get()).ok()?;
    Some(data.object)
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
