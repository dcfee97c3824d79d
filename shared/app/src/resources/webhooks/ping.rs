//! Ping: a test event to one webhook.

use std::sync::Arc;

use domain::{
    delivery::Trigger,
    id::{AccountId, WebhookId},
    webhook::{EventType, Webhook},
};
use http::StatusCode;
use serde_json::{json, value::to_raw_value};

use super::find_enabled;
use crate::{
    delivery::{accept::accepted, event::AcceptedEvent},
    http::{
        answer::Answered,
        extract::{Developer, PathId, Posted},
    },
    problem::{Code, Problem},
    resources::{api_keys::Nothing, events},
    work::{Reply, Work},
};

/// Send a test event to one webhook
#[utoipa::path(post, path = "/v1/webhooks/{id}/ping", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 202, description = "The test event", body = events::Resource)))]
pub(crate) async fn ping(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    access.writable()?;
    let webhook = find_enabled(&work, &access, id).await?;
    let event = ping_event(&work, access.id(), &webhook)?;
    let webhooks = [Arc::new(webhook)];
    let accepted = accepted(&work, event, &webhooks, Trigger::Ping);
    let resource = events::Resource::accepted(&accepted.event, &webhooks, work.now);
    let reply = Reply::new(StatusCode::ACCEPTED, &resource);
    events::committed(&work, accepted.commit, &reply).await?;
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
