//! Accepted event, as it is stored.

use domain::{
    Environment, Jurisdiction, Timestamp,
    account::Account,
    delivery::{Delivery, Standing},
    id::{AccountId, EventId, WebhookId},
    webhook::{EventType, Webhook},
};
use ports::{Store, store::Document};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    Backend,
    documents::{Form, Number, Stored, read, state},
    problem::Problem,
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

impl AcceptedEvent {
    /// Reads the states of the event's deliveries.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn with_deliveries(self, backend: &Backend) -> Result<EventWithDeliveries, Problem> {
        let states = collections::deliveries(self.account, self.id);
        let webhooks = collections::webhooks(self.account, self.environment);
        let mut keys = vec![collections::accounts().key(self.account)];
        for planned in &self.deliveries {
            keys.push(states.key(planned.webhook));
            keys.push(webhooks.key(planned.webhook));
        }
        let documents = backend.store.get(&keys).await?;
        let mut deliveries = Vec::with_capacity(self.deliveries.len());
        for (planned, pair) in self.deliveries.iter().zip(documents[1..].chunks(2)) {
            let state = match &pair[0] {
                None => Delivery::accepted(planned.generation),
                Some(document) => read(&document.body)?,
            };
            let (account, webhook) = (documents[0].as_ref(), pair[1].as_ref());
            let standing = standing_of(&*backend.store, account, webhook).await?;
            deliveries.push((planned.webhook, state, standing));
        }
        Ok(EventWithDeliveries { event: self, deliveries })
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
