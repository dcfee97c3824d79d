//! Events that the operator posts, and the status of their deliveries.

mod post;

use std::sync::Arc;

use domain::{
    Environment, Jurisdiction, Timestamp,
    delivery::{Status, Task, Trigger},
    id::{AccountId, EventId, WebhookId},
    webhook::{EventType, Webhook},
};
use http::StatusCode;
use ports::{
    Commit,
    queue::{Lane, Message},
    store::Write,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::Access,
    delivery::event::{AcceptedEvent, EventWithDeliveries},
    http::{
        answer::Answered,
        extract::{Asks, Developer, NoQuery, PathId, Posted},
        fields::optional_time,
        list::{List, Listed, PageParams, Source, created},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::parsed,
    },
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Reply, Work, no_refusal, read},
};

/// Maximum number of writes in a commit ahead of the main one: each is a document, usually with
/// index entries. Every backend accepts at least 100 items at once.
const PER_COMMIT: usize = 45;

/// Returns the routes of events.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, post::create))
        .routes(routes!(retrieve))
        .routes(routes!(resend))
}

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
    #[schema(value_type = vocabulary::Jurisdiction)]
    jurisdiction: Jurisdiction,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Data as it was posted.
    data: Data,
    /// Deliveries, one for each webhook that subscribed.
    deliveries: Vec<DeliveryState>,
}

/// Data of an event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventData)]
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
        event: &AcceptedEvent,
        webhooks: &[Arc<Webhook>],
        now: Timestamp,
    ) -> Self {
        let deliveries = webhooks.iter().map(|webhook| DeliveryState {
            webhook_id: webhook.id,
            status: if webhook.is_enabled() { Status::Pending } else { Status::Cancelled },
            attempts: 0,
            next_attempt_at: webhook.is_enabled().then_some(now),
            last_response_status: None,
        });
        Self::new(event.clone(), deliveries.collect())
    }

    fn of(EventWithDeliveries { event, deliveries }: EventWithDeliveries) -> Self {
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
        Self::new(event, states)
    }

    fn new(event: AcceptedEvent, deliveries: Vec<DeliveryState>) -> Self {
        Self {
            id: event.id,
            object: "event",
            uri: format!("/v1/events/{}", event.id),
            r#type: event.event_type,
            environment: event.environment,
            jurisdiction: event.jurisdiction,
            created_at: event.created_at,
            account_id: event.account,
            data: Data { object: event.object },
            deliveries,
        }
    }
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
    #[serde(default, rename = "type", deserialize_with = "optional_type")]
    #[param(rename = "type", value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Only events created at this time or later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only events created at this time or earlier.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Reads an optional event type, and reports errors in its parser's words.
pub(crate) fn optional_type<'de, D>(deserializer: D) -> Result<Option<EventType>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    parsed(deserializer).map(Some)
}

/// List events
#[utoipa::path(get, path = "/v1/events", tag = "Events", params(Filters, PageParams),
    responses((status = 200, description = "Events, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Filters { environment, event_type, since, until } = listed.filters;
    let environments = access.listed(environment)?;
    let source = Source {
        partitions: environments.iter().map(|env| collections::events(access.id(), *env)).collect(),
        index: false,
        range: created(EventId::PREFIX, since, until),
    };
    let rows = source
        .page(&work.backend, &listed.page, |row| {
            let event: AcceptedEvent = read(&row.document.body)?;
            Ok(Some(event).filter(|event| {
                event_type.as_ref().is_none_or(|wanted| *wanted == event.event_type)
            }))
        })
        .await?;
    let backend = &work.backend;
    let rows = rows
        .try_map(|event| async move { event.with_deliveries(backend).await.map(Resource::of) })
        .await?;
    Ok(Reply::ok(&listed.page.list(rows, None)))
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
    let event = find(&work, &access, id).await?;
    Ok(Reply::ok(&Resource::of(event.with_deliveries(&work.backend).await?)))
}

/// Request to send an event again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"webhook_id": "wh_01jgz2v6nv6e0w5dj3c5rqm8ta"}))]
pub struct Resend {
    /// Webhook to send it to; one that the event has a delivery for.
    #[serde(deserialize_with = "parsed")]
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    webhook_id: WebhookId,
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
    access.writable()?;
    let event = find(&work, &access, id).await?;
    let webhook = collections::webhooks(access.id(), event.environment).key(input.webhook_id);
    let webhook: Versioned<Webhook> =
        work.find(&[webhook]).await?.ok_or(Code::NotFound.of("webhook_id"))?;
    if !event.deliveries.iter().any(|planned| planned.webhook == input.webhook_id) {
        return Err(Problem::invalid(
            "webhook_id",
            "names a webhook that the event was not meant for",
        ));
    }
    if !webhook.state.is_enabled() {
        return Err(Problem::invalid(
            "webhook_id",
            "names a webhook that is disabled: enable it first",
        ));
    }
    let task = Task {
        event: id,
        environment: event.environment,
        run: 0,
        slot: 0,
        trigger: Trigger::Resend,
    };
    let message = Message {
        id: work.backend.new_id(work.now),
        account: access.id(),
        webhook: input.webhook_id,
        lane: Lane::First,
        due: work.now,
        task,
    };
    let reply = Reply::new(
        StatusCode::ACCEPTED,
        &Resource::of(event.with_deliveries(&work.backend).await?),
    );
    committed(&work, Commit { messages: vec![message], ..Commit::default() }, &reply).await?;
    Ok(reply)
}

/// Commits without preconditions; a conflict can only be transient, so it is retried.
pub(crate) async fn committed(work: &Work, commit: Commit, reply: &Reply) -> Result<(), Problem> {
    work.run(|| work.commit(commit.clone(), reply, no_refusal)).await
}

/// Commits, with `more` writes that have no preconditions and mean nothing without the rest. If
/// that is more than a backend accepts at once, they are committed first, some at a time. If the
/// process dies in between, nothing refers to those already written, and they expire.
pub(crate) async fn committed_with(
    work: &Work,
    commit: Commit,
    more: Vec<Write>,
    reply: &Reply,
) -> Result<(), Problem> {
    if more.is_empty() {
        return committed(work, commit, reply).await;
    }
    let mut whole = commit.clone();
    whole.writes.extend_from_slice(&more);
    match committed(work, whole, reply).await {
        Err(problem) if problem.code == Code::PayloadTooLarge => {}
        outcome => return outcome,
    }
    let ahead = work.unkept();
    for writes in more.chunks(PER_COMMIT) {
        let some = Commit { writes: writes.to_vec(), ..Commit::default() };
        committed(&ahead, some, reply).await?;
    }
    committed(work, commit, reply).await
}

/// Finds the caller's event `id`, in any environment that the caller has access to.
async fn find(work: &Work, access: &Access, id: EventId) -> Result<AcceptedEvent, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::events(access.id(), *env).key(id)).collect();
    let found =
        work.backend.store.get(&keys).await?.into_iter().flatten().next().ok_or(Code::NotFound)?;
    Ok(read(&found.body)?)
}
