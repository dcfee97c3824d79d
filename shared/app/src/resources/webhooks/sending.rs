//! Ping and recover.

use std::time::Duration;

use domain::{
    Timestamp,
    delivery::{Delivery, Status, Task, Trigger},
    id::{AccountId, EventId, WebhookId},
    webhook::{EventType, Webhook},
};
use http::StatusCode;
use ports::{
    Commit,
    queue::{Lane, Message},
    store::{Order, Query, Row},
};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::to_raw_value};
use utoipa::ToSchema;

use super::find;
use crate::{
    auth::Access,
    delivery::{
        accept::{accepted, put_delivery},
        event::{AcceptedEvent, Planned, standing},
    },
    http::{
        answer::Answered,
        extract::{Developer, PathId, Posted},
        list::created,
    },
    problem::{Code, Problem},
    resources::{
        api_keys::{Nothing, Time},
        events,
    },
    views::collections,
    work::{Halt, Reply, Work, no_refusal, read},
};

/// Deliveries recovered in one commit.
const PER_COMMIT: usize = 25;
/// Between one recovered delivery and the next: 50 a second, so that a receiver that has just come
/// back is not drowned.
const PACE: Duration = Duration::from_millis(20);

/// Which deliveries to recover.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"since": "2026-01-31T00:00:00.000Z"}))]
pub(crate) struct Recover {
    /// Events created from this time on.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T00:00:00.000Z")]
    since: Time,
    /// Events created up to this time.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
}

/// How many deliveries are queued again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recovered {
    #[schema(example = "recovery")]
    object: &'static str,
    #[schema(example = 12)]
    count: u64,
}

/// Send a test event to one webhook
#[utoipa::path(post, path = "/v1/webhooks/{id}/ping", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 202, description = "The test event, on its way", body = events::Resource)))]
pub(crate) async fn ping(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    access.writable()?;
    let webhook = find(&work, &access, id).await?.state;
    if !webhook.is_enabled() {
        return Err(Problem::invalid("id", "names a webhook that is disabled: enable it first"));
    }
    let mut event = ping_event(&work, access.id(), &webhook)?;
    let commit = accepted(&work, &mut event, std::slice::from_ref(&webhook), Trigger::Ping);
    let resource = events::Resource::accepted(&event, std::slice::from_ref(&webhook), work.now);
    let reply = Reply::new(StatusCode::ACCEPTED, &resource);
    events::committed(&work, commit, &reply).await?;
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
        id: work.home.new_id(work.now),
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

/// Queue undelivered events again
///
/// Every delivery of the window that ended exhausted, or was cancelled because the webhook was
/// disabled, begins its schedule anew, paced.
#[utoipa::path(post, path = "/v1/webhooks/{id}/recover", tag = "Webhooks", params(("id" = String, Path)),
    request_body = Recover,
    responses((status = 202, description = "How many are queued again", body = Recovered)))]
pub(crate) async fn recover(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(input, work): Posted<Recover>,
) -> Answered {
    access.writable()?;
    if let Some(until) = &input.until
        && until.0 < input.since.0
    {
        return Err(Problem::invalid("until", "must not be before since"));
    }
    let webhook = find(&work, &access, id).await?.state;
    if !webhook.is_enabled() {
        return Err(Problem::invalid("id", "names a webhook that is disabled: enable it first"));
    }
    let mut range = created(EventId::PREFIX, Some(input.since.0), input.until.map(|until| until.0));
    let mut due = work.now;
    let mut count = 0;
    loop {
        let query = Query {
            partition: collections::undelivered(access.id(), id),
            index: true,
            range: range.clone(),
            order: Order::Ascending,
            limit: PER_COMMIT,
        };
        let rows = work.home.store.query(&query).await?;
        let Some(last) = rows.last() else { break };
        // The first sort key after the last one.
        range.from = Some(format!("{}\0", last.sort));
        let recovered = work.run(|| again(&work, &access, &webhook, &rows, due)).await?;
        due = due.plus(PACE * recovered);
        count += u64::from(recovered);
    }
    let reply = Reply::new(StatusCode::ACCEPTED, &Recovered { object: "recovery", count });
    if work.slot.is_some() {
        let kept = work.run(|| work.commit(Commit::default(), &reply, no_refusal)).await;
        kept?;
    }
    Ok(reply)
}

/// Recovers what of `rows` is to be, the first of them due at `due`; says how many.
async fn again(
    work: &Work,
    access: &Access,
    webhook: &Webhook,
    rows: &[Row],
    due: Timestamp,
) -> Result<u32, Halt> {
    let mut commit = Commit::default();
    let mut recovered = 0;
    for row in rows {
        let event: EventId = row.sort.parse().map_err(|_| Code::NotFound)?;
        let keys = [
            collections::deliveries(access.id(), event).key(webhook.id),
            collections::events(access.id(), webhook.environment).key(event),
        ];
        let documents = work.home.store.get(&keys).await.map_err(Problem::from)?;
        let [Some(document), Some(event)] = &documents[..] else { continue };
        let delivery: Delivery = read(&document.body).map_err(Problem::from)?;
        let event: AcceptedEvent = read(&event.body).map_err(Problem::from)?;
        let planned = Planned { webhook: webhook.id, generation: webhook.generation };
        let at = due.plus(PACE * recovered);
        let delivery = match delivery.standing(standing(webhook)) {
            Status::Exhausted | Status::Cancelled => delivery.recovered(webhook.generation),
            Status::Pending if delivery.run > 0 && !work.home.queue.is_transactional() => {
                // Recovered before, by a request whose message may not have been sent.
                commit.messages.push(message(work, &event, planned, delivery.run, at));
                recovered += 1;
                continue;
            }
            _ => continue,
        };
        commit.messages.push(message(work, &event, planned, delivery.run, at));
        commit.writes.push(put_delivery(
            &work.home,
            &event,
            planned,
            &delivery,
            Some(document.revision),
        ));
        recovered += 1;
    }
    if recovered > 0 {
        // The answer is kept with the last commit, which knows the whole count.
        let unkept =
            Work { slot: None, asked: work.asked.clone(), home: work.home.clone(), now: work.now };
        unkept.commit(commit, &Reply::ok(&()), no_refusal).await?;
    }
    Ok(recovered)
}

fn message(
    work: &Work,
    event: &AcceptedEvent,
    planned: Planned,
    run: u32,
    due: Timestamp,
) -> Message {
    let trigger = Trigger::Recover;
    Message {
        id: work.home.new_id(work.now),
        account: event.account,
        webhook: planned.webhook,
        lane: Lane::Retry,
        due,
        task: Task { event: event.id, environment: event.environment, run, slot: 0, trigger },
    }
}
