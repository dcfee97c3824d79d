//! API keys.

mod ending;
mod new;

use domain::{
    Decider as _, Environment, KeyType, Revealed, Secret, Timestamp,
    id::{AccountId, KeyId},
    key::{ApiKey, Command, Rejection},
};
use http::StatusCode;
use ports::{
    Commit,
    store::{Range, StreamId},
    vault::{SecretName, SecretPurpose},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::new::New;
use super::{audit_events::states_as_of, logs::last_used, verify};
use crate::{
    Backend,
    auth::{Access, account_stands},
    http::{
        answer::Answered,
        extract::{Asks, NoQuery, PathId, Posted, SettingsCaller},
        fields::{Time, optional_time},
        list::{List, Listed, PageParams, Source},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::Name,
    },
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Reply, Work, no_refusal, read},
};

/// Returns the routes of API keys.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(verify::verify))
        .routes(routes!(retrieve))
        .routes(routes!(reveal))
        .routes(routes!(ending::expire))
        .routes(routes!(ending::roll))
}

/// An API key; includes the key itself only if it is new or publishable.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct Resource {
    #[schema(value_type = String, example = "key_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: KeyId,
    #[schema(example = "api_key")]
    object: &'static str,
    #[schema(example = "/v1/api_keys/key_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    #[schema(value_type = vocabulary::KeyType)]
    r#type: KeyType,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    name: Option<String>,
    /// The key in redacted form, as lists show it.
    #[schema(example = "lh_sk_test_****Zk3x")]
    redacted: String,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    /// Instant at which the key stops working.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Time of the last use, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// `active` or `expired`.
    #[schema(value_type = vocabulary::KeyStatus)]
    status: &'static str,
    /// Key that replaced this one when it was rolled.
    #[schema(value_type = Option<String>)]
    replaced_by: Option<KeyId>,
    /// The whole key: only of a new key, or of a publishable one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    key: Option<Revealed>,
}

/// A whole key.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeySecret {
    #[schema(value_type = String)]
    id: KeyId,
    #[schema(example = "api_key_secret")]
    object: &'static str,
    #[schema(value_type = String)]
    key: Revealed,
}

/// A new API key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "secret", "environment": "test", "name": "CI"}))]
pub struct CreateApiKey {
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

/// Create an API key
#[utoipa::path(post, path = "/v1/api_keys", tag = "API keys", request_body = CreateApiKey,
    responses((status = 201, description = "The new key, whole", body = Resource)))]
async fn create(
    SettingsCaller(access): SettingsCaller,
    Posted(input, work): Posted<CreateApiKey>,
) -> Answered {
    access.writable()?;
    let new = New::mint(&work, access.id(), input.r#type, input.environment).await?;
    let created = new.created(input.name.map(|name| name.0), input.expires_at.map(|at| at.0));
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let credentialed = account.state.is_credentialed();
        let command = Command::Create { key: created.clone(), credentialed };
        let events = ApiKey::decide(None, command, work.now)?;
        let mut commit = Commit { writes: vec![account_stands(&account)], ..Commit::default() };
        let key = work.record::<ApiKey>(&mut commit, None, events).ok_or(Code::NotFound)?;
        new.keep(&work, &mut commit).await?;
        let reply = Reply::new(
            StatusCode::CREATED,
            &Resource::new(key.state, work.now, None, Some(&new.text)),
        );
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
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
    let environments = access.listed(environment)?;
    if let Some(at) = as_of {
        let is_key = |stream| matches!(stream, StreamId::Key(..));
        let mut keys = states_as_of::<ApiKey>(&work.backend, access.id(), at, is_key).await?;
        keys.retain(|key| {
            environments.contains(&key.environment) && (include_expired || !key.is_expired(at))
        });
        keys.reverse();
        let shown = all_shown(&work.backend, keys, at).await?;
        let rows = shown.into_iter().map(|key| (key.id.to_string(), key)).collect();
        return Ok(Reply::ok(&listed.page.of(rows)));
    }
    let partitions =
        environments.iter().map(|env| collections::api_keys(access.id(), *env)).collect();
    let source = Source { partitions, index: false, range: Range::default() };
    let rows = source
        .page(&work.backend, &listed.page, |row| {
            let key: Versioned<ApiKey> = read(&row.document.body)?;
            Ok(Some(key.state).filter(|key| include_expired || !key.is_expired(work.now)))
        })
        .await?;
    let rows = rows.try_map_all(|keys| all_shown(&work.backend, keys, work.now)).await?;
    let count = count(&work, &access, environments, include_expired).await?;
    Ok(Reply::ok(&listed.page.list(rows, Some(count))))
}

/// Counts the keys of a list: all, less the expired ones.
async fn count(
    work: &Work,
    access: &Access,
    environments: &[Environment],
    include_expired: bool,
) -> Result<u64, Problem> {
    // '0' follows '/': past every key that expires at this very instant.
    let expired = Range { from: None, to: Some(format!("{}0", work.now)) };
    let mut count: u64 = 0;
    for environment in environments {
        count += work
            .backend
            .store
            .counter(&collections::api_key_count(access.id(), *environment))
            .await?;
        if !include_expired {
            let by_expiry = collections::api_keys_by_expiry(access.id(), *environment);
            count = count.saturating_sub(work.backend.store.count(&by_expiry, &expired).await?);
        }
    }
    Ok(count)
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
    let key = find(&work, &access, id).await?;
    Ok(Reply::ok(&shown(&work.backend, key.state, work.now).await?))
}

/// Reveal an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/reveal", tag = "API keys", params(("id" = String, Path)),
    responses((status = 200, description = "The whole key", body = ApiKeySecret)))]
async fn reveal(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    access.writable()?;
    let secret = work.backend.vault.reveal(name(access.id(), id)).await?;
    let secret = ApiKeySecret { id, object: "api_key_secret", key: Revealed(secret) };
    let reply = Reply::ok(&secret);
    work.run(|| async {
        let key = find(&work, &access, id).await?;
        let events = ApiKey::decide(Some(&key.state), Command::Reveal, work.now)?;
        let mut commit = Commit::default();
        let _ = work.record(&mut commit, Some(&key), events);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply.clone())
    })
    .await
}

/// Body without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn name(account: AccountId, key: KeyId) -> SecretName {
    SecretName { account, purpose: SecretPurpose::ApiKey(key) }
}

/// Finds the caller's key `id`, in any environment that the caller has access to.
async fn find(work: &Work, access: &Access, id: KeyId) -> Result<Versioned<ApiKey>, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::api_keys(access.id(), *env).key(id)).collect();
    Ok(work.find(&keys).await?.ok_or(Code::NotFound)?)
}

/// Returns the key's representation: with its last use, and whole if it is publishable.
async fn shown(backend: &Backend, key: ApiKey, now: Timestamp) -> Result<Resource, Problem> {
    all_shown(backend, vec![key], now).await?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Returns the representations of the keys.
async fn all_shown(
    backend: &Backend,
    keys: Vec<ApiKey>,
    now: Timestamp,
) -> Result<Vec<Resource>, Problem> {
    let used = last_used(backend, &keys).await?;
    let mut shown = Vec::with_capacity(keys.len());
    for (key, last_used_at) in keys.into_iter().zip(used) {
        let text = match key.key_type {
            KeyType::Secret => None,
            // The vault of a closed account is gone; the list of its keys is still shown.
            KeyType::Publishable => backend.vault.reveal(name(key.account, key.id)).await.ok(),
        };
        shown.push(Resource::new(key, now, last_used_at, text.as_ref()));
    }
    Ok(shown)
}

impl Resource {
    fn new(
        key: ApiKey,
        now: Timestamp,
        last_used_at: Option<Timestamp>,
        text: Option<&Secret>,
    ) -> Self {
        Self {
            id: key.id,
            object: "api_key",
            uri: format!("/v1/api_keys/{}", key.id),
            account_id: key.account,
            r#type: key.key_type,
            environment: key.environment,
            status: if key.is_expired(now) { "expired" } else { "active" },
            name: key.name,
            redacted: key.redacted,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at,
            replaced_by: key.replaced_by,
            key: text.cloned().map(Revealed),
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyCreated => Code::Conflict.into(),
            Rejection::NotCredentialed => Code::AccountNotCredentialed.into(),
            Rejection::InThePast => Self::invalid("expires_at", rejection),
            Rejection::AlreadyExpired => Code::KeyAlreadyExpired.into(),
        }
    }
}
