//! Events as the API shows them.

use domain::{
    Environment, Jurisdiction, Jurisdictions, Timestamp,
    delivery::Status,
    id::{AccountId, EventId, WebhookId},
    webhook::EventType,
};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::newly_accepted::NewlyAccepted;
use crate::{
    delivery::event::{AcceptedEvent, EventWithDeliveries},
    http::openapi::vocabulary,
    work::Reply,
};

/// An event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct Resource {
    #[schema(value_type = String, example = "evt_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: EventId,
    #[schema(example = "event")]
    object: &'static str,
    #[schema(example = "/v1/events/evt_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(value_type = String, example = "report.completed")]
    r#type: EventType,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = vocabulary::Jurisdiction)]
    jurisdiction: Option<Jurisdiction>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Data as it was posted; null once it is erased.
    #[schema(value_type = Option<Data>)]
    data: Box<RawValue>,
    /// Time at which the data was erased; absent of other events.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime)]
    erased_at: Option<Timestamp>,
    /// Deliveries, one for each webhook that subscribed.
    deliveries: Vec<DeliveryState>,
}

/// Data of an event.
#[derive(ToSchema)]
#[schema(as = EventData)]
#[expect(dead_code, reason = "it describes what is shown as it was posted")]
struct Data {
    /// Related object, whole.
    #[schema(value_type = Object, example = json!({"id": "4722c07dd9a10c3985ae432a", "object": "report"}))]
    object: Box<RawValue>,
}

/// State of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
struct DeliveryState {
    #[schema(value_type = String)]
    webhook_id: WebhookId,
    /// `pending`, `retrying`, `delivered`, `exhausted` or `cancelled`.
    #[schema(value_type = vocabulary::DeliveryStatus)]
    status: Status,
    /// Number of attempts so far.
    attempts: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    last_response_status: Option<u16>,
}

impl Resource {
    /// Returns an event's representation right after its acceptance.
    pub(crate) fn accepted(
        NewlyAccepted { event, webhooks, at }: NewlyAccepted<'_>,
        among: &Jurisdictions,
    ) -> Self {
        let deliveries = webhooks.iter().map(|webhook| DeliveryState {
            webhook_id: webhook.id,
            status: if webhook.is_enabled() { Status::Pending } else { Status::Cancelled },
            attempts: 0,
            next_attempt_at: webhook.is_enabled().then_some(at),
            last_response_status: None,
        });
        Self::new(event.clone(), deliveries.collect(), among)
    }

    /// Returns the representation of an event with its deliveries.
    pub(super) fn of(
        EventWithDeliveries { event, deliveries }: EventWithDeliveries,
        among: &Jurisdictions,
    ) -> Self {
        let accepted_at = event.accepted_at;
        let states = deliveries.into_iter().map(|(webhook_id, delivery, standing)| {
            let status = delivery.standing(standing);
            let next = delivery.next.map_or(accepted_at, |next| next.due);
            DeliveryState {
                webhook_id,
                status,
                attempts: delivery.attempts,
                next_attempt_at: status.is_open().then_some(next),
                last_response_status: delivery.last_response_status,
            }
        });
        let states = states.collect();
        Self::new(event, states, among)
    }

    /// Returns the answer that what was asked for goes on. Its data is not kept with it for repeats.
    pub(crate) fn reply(&self) -> Reply {
        Reply::accepted(self).showing_data((self.environment, self.id), &self.data)
    }

    fn new(event: AcceptedEvent, deliveries: Vec<DeliveryState>, among: &Jurisdictions) -> Self {
        let account_id = event.concerned();
        Self {
            id: event.id,
            object: "event",
            uri: format!("/v1/events/{}", event.id),
            r#type: event.event_type,
            environment: event.environment,
            jurisdiction: among.shown(event.jurisdiction),
            created_at: event.created_at,
            account_id,
            data: event.data,
            erased_at: event.erased_at,
            deliveries,
        }
    }
}
