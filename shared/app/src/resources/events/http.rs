//! Routes of events.

use axum::extract::State;
use domain::{
    Environment, Redacted, Timestamp,
    delivery::Status,
    id::{EventId, WebhookId},
    webhook::EventType,
};
use ports::store::Order;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::{
    advance,
    batch::{self, PostEvents},
    erase,
    input::PostEvent,
    newly_accepted::NewlyAccepted,
    post,
    queries::{self, Wanted},
    representation::Resource,
    resend,
};
use crate::{
    App,
    delivery::event::EventWithDeliveries,
    http::{
        extract::{Asks, Developer, LARGEST_BATCH, NoQuery, OperatorFor, PathId, Posted},
        fields::optional_time,
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::{Name, optional, parsed},
    },
    paging::Period,
    work::{Answered, Reply},
};

/// Returns the routes of events.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(create_batch))
        .routes(routes!(retrieve, erase))
        .routes(routes!(resend))
        .routes(routes!(advance))
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

/// Request to make the next attempt now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"webhook_id": "wh_01jgz2v6nv6e0w5dj3c5rqm8ta"}))]
pub(crate) struct Advance {
    /// Webhook of the delivery whose next attempt it is.
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
    let among = &app.backend.settings.jurisdictions;
    let new = input.new_event(&app.backend.settings)?;
    let answer = |event: NewlyAccepted<'_>| Resource::accepted(event, among).reply();
    post::post(&app, &work, &access, new, answer).await
}

/// Post a batch of events
///
/// All of them are accepted, or none. An event whose `idempotency_key` is known is answered as it was
/// then, and not accepted again.
#[utoipa::path(post, path = "/v1/events/batch", tag = "Events", request_body = PostEvents,
    responses((status = 202, description = "The events, in the order of the request", body = List<Resource>)))]
async fn create_batch(
    OperatorFor(access): OperatorFor,
    State(app): State<App>,
    Posted(input, work): Posted<PostEvents, LARGEST_BATCH>,
) -> Answered {
    let among = &app.backend.settings.jurisdictions;
    let items = input.items(&app.backend.settings)?;
    let answer = |event: NewlyAccepted<'_>| Resource::accepted(event, among).reply();
    batch::post_all(&app, &work, &access, items, answer, posted).await
}

fn posted(events: Vec<&RawValue>) -> Reply {
    let count = Some(events.len() as u64);
    Reply::accepted(&List {
        object: "list",
        data: events,
        count,
        next_href: None,
        previous_href: None,
    })
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
    let sort = |row: &EventWithDeliveries| row.event.id.to_string();
    let shown = |event| Resource::of(event, work.jurisdictions());
    Ok(Reply::ok(&listed.links.list(events, None, sort, shown)))
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
    let event = event.with_deliveries(&work.backend).await?;
    Ok(Reply::ok(&Resource::of(event, work.jurisdictions())))
}

/// Erase an event
///
/// Its data goes, everywhere it is kept: `data` is null from then on, bodies in the log of its attempts are
/// gone, and what waits is cancelled. Erasing again answers the same. Resending, recovering and advancing it
/// is 409 `conflict`.
#[utoipa::path(delete, path = "/v1/events/{id}", tag = "Events", params(("id" = String, Path)),
    responses((status = 200, description = "The event, without its data", body = Resource)))]
async fn erase(
    OperatorFor(access): OperatorFor,
    Asks(work): Asks,
    PathId(id): PathId<EventId>,
    _: NoQuery,
) -> Answered {
    let answer = |event| Reply::ok(&Resource::of(event, work.jurisdictions()));
    erase::erase(&work, &access, id, answer).await
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
    let answer = |event| Resource::of(event, work.jurisdictions()).reply();
    resend::resend(&work, &access, id, input.webhook_id, answer).await
}

/// Make the next scheduled attempt now
///
/// In the test environment only. The attempt takes its slot in the schedule: it is not made again at its
/// own time, and later ones keep theirs. One that is due already is left as it is. 409 `conflict` when
/// the delivery is settled.
#[utoipa::path(post, path = "/v1/events/{id}/advance", tag = "Events", params(("id" = String, Path)),
    request_body = Advance,
    responses((status = 202, description = "The event", body = Resource)))]
async fn advance(
    Developer(access): Developer,
    PathId(id): PathId<EventId>,
    Posted(input, work): Posted<Advance>,
) -> Answered {
    let answer = |event| Resource::of(event, work.jurisdictions()).reply();
    advance::advance(&work, &access, id, input.webhook_id, answer).await
}
