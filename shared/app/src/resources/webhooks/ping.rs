//! Ping: a test event to one webhook.

use std::sync::Arc;

use domain::{
    delivery::Trigger,
    id::{AccountId, WebhookId},
    webhook::{EventType, Webhook},
};
use ports::limiter::Use;
use serde_json::{json, value::to_raw_value};

use super::find::find_enabled;
use crate::{
    auth::Access,
    delivery::{accept::accepted, event::AcceptedEvent},
    documents::Number,
    problem::{Code, Problem},
    resources::events::NewlyAccepted,
    work::{Answered, Reply, Work},
};

/// Sends a test event to the webhook `id`.
pub(crate) async fn ping(
    work: &Work,
    access: &Access,
    id: WebhookId,
    answer: impl Fn(NewlyAccepted<'_>) -> Reply,
) -> Answered {
    let webhook = find_enabled(work, access, id).await?;
    let work = &work.open_in(webhook.environment)?;
    work.backend.spend(access.id(), Use::Pings(id), work.now).await?;
    let event = ping_event(work, access.id(), &webhook)?;
    let webhooks = [Arc::new(webhook)];
    let accepted = accepted(work, event, &webhooks, Trigger::Ping);
    let reply = answer(NewlyAccepted { event: &accepted.event, webhooks: &webhooks, at: work.now });
    work.committed(accepted.commit, &reply).await?;
    Ok(reply)
}

fn ping_event(
    work: &Work,
    account: AccountId,
    webhook: &Webhook,
) -> Result<AcceptedEvent, Problem> {
    let object = json!({
        "id": webhook.id,
        "object": "webhook",
        "uri": format!("/v1/webhooks/{}", webhook.id),
    });
    let object = to_raw_value(&object).map_err(|_| Code::Unavailable)?;
    Ok(AcceptedEvent {
        format: Number::default(),
        id: work.backend.new_id(work.now),
        account,
        event_type: EventType::ping(),
        environment: webhook.environment,
        jurisdiction: webhook.jurisdiction,
        created_at: work.now,
        accepted_at: work.now,
        object,
        deliveries: vec![],
    })
}
