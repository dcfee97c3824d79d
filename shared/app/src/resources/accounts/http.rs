//! Routes of accounts.

use domain::{Timestamp, account::Account, id::AccountId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    commands::{self, Change, NewAccount},
    find, overview, queries,
    representation::Resource,
};
use crate::{
    http::{
        extract::{Asks, Developer, NoQuery, Operator, PathId, Posted, Query, Sent},
        fields::{optional_time, present},
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
        text::{Name, Reference},
    },
    problem::Problem,
    work::{Answered, Reply},
};

/// Returns the routes of accounts.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve, update, close))
}

/// Returns the routes that publishable keys may call.
pub(crate) fn public_routes() -> Routes {
    Routes::new().routes(routes!(own))
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ada's Background Checks", "external_id": "customer-42"}))]
pub(crate) struct CreateAccount {
    /// Display name.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "Ada's Background Checks")]
    name: Name,
    /// Identifier in your own system; unique.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "customer-42")]
    external_id: Option<Reference>,
}

/// A change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"credentialed": true, "webhook_quota": 5}))]
pub(crate) struct UpdateAccount {
    /// Display name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    name: Option<Name>,
    /// True to open live mode to the account, false to close it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, example = true)]
    credentialed: Option<bool>,
    /// Limit of webhooks in each environment.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = u32, maximum = 10000, example = 5)]
    webhook_quota: Option<u32>,
}

/// Filters of the list of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only accounts with this in the name, the `external_id` or the `id`, ignoring case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: Option<Name>,
}

/// Query for the settings as they were at a time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOf {
    /// Show the account as it was at this time.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// Open an account
#[utoipa::path(post, path = "/v1/accounts", tag = "Accounts", request_body = CreateAccount,
    responses((status = 201, description = "The new account", body = Resource)))]
async fn create(_: Operator, Posted(input, work): Posted<CreateAccount>) -> Answered {
    let new = NewAccount { name: input.name.0, external_id: input.external_id.map(|id| id.0) };
    commands::open(&work, new, |account| Reply::created(&Resource::from(account))).await
}

/// List accounts
#[utoipa::path(get, path = "/v1/accounts", tag = "Accounts", params(Filters, PageParams),
    responses((status = 200, description = "Accounts, newest first", body = List<Resource>)))]
async fn list(_: Operator, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let search = listed.filters.search.map(|text| text.0);
    let (accounts, count) = queries::list(&work.backend, search.as_deref(), &listed.page).await?;
    let sort = |account: &Account| account.id.to_string();
    Ok(Reply::ok(&listed.links.list(accounts, count, sort, Resource::from)))
}

/// Show an account
#[utoipa::path(get, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path), AsOf),
    responses((status = 200, description = "The account", body = Resource)))]
async fn retrieve(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<AccountId>,
    Query(query): Query<AsOf>,
) -> Answered {
    let account = queries::account(&work.backend, id, query.as_of).await?;
    Ok(Reply::ok(&Resource::from(account)))
}

/// Show your own account
#[utoipa::path(get, path = "/v1/account", tag = "Accounts",
    responses((status = 200, description = "The caller's account", body = Resource)))]
async fn own(Developer(access): Developer, _: NoQuery) -> Answered {
    Ok(Reply::ok(&Resource::from(access.account.state.clone())))
}

/// Change an account
#[utoipa::path(patch, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path)),
    request_body = UpdateAccount,
    responses((status = 200, description = "The changed account", body = Resource)))]
async fn update(
    _: Operator,
    PathId(id): PathId<AccountId>,
    Sent(input, work): Sent<UpdateAccount>,
) -> Answered {
    let change = Change {
        name: input.name.map(|name| name.0),
        credentialed: input.credentialed,
        webhook_quota: input.webhook_quota,
    };
    commands::update(&work, id, change, |account| Reply::ok(&Resource::from(account))).await
}

/// Close an account
#[utoipa::path(delete, path = "/v1/accounts/{id}", tag = "Accounts", params(("id" = String, Path)),
    responses((status = 200, description = "The closed account", body = Resource)))]
async fn close(
    _: Operator,
    Asks(work): Asks,
    PathId(id): PathId<AccountId>,
    _: NoQuery,
) -> Answered {
    commands::close(&work, id, |account| Reply::ok(&Resource::from(account))).await
}

/// Maximum number of accounts whose overview is asked for at once: those of a page.
const MOST: usize = 100;

/// Accounts whose overview is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chosen {
    /// Identifiers with commas between.
    ids: String,
}

/// Text that is searched.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    text: Name,
}

/// Shows how much each of some accounts has, and how it fares. For the operator's pages only; not a route
/// of the API.
pub(crate) async fn overviews(
    _: Operator,
    Asks(work): Asks,
    Query(chosen): Query<Chosen>,
) -> Answered {
    let ids = chosen.ids.split(',').filter(|id| !id.is_empty()).map(str::parse);
    let ids: Result<Vec<AccountId>, _> = ids.collect();
    let ids = ids.map_err(|_| Problem::invalid("ids", "must be accounts"))?;
    if ids.len() > MOST {
        return Err(Problem::invalid("ids", format_args!("must be {MOST} at most")));
    }
    Ok(Reply::ok(&overview::overviews(&work.backend, &ids, work.now).await?))
}

/// Finds the accounts that have what an identifier of any kind names. For the operator's pages only; not
/// a route of the API.
pub(crate) async fn found(_: Operator, Asks(work): Asks, Query(search): Query<Search>) -> Answered {
    Ok(Reply::ok(&find::find(&work.backend, &search.text.0).await?))
}
