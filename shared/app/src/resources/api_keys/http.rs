//! Routes of API keys.

use domain::{Environment, KeyType, Timestamp, id::KeyId, key::Settings};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    change,
    create::{self, NewKey},
    ending::{self, Ends},
    import::{self, ImportApiKeys},
    input::{Networks, Pairs, Scopes, UpdateApiKey, of_the_operator},
    list::{self, Wanted},
    representation::{ApiKeySecret, Resource},
    reveal,
    shown::Shown,
};
use crate::{
    http::{
        extract::{Asks, NoQuery, Nothing, OperatorFor, PathId, Posted, Sent, SettingsCaller},
        fields::{Time, given, optional_time},
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        rate::{Rate, RateLimit},
        routes::{Routes, routes},
        text::Name,
    },
    work::{Answered, Reply},
};

/// Returns the routes of API keys.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(import))
        .routes(routes!(retrieve, update))
        .routes(routes!(reveal))
        .routes(routes!(expire))
        .routes(routes!(roll))
}

/// A new API key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "secret", "environment": "test", "name": "CI"}))]
pub(crate) struct CreateApiKey {
    /// `secret` or `publishable`.
    #[schema(value_type = vocabulary::KeyType)]
    r#type: KeyType,
    /// `test` or `live`.
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    /// Display name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "CI")]
    name: Option<Name>,
    /// Instant at which the key stops working.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
    /// Scopes of the key; by default everything.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 100, example = json!(["reports:read"]))]
    scopes: Option<Scopes>,
    /// Networks from which it may be used; by default all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 50, example = json!(["203.0.113.0/24"]))]
    allowed_networks: Option<Networks>,
    /// Pairs of your own. For the operator alone.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"plan": "free"}))]
    metadata: Option<Pairs>,
    /// Rate limit of its own. For the operator alone.
    #[serde(default)]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Rate>,
}

/// Filters of the list of keys.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only keys of this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Include expired keys.
    #[serde(default)]
    include_expired: bool,
    /// Show the keys as they were at this time.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// Time at which a key is to stop working.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_at": "2099-01-31T09:30:00.000Z"}))]
pub(crate) struct ExpireApiKey {
    /// Time of expiry. Absent: now. `null`: never.
    #[expect(clippy::option_option, reason = "absent and null differ")]
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Time>>,
}

impl ExpireApiKey {
    fn ends(self) -> Ends {
        match self.expires_at {
            None => Ends::Now,
            Some(None) => Ends::Never,
            Some(Some(at)) => Ends::At(at.0),
        }
    }
}

/// Create an API key
#[utoipa::path(post, path = "/v1/api_keys", tag = "API keys", request_body = CreateApiKey,
    responses((status = 201, description = "The new key, whole", body = Resource)))]
async fn create(
    SettingsCaller(access): SettingsCaller,
    Posted(input, work): Posted<CreateApiKey>,
) -> Answered {
    of_the_operator(&access, input.metadata.is_some(), input.rate_limit.is_some())?;
    let new = NewKey {
        key_type: input.r#type,
        environment: input.environment,
        expires_at: input.expires_at.map(|at| at.0),
        settings: Settings {
            name: input.name.map(|name| name.0),
            scopes: input.scopes.map(|scopes| scopes.0),
            metadata: input.metadata.map(|pairs| pairs.0).unwrap_or_default(),
            rate_limit: input.rate_limit.and_then(Rate::rate),
            allowed_networks: input.allowed_networks.map(|networks| networks.0),
        },
    };
    create::create(&work, &access, new, created).await
}

fn created(key: Shown) -> Reply {
    Reply::created(&Resource::from(key))
}

/// Import API keys
///
/// Keys that somebody else made, in any form, by value or by hash: all of them are imported, or none.
/// They are verified and used like those that are made here. A key that is known already is
/// `key_taken`.
#[utoipa::path(post, path = "/v1/api_keys/import", tag = "API keys", request_body = ImportApiKeys,
    responses((status = 201, description = "The keys, in the order of the request", body = List<Resource>)))]
async fn import(
    OperatorFor(access): OperatorFor,
    Posted(input, work): Posted<ImportApiKeys>,
) -> Answered {
    import::import(&work, &access, input.wanted()?, imported).await
}

fn imported(keys: Vec<Shown>) -> Reply {
    let count = Some(keys.len() as u64);
    let data = keys.into_iter().map(Resource::from).collect();
    Reply::created(&List { object: "list", data, count, next_href: None, previous_href: None })
}

/// Change an API key
#[utoipa::path(patch, path = "/v1/api_keys/{id}", tag = "API keys", params(("id" = String, Path)),
    request_body = UpdateApiKey,
    responses((status = 200, description = "The key", body = Resource)))]
async fn update(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Sent(input, work): Sent<UpdateApiKey>,
) -> Answered {
    let change = input.change(&access)?;
    change::update(&work, &access, id, change, |key| Reply::ok(&Resource::from(key))).await
}

/// List API keys
#[utoipa::path(get, path = "/v1/api_keys", tag = "API keys", params(Filters, PageParams),
    responses((status = 200, description = "Keys, newest first", body = List<Resource>)))]
async fn list(
    SettingsCaller(access): SettingsCaller,
    Asks(work): Asks,
    listed: Listed<Filters>,
) -> Answered {
    let Filters { environment, include_expired, as_of } = listed.filters;
    let wanted = Wanted { environment, include_expired, as_of };
    let (keys, count) = list::list(&work.backend, &access, &wanted, &listed.page, work.now).await?;
    let sort = |shown: &Shown| shown.key.id.to_string();
    Ok(Reply::ok(&listed.links.list(keys, count, sort, Resource::from)))
}

/// Show an API key
#[utoipa::path(get, path = "/v1/api_keys/{id}", tag = "API keys", params(("id" = String, Path)),
    responses((status = 200, description = "The key", body = Resource)))]
async fn retrieve(
    SettingsCaller(access): SettingsCaller,
    Asks(work): Asks,
    PathId(id): PathId<KeyId>,
    _: NoQuery,
) -> Answered {
    Ok(Reply::ok(&Resource::from(reveal::key(&work, &access, id).await?)))
}

/// Reveal an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/reveal", tag = "API keys", params(("id" = String, Path)),
    responses((status = 200, description = "The whole key", body = ApiKeySecret)))]
async fn reveal(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    reveal::reveal(&work, &access, id, |key| Reply::ok(&ApiKeySecret::new(id, key))).await
}

/// Expire an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/expire", tag = "API keys", params(("id" = String, Path)),
    request_body = ExpireApiKey,
    responses((status = 200, description = "The key", body = Resource)))]
async fn expire(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(input, work): Posted<ExpireApiKey>,
) -> Answered {
    let answer = |key| Reply::ok(&Resource::from(key));
    ending::expire(&work, &access, id, input.ends(), answer).await
}

/// Roll an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/roll", tag = "API keys", params(("id" = String, Path)),
    request_body = ExpireApiKey,
    responses((status = 201, description = "The successor, whole", body = Resource)))]
async fn roll(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(input, work): Posted<ExpireApiKey>,
) -> Answered {
    ending::roll(&work, &access, id, input.ends(), created).await
}
