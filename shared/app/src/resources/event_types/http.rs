//! Routes of event types.

use domain::{
    event_types::{Put, Registered},
    webhook::EventType,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    register, registry,
    representation::{JsonSchema, Resource},
};
use crate::{
    http::{
        extract::{AnyDeveloper, Asks, NewName, NoQuery, Nothing, Operator, PathId, Sent},
        fields::Json,
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
        text::Prose,
    },
    work::{Answered, Reply},
};

/// Returns the routes of event types.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// Description of an event type.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "description": "A report is ready.",
    "schema": {"type": "object", "required": ["status"]},
}))]
pub(crate) struct PutEventType {
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Prose>,
    /// A JSON Schema (2020-12 unless it says otherwise) that the related object must satisfy.
    #[serde(default)]
    #[schema(value_type = Option<JsonSchema>)]
    schema: Option<Json>,
}

/// List event types
#[utoipa::path(get, path = "/v1/event_types", tag = "Event types", params(PageParams),
    responses((status = 200, description = "Event types, by name in reverse order", body = List<Resource>)))]
async fn list(_: AnyDeveloper, Asks(work): Asks, listed: Listed<Nothing>) -> Answered {
    let (types, count) = registry::list(&work.backend, &listed.page).await?;
    let sort = |registered: &Registered| registered.name.to_string();
    Ok(Reply::ok(&listed.links.list(types, Some(count), sort, Resource::from)))
}

/// Register an event type, or change it
#[utoipa::path(put, path = "/v1/event_types/{name}", tag = "Event types", params(("name" = String, Path)),
    request_body = PutEventType,
    responses((status = 200, description = "The event type", body = Resource)))]
async fn put(
    _: Operator,
    NewName(name): NewName<EventType>,
    Sent(input, work): Sent<PutEventType>,
) -> Answered {
    let description = input.description.map(|text| text.0);
    let schema = input.schema.map(|schema| schema.0.get().to_owned());
    let put = Put { name, description, schema };
    register::put(&work, put, |registered| Reply::ok(&Resource::from(registered))).await
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
    register::remove(&work, name, |registered| Reply::ok(&Resource::from(registered))).await
}
