//! Routes of operator tokens.

use std::collections::BTreeSet;

use domain::{OperatorScope, id::OperatorTokenId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    commands::{self, NewToken},
    queries,
    representation::Resource,
};
use crate::{
    http::{
        extract::{Asks, NoQuery, Nothing, Operator, PathId, Posted},
        fields::Time,
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::Name,
    },
    work::{Answered, Reply},
};

/// Returns the routes of operator tokens.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve, end))
}

/// A new operator token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "API gateway", "scopes": ["keys:verify"]}))]
pub(crate) struct CreateOperatorToken {
    /// Name by which the history shows it.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "API gateway")]
    name: Name,
    /// Scopes of the token, none that the caller lacks.
    #[schema(value_type = Vec<vocabulary::OperatorScope>, min_items = 1, example = json!(["keys:verify"]))]
    scopes: BTreeSet<OperatorScope>,
    /// Instant at which the token stops working by itself.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
}

/// List operator tokens
///
/// Ended and expired ones are listed as well.
#[utoipa::path(get, path = "/v1/operator_tokens", tag = "Operator tokens", params(PageParams),
    responses((status = 200, description = "Tokens, newest first", body = List<Resource>)))]
async fn list(_: Operator, Asks(work): Asks, listed: Listed<Nothing>) -> Answered {
    let (tokens, count) = queries::list(&work.backend, &listed.page).await?;
    let sort = |(token, _): &queries::Known| token.id.to_string();
    let shown = |(token, used)| Resource::of(token, used, work.now);
    Ok(Reply::ok(&listed.links.list(tokens, Some(count), sort, shown)))
}

/// Make an operator token
///
/// The answer has the token itself, once: only its hash is kept.
#[utoipa::path(post, path = "/v1/operator_tokens", tag = "Operator tokens", request_body = CreateOperatorToken,
    responses((status = 201, description = "The new token", body = Resource)))]
async fn create(_: Operator, Posted(input, work): Posted<CreateOperatorToken>) -> Answered {
    let new = NewToken {
        name: input.name.0,
        scopes: input.scopes,
        expires_at: input.expires_at.map(|at| at.0),
    };
    let now = work.now;
    commands::create(&work, new, |token, text| Reply::created(&Resource::made(token, text, now)))
        .await
}

/// Show an operator token
#[utoipa::path(get, path = "/v1/operator_tokens/{id}", tag = "Operator tokens", params(("id" = String, Path)),
    responses((status = 200, description = "The token", body = Resource)))]
async fn retrieve(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<OperatorTokenId>,
    _: NoQuery,
) -> Answered {
    let (token, used) = queries::find(&work, id).await?;
    Ok(Reply::ok(&Resource::of(token, used, work.now)))
}

/// End an operator token
///
/// It works no more at once, on AWS within a minute.
#[utoipa::path(delete, path = "/v1/operator_tokens/{id}", tag = "Operator tokens", params(("id" = String, Path)),
    responses((status = 200, description = "The ended token", body = Resource)))]
async fn end(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<OperatorTokenId>,
    _: NoQuery,
) -> Answered {
    let now = work.now;
    commands::end(&work, id, |token, used| Reply::ok(&Resource::of(token, used, now))).await
}
