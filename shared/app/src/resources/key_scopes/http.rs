//! Routes of the catalogue of scopes.

use domain::{
    key::Scope,
    key_scopes::{RegisteredScope, ScopePut},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{catalogue, representation::Resource};
use crate::{
    http::{
        extract::{AnyDeveloper, Asks, NewName, NoQuery, Nothing, Operator, PathId, Sent},
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
        text::Prose,
    },
    work::{Answered, Reply},
};

/// Returns the routes of the catalogue of scopes.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// Description of a scope.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"description": "Read reports."}))]
pub(crate) struct PutKeyScope {
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Prose>,
}

/// List scopes
#[utoipa::path(get, path = "/v1/key_scopes", tag = "Key scopes", params(PageParams),
    responses((status = 200, description = "Scopes, by name in reverse order", body = List<Resource>)))]
async fn list(_: AnyDeveloper, Asks(work): Asks, listed: Listed<Nothing>) -> Answered {
    let (scopes, count) = catalogue::list(&work.backend, &listed.page).await?;
    let sort = |scope: &RegisteredScope| scope.name.to_string();
    Ok(Reply::ok(&listed.links.list(scopes, Some(count), sort, Resource::from)))
}

/// Register a scope, or change it
///
/// Once any is registered, keys can be given no others.
#[utoipa::path(put, path = "/v1/key_scopes/{name}", tag = "Key scopes", params(("name" = String, Path)),
    request_body = PutKeyScope,
    responses((status = 200, description = "The scope", body = Resource)))]
async fn put(
    _: Operator,
    NewName(name): NewName<Scope>,
    Sent(input, work): Sent<PutKeyScope>,
) -> Answered {
    let put = ScopePut { name, description: input.description.map(|text| text.0) };
    catalogue::put(&work, put, |scope| Reply::ok(&Resource::from(scope))).await
}

/// Take a scope out
///
/// Keys that have it keep it.
#[utoipa::path(delete, path = "/v1/key_scopes/{name}", tag = "Key scopes", params(("name" = String, Path)),
    responses((status = 200, description = "The scope as it was", body = Resource)))]
async fn remove(
    _: Operator,
    PathId(name): PathId<Scope>,
    Asks(work): Asks,
    _: NoQuery,
) -> Answered {
    catalogue::remove(&work, name, |scope| Reply::ok(&Resource::from(scope))).await
}
