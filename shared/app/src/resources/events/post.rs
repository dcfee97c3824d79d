//! Posting an event.

use std::time::Duration;

use domain::{Environment, Jurisdiction, account::Account, delivery::Trigger, webhook::EventType};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Resource, committed_with};
use crate::{
    App,
    delivery::{
        accept::{accepted, subscribed_webhooks},
        event::AcceptedEvent,
        sns,
    },
    http::{
        answer::Answered,
        extract::{OperatorFor, Posted},
        fields::{Json, Time},
        openapi::vocabulary,
        text::{Name, Text, parsed},
    },
    problem::{Code, Problem},
    resources::event_types,
    work::Reply,
};

/// Maximum time that the operator's clock may be ahead of ours.
const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// A new event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "type": "report.completed",
    "environment": "test",
    "data": {"object": {
        "id": "4722c07dd9a10c3985ae432a",
        "object": "report",
        "uri": "/v1/reports/4722c07dd9a10c3985ae432a",
        "status": "clear",
    }},
}))]
pub(crate) struct PostEvent {
    /// Type of the event.
    #[serde(deserialize_with = "parsed")]
    #[schema(value_type = String, example = "report.completed")]
    r#type: EventType,
    /// `test` or `live`.
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    /// `US` or `CA`.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Jurisdiction>, default = "US")]
    jurisdiction: Option<Jurisdiction>,
    data: PostData,
    /// Time at which it happened, by default now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
}

/// Data of an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostData {
    /// Related object: anything with `id`, `object` and, if it can be fetched, `uri`.
    #[schema(value_type = Object, example = json!({
        "id": "4722c07dd9a10c3985ae432a", "object": "report", "uri": "/v1/reports/4722c07dd9a10c3985ae432a"
    }))]
    object: Json,
}

/// Members that every related object must have.
#[derive(Deserialize)]
struct Related {
    #[serde(rename = "id")]
    _id: Name,
    #[serde(rename = "object")]
    _object: Name,
    #[serde(default, rename = "uri")]
    _uri: Option<Text<2048>>,
}

/// Post an event
///
/// 202 means that the event is durable: from then on every matching webhook is tried until it
/// acknowledges or its schedule ends, whatever crashes.
#[utoipa::path(post, path = "/v1/events", tag = "Events", request_body = PostEvent,
    responses((status = 202, description = "The event, with its deliveries", body = Resource)))]
pub(crate) async fn create(
    OperatorFor(access): OperatorFor,
    axum::extract::State(app): axum::extract::State<App>,
    Posted(input, work): Posted<PostEvent>,
) -> Answered {
    check_account(&access.account.state, input.environment)?;
    let created_at = input.created_at.map_or(work.now, |time| time.0);
    if created_at > work.now.plus(CLOCKS_DIFFER) {
        return Err(Problem::invalid("created_at", "must not be in the future"));
    }
    let object = input.data.object;
    object.read::<Related>().map_err(|error| error.under("object").under("data"))?;
    event_types::check_event(&app, &input.r#type, &object).await?;
    let event = AcceptedEvent {
        id: work.backend.new_id(created_at),
        account: access.id(),
        event_type: input.r#type,
        environment: input.environment,
        jurisdiction: input.jurisdiction.unwrap_or(Jurisdiction::Us),
        created_at,
        accepted_at: work.now,
        object: object.0,
        deliveries: vec![],
    };
    let webhooks = subscribed_webhooks(&app, &event).await?;
    sns::check_event(&event, &webhooks)?;
    let accepted = accepted(&work, event, &webhooks, Trigger::Schedule);
    app.readings.accepted(&accepted);
    let resource = Resource::accepted(&accepted.event, &webhooks, work.now);
    let reply = Reply::new(StatusCode::ACCEPTED, &resource);
    committed_with(&work, accepted.commit, accepted.cancelled, &reply).await?;
    Ok(reply)
}

fn check_account(account: &Account, environment: Environment) -> Result<(), Problem> {
    if account.is_closed() {
        return Err(Code::AccountClosed.into());
    }
    if environment == Environment::Live && !account.is_credentialed() {
        return Err(Code::AccountNotCredentialed.into());
    }
    Ok(())
}
