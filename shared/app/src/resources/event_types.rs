//! Event types: the types of event that the operator announces.

mod schema;

use std::collections::BTreeSet;

use domain::{
    Decider as _, StoredEvent as _, Timestamp,
    event_types::{Command, EventTypes, EventTypesEvent, Put, Registered, Rejection},
    webhook::{EventType, Subscription},
};
use ports::{
    Commit, Unavailable,
    store::{Range, StreamId},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

pub use schema::Schemas;

use crate::{
    App, Backend,
    http::{
        answer::Answered,
        extract::{AnyDeveloper, Asks, NoQuery, Operator, PathId, Sent},
        fields::Json,
        list::{List, Listed, PageParams, Source},
        routes::{Routes, routes},
        text::{Prose, check_no_secret},
    },
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Halt, Reply, Work, no_refusal, read},
};

/// Returns the routes of event types.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// A registered event type.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventType)]
pub struct Resource {
    #[schema(value_type = String, example = "report.completed")]
    name: EventType,
    #[schema(example = "event_type")]
    object: &'static str,
    #[schema(example = "A report is complete.")]
    description: Option<String>,
    /// JSON Schema that the related object satisfies.
    #[schema(value_type = Option<schema::JsonSchema>)]
    schema: Option<Box<RawValue>>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    updated_at: Timestamp,
}

impl From<Registered> for Resource {
    fn from(registered: Registered) -> Self {
        Self {
            name: registered.name,
            object: "event_type",
            description: registered.description,
            schema: registered.schema.and_then(|schema| RawValue::from_string(schema).ok()),
            created_at: registered.created_at,
            updated_at: registered.updated_at,
        }
    }
}

/// Description of an event type.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "description": "A report is ready.",
    "schema": {"type": "object", "required": ["status"]},
}))]
pub struct PutEventType {
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Prose>,
    /// A JSON Schema (2020-12 unless it says otherwise) that the related object must satisfy.
    #[serde(default)]
    #[schema(value_type = Option<schema::JsonSchema>)]
    schema: Option<Json>,
}

/// Query without filters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFilters {}

/// List event types
#[utoipa::path(get, path = "/v1/event_types", tag = "Event types", params(PageParams),
    responses((status = 200, description = "Event types, by name in reverse order", body = List<Resource>)))]
async fn list(_: AnyDeveloper, Asks(work): Asks, listed: Listed<NoFilters>) -> Answered {
    let NoFilters {} = listed.filters;
    let source = Source {
        partitions: vec![collections::event_types()],
        index: false,
        range: Range::default(),
    };
    let rows = source
        .page(&work.backend, &listed.page, |row| {
            let registered: Registered = read(&row.document.body)?;
            Ok(Some(Resource::from(registered)))
        })
        .await?;
    let count = names(&work.backend).await?.len();
    Ok(Reply::ok(&listed.page.list(rows, u64::try_from(count).ok())))
}

/// Register an event type, or change it
#[utoipa::path(put, path = "/v1/event_types/{name}", tag = "Event types", params(("name" = String, Path)),
    request_body = PutEventType,
    responses((status = 200, description = "The event type", body = Resource)))]
async fn put(
    _: Operator,
    PathId(name): PathId<EventType>,
    Sent(input, work): Sent<PutEventType>,
) -> Answered {
    check_no_secret("name", name.as_str())?;
    if let Some(schema) = &input.schema {
        check_no_secret("schema", schema.0.get())?;
        schema::check(schema)?;
    }
    let schema = input.schema.map(|schema| schema.0.get().to_owned());
    let description = input.description.map(|text| text.0);
    let put = Put { name: name.clone(), description, schema };
    decided(&work, || Command::Put(put.clone()), &name).await
}

/// Take an event type out
#[utoipa::path(delete, path = "/v1/event_types/{name}", tag = "Event types", params(("name" = String, Path)),
    responses((status = 200, description = "The event type as it was", body = Resource)))]
async fn remove(
    _: Operator,
    PathId(name): PathId<EventType>,
    Asks(work): Asks,
    _: NoQuery,
) -> Answered {
    decided(&work, || Command::Remove(name.clone()), &name).await
}

/// Decides `command` and answers with the type that it is about: as it is now, or as it was.
async fn decided(work: &Work, command: impl Fn() -> Command, name: &EventType) -> Answered {
    work.run(|| async {
        let before = registry(&work.backend).await?;
        let events =
            EventTypes::decide(before.as_ref().map(|before| &before.state), command(), work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, before.as_ref(), events);
        let of = |registry: &Option<Versioned<EventTypes>>| {
            registry.as_ref().and_then(|registry| registry.state.types.get(name).cloned())
        };
        let registered = of(&after).or_else(|| of(&before)).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&Resource::from(registered));
        work.commit(commit, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

/// Reads the registry by folding its events: it changes rarely, and only the operator asks for the
/// whole of it.
async fn registry(backend: &Backend) -> Result<Option<Versioned<EventTypes>>, Problem> {
    let mut folded: Option<Versioned<EventTypes>> = None;
    for recorded in backend.store.read_stream(StreamId::EventTypes, 0).await? {
        let stored = &recorded.event;
        let event = EventTypesEvent::read(
            &stored.name.name,
            stored.name.schema_version,
            stored.payload.get(),
        )
        .map_err(|why| Unavailable::new("reading the registry", why))?;
        let state =
            EventTypes::evolve(folded.map(|folded| folded.state), event, stored.metadata.at);
        folded = state.map(|state| Versioned { version: recorded.version, state, revision: 0 });
    }
    Ok(folded)
}

/// Reads the names of all registered types.
async fn names(backend: &Backend) -> Result<BTreeSet<EventType>, Problem> {
    let found = backend.store.get(&[collections::event_type_names()]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(BTreeSet::new()) };
    Ok(Versioned::read(&document)?.state)
}

/// Checks subscriptions against the registry, unless it is empty.
pub(crate) async fn check_subscriptions(
    backend: &Backend,
    subscriptions: &[Subscription],
) -> Result<(), Problem> {
    let names = names(backend).await?;
    let unknown = subscriptions.iter().position(|subscription| {
        matches!(subscription, Subscription::Exactly(name)
            if !names.contains(name) && *name != EventType::ping())
    });
    if let Some(index) = unknown.filter(|_| !names.is_empty()) {
        let entry = format!("has an entry, number {}, that is not registered", index + 1);
        return Err(Code::UnknownEventType.of_which("event_types", entry));
    }
    let mut texts = subscriptions.iter().map(Subscription::to_string);
    texts.try_for_each(|text| check_no_secret("event_types", &text))
}

/// Checks an event against the registry, unless it is empty: its type, and its object by the
/// schema.
pub(crate) async fn check_event(
    app: &App,
    event_type: &EventType,
    object: &Json,
) -> Result<(), Problem> {
    let keys = [collections::event_types().key(event_type), collections::event_type_names()];
    let documents = app.backend.store.get(&keys).await?;
    let [registered, names] = <[_; 2]>::try_from(documents).map_err(|_| {
        Unavailable::new("reading event types", "some documents are not answered for")
    })?;
    if let Some(registered) = registered {
        return app.schemas.check(&registered, object);
    }
    let names = names.map(|names| Versioned::<BTreeSet<EventType>>::read(&names)).transpose()?;
    if names.is_some_and(|names| !names.state.is_empty()) {
        return Err(Code::UnknownEventType.of_which("type", "names no registered event type"));
    }
    check_no_secret("type", event_type.as_str())
}

impl From<Rejection> for Problem {
    fn from(Rejection::NotFound: Rejection) -> Self {
        Code::NotFound.into()
    }
}
