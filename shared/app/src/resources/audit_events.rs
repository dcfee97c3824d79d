//! Audit log: the history of settings, read straight from the event store.

use std::collections::BTreeMap;

use domain::{
    Decider, StoredEvent as _, Timestamp,
    id::{AccountId, AuditId, RequestId},
};
use ports::{
    Unavailable,
    store::{Actor, RecordedEvent, StreamId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Backend,
    auth::Access,
    http::{
        answer::Answered,
        extract::{Asks, Developer},
        fields::optional_time,
        list::{List, Listed, PageParams, Rows},
        routes::{Routes, routes},
    },
    problem::Problem,
    work::Reply,
};

/// Events read at a time.
const CHUNK: usize = 500;
/// Maximum number of events examined for one page; a filter that passes few gets a short page and a
/// cursor.
const MOST_EXAMINED: usize = 10_000;

/// Returns the routes of the audit log.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list))
}

/// An event in the account's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub struct Resource {
    #[schema(value_type = String, example = "aud_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: AuditId,
    #[schema(example = "audit_event")]
    object: &'static str,
    #[schema(example = "webhook.created")]
    r#type: String,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    actor: AuditActor,
    ip: Option<String>,
    #[schema(value_type = Option<String>)]
    request_id: Option<RequestId>,
    /// The account, key or webhook that changed.
    #[schema(example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    subject: String,
    /// Content of the event; never a secret.
    #[schema(value_type = Object)]
    data: Value,
}

/// Actor behind an event.
#[derive(Debug, Serialize, ToSchema)]
struct AuditActor {
    /// `operator`, `portal_session`, `api_key` or `system`.
    #[schema(value_type = String, example = "operator")]
    r#type: ports::store::ActorKind,
    /// Identifier of the session or key.
    id: Option<String>,
}

impl From<Actor> for AuditActor {
    fn from(actor: Actor) -> Self {
        Self { r#type: actor.kind, id: actor.id }
    }
}

impl From<RecordedEvent> for Resource {
    fn from(RecordedEvent { stream, event, .. }: RecordedEvent) -> Self {
        Self {
            id: event.id,
            object: "audit_event",
            r#type: event.name.name,
            created_at: event.metadata.at,
            actor: event.metadata.actor.into(),
            ip: event.metadata.ip.map(|ip| ip.to_string()),
            request_id: event.metadata.request_id,
            subject: stream.subject(),
            data: without_bookkeeping(&event.payload),
        }
    }
}

/// Returns the payload without the fields that only Latchhook itself can use: keyed hashes and
/// numbers of secrets. An unreadable payload is not shown at all.
fn without_bookkeeping(payload: &RawValue) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "fingerprint" && name != "secret");
                fields.values_mut().for_each(strip);
            }
            Value::Array(entries) => entries.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(payload.get()).unwrap_or_default();
    strip(&mut value);
    value
}

/// Filters of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only events of this account, key or webhook.
    subject: Option<String>,
    /// Only events of this type, such as `webhook.created`.
    r#type: Option<String>,
    /// Only events at this time or later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only events at this time or earlier.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

impl Filters {
    /// Returns the one stream that the subject names. Its history is read by itself, so that it
    /// doesn't matter how long the account's is.
    fn stream(&self, account: AccountId) -> Option<StreamId> {
        let subject = self.subject.as_ref()?;
        let key = subject.parse().map(|key| StreamId::Key(account, key));
        key.or_else(|_| subject.parse().map(|webhook| StreamId::Webhook(account, webhook))).ok()
    }

    /// Returns whether to show the caller an event; a key is shown those of its own environment,
    /// and those that belong to both.
    fn keep(&self, recorded: &RecordedEvent, access: &Access) -> bool {
        let (event, at) = (&recorded.event, recorded.event.metadata.at);
        if let (Some(fixed), Some(environment)) = (access.fixed, event.metadata.environment)
            && fixed != environment
        {
            return false;
        }
        self.subject.as_ref().is_none_or(|subject| *subject == recorded.stream.subject())
            && self.r#type.as_ref().is_none_or(|wanted| *wanted == event.name.name)
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at <= until)
    }
}

/// List the settings history
#[utoipa::path(get, path = "/v1/audit_events", tag = "Audit", params(Filters, PageParams),
    responses((status = 200, description = "Events, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Listed { filters, page } = listed;
    if let Some(stream) = filters.stream(access.id()) {
        let mut events = work.backend.store.read_stream(stream, 0).await?;
        events.retain(|recorded| filters.keep(recorded, &access));
        let rows = events.into_iter().map(|event| (event.event.id.to_string(), event.into()));
        let mut rows: Vec<(String, Resource)> = rows.collect();
        rows.sort_by(|(a, _), (b, _)| b.cmp(a));
        return Ok(Reply::ok(&List { count: None, ..page.of(rows) }));
    }
    let mut before = page.before().and_then(|id| id.parse::<AuditId>().ok());
    let mut kept = Vec::new();
    let (mut examined, mut next) = (0, None);
    // Without filters, one page of events is enough.
    let mut chunk = page.per_page + 1;
    'pages: loop {
        let events = work.backend.store.history(access.id(), before, chunk).await?;
        examined += events.len();
        let is_last = events.len() < chunk;
        chunk = CHUNK;
        for recorded in events {
            let id = recorded.event.id;
            let is_older = filters.since.is_some_and(|since| recorded.event.metadata.at < since);
            if is_older {
                break 'pages;
            }
            if filters.keep(&recorded, &access) {
                if kept.len() == page.per_page {
                    next = before.map(|id| id.to_string());
                    break 'pages;
                }
                kept.push(Resource::from(recorded));
            }
            before = Some(id);
        }
        if is_last {
            break;
        }
        if examined >= MOST_EXAMINED {
            next = before.map(|id| id.to_string());
            break;
        }
    }
    Ok(Reply::ok(&page.list(Rows { kept, next }, None)))
}

/// Returns the states of the account's streams that `wanted` picks, as they were at `at`, oldest
/// first.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn states_as_of<S: Decider>(
    backend: &Backend,
    account: AccountId,
    at: Timestamp,
    wanted: impl Fn(StreamId) -> bool,
) -> Result<Vec<S>, Problem> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let events = backend.store.history(account, before, CHUNK).await?;
        let is_last = events.len() < CHUNK;
        before = events.last().map(|recorded| recorded.event.id);
        let fits =
            |recorded: &RecordedEvent| wanted(recorded.stream) && recorded.event.metadata.at <= at;
        found.extend(events.into_iter().filter(fits));
        if is_last {
            break;
        }
    }
    let mut states: BTreeMap<StreamId, S> = BTreeMap::new();
    // Identifiers are in the order of the requests, which a race can have turned around.
    found.sort_by_key(|recorded| (recorded.stream, recorded.version));
    for recorded in found {
        let stream = recorded.stream;
        let state = evolved(states.remove(&stream), &recorded)?;
        states.extend(state.map(|state| (stream, state)));
    }
    Ok(states.into_values().collect())
}

/// Returns the state of one stream as it was at `at`.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read.
pub(crate) async fn state_as_of<S: Decider>(
    backend: &Backend,
    stream: StreamId,
    at: Timestamp,
) -> Result<Option<S>, Problem> {
    let events = backend.store.read_stream(stream, 0).await?;
    let until = events.iter().take_while(|recorded| recorded.event.metadata.at <= at);
    until.into_iter().try_fold(None, |state, recorded| evolved(state, recorded))
}

/// Returns the state after one more recorded event.
pub(crate) fn evolved<S: Decider>(
    state: Option<S>,
    recorded: &RecordedEvent,
) -> Result<Option<S>, Problem> {
    let stored = &recorded.event;
    let event = S::Event::read(&stored.name.name, stored.name.schema_version, stored.payload.get())
        .map_err(|why| Unavailable::new("reading an event", why))?;
    Ok(S::evolve(state, event, stored.metadata.at))
}
