//! Ping: a test event to one webhook, of any type.

use std::sync::Arc;

use domain::{
    PayloadFormat,
    delivery::Trigger,
    id::WebhookId,
    webhook::{EventType, Webhook},
};
use ports::limiter::Use;
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use super::{find::find_enabled, sample::sample_of};
use crate::{
    App,
    auth::Access,
    delivery::{accept::accepted, event::AcceptedEvent, sns},
    documents::Number,
    problem::{Code, Problem},
    resources::{event_types::check_event, events::NewlyAccepted},
    work::{Answered, Reply, Work},
};

/// Test event that is asked for.
pub(crate) struct Test {
    /// Type of the event; `webhook.ping` if none.
    pub(crate) event_type: Option<EventType>,
    /// Data; a sample if none.
    pub(crate) data: Option<Box<RawValue>>,
}

/// Sends a test event to the webhook `id`.
pub(crate) async fn ping(
    (app, work): (&App, &Work),
    access: &Access,
    id: WebhookId,
    test: Test,
    answer: impl Fn(NewlyAccepted<'_>) -> Reply,
) -> Answered {
    let webhook = find_enabled(work, access, id).await?;
    let work = &work.open_in(webhook.environment)?;
    work.backend.spend(access.id(), Use::Pings(id), work.now).await?;
    let event = test_event((app, work), access, &webhook, test).await?;
    let webhooks = [Arc::new(webhook)];
    sns::check_event(&work.backend.settings.envelope, &event, &webhooks)?;
    let accepted = accepted(work, event, &webhooks, Trigger::Ping);
    let reply = answer(NewlyAccepted { event: &accepted.event, webhooks: &webhooks, at: work.now });
    work.committed(accepted.commit, &reply).await?;
    Ok(reply)
}

async fn test_event(
    (app, work): (&App, &Work),
    access: &Access,
    webhook: &Webhook,
    Test { event_type, data }: Test,
) -> Result<AcceptedEvent, Problem> {
    let event_type = event_type.unwrap_or_else(EventType::ping);
    let is_ping = event_type == EventType::ping();
    let data = match data {
        Some(data) => data,
        None if is_ping => own(webhook, app.backend.settings.envelope.format)?,
        None => sample_of(&work.backend, access, webhook.environment, &event_type).await?.data()?,
    };
    if !event_type.is_own() {
        check_event(app, &event_type, &data).await?;
    }
    Ok(AcceptedEvent {
        format: Number::default(),
        id: work.backend.new_id(work.now),
        account: access.id(),
        event_type,
        environment: webhook.environment,
        jurisdiction: webhook.jurisdiction,
        created_at: work.now,
        accepted_at: work.now,
        data,
        erased_at: None,
        is_of_former_form: false,
        is_test: true,
        about: None,
        deliveries: vec![],
    })
}

/// Data of a ping: about the webhook itself.
fn own(webhook: &Webhook, format: PayloadFormat) -> Result<Box<RawValue>, Problem> {
    let object = json!({
        "id": webhook.id,
        "object": "webhook",
        "uri": format!("/v1/webhooks/{}", webhook.id),
    });
    let data = if format.needs_object() { json!({ "object": object }) } else { object };
    Ok(to_raw_value(&data).map_err(|_| Code::Unavailable)?)
}
