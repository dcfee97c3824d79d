//! Routes of events.

use axum::extract::State;
use domain::{
    Environment, Jurisdiction, Redacted, Timestamp,
    delivery::Status,
    id::{EventId, WebhookId},
    webhook::EventType,
};
use ports::store::Order;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    post::{self, NewEvent},
    queries::{self, Wanted},
    representation::Resource,
    resend,
};
use crate::{
    App,
    http::{
        extract::{Asks, Developer, NoQuery, OperatorFor, PathId, Posted},
        fields::{Json, Time, optional_time},
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::{Name, Text, optional, parsed},
    },
    paging::Period,
    work::{Answered, Reply},
};

/// Returns the routes of events.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve)).routes(routes!(resend))
}

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

/// Filters of the list of events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only events of this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Only events of this type.
    #[serde(default, rename = "type", deserialize_with = "optional")]
    #[param(rename = "type", value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Only events about the object with this identifier (`data.object.id`).
    #[param(value_type = Option<String>, min_length = 1, max_length = 255)]
    object_id: Option<Name>,
    /// Only events with a delivery to this webhook.
    #[serde(default, deserialize_with = "optional")]
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Only events of which a delivery, to `webhook_id` if that is given, is in this state.
    #[param(value_type = Option<vocabulary::DeliveryStatus>, inline)]
    status: Option<Status>,
    /// Order by creation: `desc` (the default) or `asc`.
    #[param(value_type = Option<vocabulary::Order>, inline)]
    order: Option<Direction>,
    /// Only events created at this time or later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only events created at this time or earlier.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Direction of a list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Asc,
    Desc,
}

/// Request to send an event again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"webhook_id": "wh_01jgz2v6nv6e0w5dj3c5rqm8ta"}))]
pub(crate) struct Resend {
    /// Webhook to send it to; one that the event has a delivery for.
    #[serde(deserialize_with = "parsed")]
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    webhook_id: WebhookId,
}

/// Post an event
///
/// 202 means that the event is durable: from then on every matching webhook is tried until it
/// acknowledges or its schedule ends, whatever crashes.
#[utoipa::path(post, path = "/v1/events", tag = "Events", request_body = PostEvent,
    responses((status = 202, description = "The event, with its deliveries", body = Resource)))]
async fn create(
    OperatorFor(access): OperatorFor,
    State(app): State<App>,
    Posted(input, work): Posted<PostEvent>,
) -> Answered {
    let object = input.data.object;
    object.read::<Related>().map_err(|error| error.under("object").under("data"))?;
    let new = NewEvent {
        event_type: input.r#type,
        environment: input.environment,
        jurisdiction: input.jurisdiction.unwrap_or(Jurisdiction::Us),
        created_at: input.created_at.map(|time| time.0),
        object: object.0,
    };
    post::post(&app, &work, &access, new, |event| Reply::accepted(&Resource::accepted(event))).await
}

/// List events
#[utoipa::path(get, path = "/v1/events", tag = "Events", params(Filters, PageParams),
    responses((status = 200, description = "Events", body = List<Resource>)))]
async fn list(
    Developer(access): Developer,
    Asks(work): Asks,
    mut listed: Listed<Filters>,
) -> Answered {
    let Filters { environment, event_type, object_id, webhook_id, status, order, since, until } =
        listed.filters;
    let wanted = Wanted {
        environment,
        event_type,
        object: object_id.map(|object| Redacted::new(&object.0)),
        webhook: webhook_id,
        status,
        period: Period { since, until },
    };
    listed.page.order = match order {
        None | Some(Direction::Desc) => Order::Descending,
        Some(Direction::Asc) => Order::Ascending,
    };
    let events = queries::list(&work.backend, &access, &wanted, &listed.page).await?;
    Ok(Reply::ok(&listed.links.list(events.map(Resource::of), None)))
}

/// Show an event
#[utoipa::path(get, path = "/v1/events/{id}", tag = "Events", params(("id" = String, Path)),
    responses((status = 200, description = "The event", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<EventId>,
    _: NoQuery,
) -> Answered {
    let event = queries::find(&work.backend, &access, id).await?;
    Ok(Reply::ok(&Resource::of(event.with_deliveries(&work.backend).await?)))
}

/// Send an event to a webhook once more
///
/// One extra attempt now, beside the schedule; success settles the delivery.
#[utoipa::path(post, path = "/v1/events/{id}/resend", tag = "Events", params(("id" = String, Path)),
    request_body = Resend,
    responses((status = 202, description = "The event", body = Resource)))]
async fn resend(
    Developer(access): Developer,
    PathId(id): PathId<EventId>,
    Posted(input, work): Posted<Resend>,
) -> Answered {
    let answer = |event| Reply::accepted(&Resource::of(event));
    resend::resend(&work, &access, id, input.webhook_id, answer).await
}
