//! Deliveries whose every attempt failed.

use domain::{
    Environment, OperationalEvent,
    delivery::{Delivery, Status},
    id::{EventId, WebhookId},
};
use ports::Commit;
use serde::Serialize;

use super::{Notice, tell};
use crate::{
    Backend,
    delivery::event::{AcceptedEvent, Planned},
    problem::Problem,
};

/// Exhausted delivery, as the operator is told of it.
#[derive(Serialize)]
struct Exhausted {
    id: EventId,
    object: &'static str,
    event_id: EventId,
    webhook_id: WebhookId,
    environment: Environment,
    attempts: u32,
    last_response_status: Option<u16>,
}

/// Tells the operator in `commit`, which records an attempt, if that exhausted the delivery: it is as
/// `after` now, and was as `before`.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn tell_if_exhausted(
    backend: &Backend,
    commit: &mut Commit,
    event: &AcceptedEvent,
    planned: Planned,
    (before, after): (&Delivery, &Delivery),
) -> Result<(), Problem> {
    if after.status != Status::Exhausted || before.status == Status::Exhausted {
        return Ok(());
    }
    let object = Exhausted {
        id: event.id,
        object: "delivery",
        event_id: event.id,
        webhook_id: planned.webhook,
        environment: event.environment,
        attempts: after.attempts,
        last_response_status: after.last_response_status,
    };
    let notice = Notice::of(OperationalEvent::DeliveryExhausted, event.account, &object)?;
    tell(backend, commit, vec![notice], backend.now()).await
}
