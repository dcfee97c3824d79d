//! Routes of API keys.

use domain::{Environment, KeyType, Timestamp, id::KeyId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    create::{self, NewKey},
    ending::{self, Ends},
    list::{self, Wanted},
    representation::{ApiKeySecret, Resource},
    reveal,
    shown::Shown,
};
use crate::{
    http::{
        extract::{Asks, NoQuery, Nothing, PathId, Posted, SettingsCaller},
        fields::{Time, given, optional_time},
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::Name,
    },
    work::{Answered, Reply},
};

/// Returns the routes of API keys.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(retrieve))
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
    let new = NewKey {
        key_type: input.r#type,
        environment: input.environment,
        name: input.name.map(|name| name.0),
        expires_at: input.expires_at.map(|at| at.0),
    };
    create::create(&work, &access, new, created).await
}

fn created(key: Shown) -> Reply {
    Reply::created(&Resource::from(key))
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
    Ok(Reply::ok(&listed.links.list(keys.map(Resource::from), count)))
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
