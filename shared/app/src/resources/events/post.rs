//! Posting an event.

use domain::{Environment, Jurisdiction, Timestamp, delivery::Trigger, webhook::EventType};
use serde_json::value::RawValue;

use super::newly_accepted::NewlyAccepted;
use crate::{
    App,
    auth::Access,
    checks::check_past,
    delivery::{accept::accepted, event::AcceptedEvent, sns, subscribers::subscribed_webhooks},
    documents::Number,
    problem::Problem,
    resources::event_types::check_event,
    work::{Answered, Reply, Work},
};

/// Event that is posted.
pub(crate) struct NewEvent {
    /// Type of the event.
    pub(crate) event_type: EventType,
    /// Environment of the event.
    pub(crate) environment: Environment,
    /// Jurisdiction of the event.
    pub(crate) jurisdiction: Jurisdiction,
    /// Time at which it happened, by default now.
    pub(crate) created_at: Option<Timestamp>,
    /// Data, as it was sent.
    pub(crate) data: Box<RawValue>,
}

/// Accepts an event: once this returns, the event is durable, and every matching webhook is tried
/// until it acknowledges or its schedule ends.
pub(crate) async fn post(
    app: &App,
    work: &Work,
    access: &Access,
    new: NewEvent,
    answer: impl Fn(NewlyAccepted<'_>) -> Reply,
) -> Answered {
    let work = &work.open_in(new.environment)?.as_was_read();
    let event = checked(app, work, access, new).await?;
    let webhooks = subscribed_webhooks(app, &event).await?;
    sns::check_event(&work.backend.settings.envelope, &event, &webhooks)?;
    let accepted = accepted(work, event, &webhooks, Trigger::Schedule);
    app.readings.accepted(&accepted.event, &accepted.body);
    let reply = answer(NewlyAccepted { event: &accepted.event, webhooks: &webhooks, at: work.now });
    work.committed_with(accepted.commit, accepted.cancelled, &reply).await?;
    Ok(reply)
}

/// Checks a new event, and returns it without deliveries.
pub(super) async fn checked(
    app: &App,
    work: &Work,
    access: &Access,
    new: NewEvent,
) -> Result<AcceptedEvent, Problem> {
    let created_at = new.created_at.unwrap_or(work.now);
    check_past("created_at", created_at, work.now)?;
    check_event(app, &new.event_type, &new.data).await?;
    Ok(AcceptedEvent {
        format: Number::default(),
        id: work.backend.new_id(created_at),
        account: access.id(),
        event_type: new.event_type,
        environment: new.environment,
        jurisdiction: new.jurisdiction,
        created_at,
        accepted_at: work.now,
        data: new.data,
        erased_at: None,
        is_of_former_form: false,
        is_test: false,
        about: None,
        deliveries: vec![],
    })
}
