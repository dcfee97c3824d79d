//! Webhooks.

mod endpoint;
mod input;
mod ping;
mod recover;
mod secrets;

use domain::{
    Decider as _, Environment, Jurisdiction, Redacted, Revealed, Secret, Timestamp,
    id::{AccountId, WebhookId},
    webhook::{Command, Created, DisabledReason, Rejection, Subscription, Webhook},
};
use http::StatusCode;
use ports::{
    Commit,
    store::{Condition, Range, StreamId, Write},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::{
    endpoint::{NewUrl, Target},
    input::{CreateWebhook, UpdateWebhook},
    secrets::NewSecret,
};
use super::{audit_events::states_as_of, event_types};
use crate::{
    auth::{Access, account_stands},
    http::{
        answer::Answered,
        extract::{Asks, Developer, NoQuery, PathId, Posted, Sent},
        fields::optional_time,
        list::{List, Listed, PageParams, Source},
        openapi::vocabulary,
        routes::{Routes, routes},
    },
    problem::{Code, Problem},
    views::{Versioned, View as _, collections},
    work::{Halt, Reply, Work},
};

pub use recover::Recovered;
pub use secrets::WebhookSecret;

/// Returns the routes of webhooks.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(retrieve, update, delete))
        .routes(routes!(secrets::reveal))
        .routes(routes!(secrets::rotate))
        .routes(routes!(ping::ping))
        .routes(routes!(recover::recover))
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct Resource {
    #[schema(value_type = String, example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: WebhookId,
    #[schema(example = "webhook")]
    object: &'static str,
    #[schema(example = "/v1/webhooks/wh_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    account_id: AccountId,
    /// Always `null`; there for clients of the modelled service.
    application_id: Option<String>,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = vocabulary::Jurisdiction)]
    jurisdiction: Jurisdiction,
    /// URL with its credentials masked.
    #[schema(value_type = String, example = "https://example.com/hooks")]
    webhook_url: Redacted,
    /// True if the payload contains the whole related object.
    include_object: bool,
    #[schema(value_type = Vec<String>, example = json!(["report.*"]))]
    event_types: Vec<Subscription>,
    description: Option<String>,
    /// `enabled` or `disabled`.
    #[schema(value_type = vocabulary::WebhookStatus)]
    status: &'static str,
    /// Reason for being disabled: `manual`, `gone` (a receiver answered 410) or `failing` (every
    /// delivery failed for 60 days).
    #[schema(value_type = Option<vocabulary::DisabledReason>)]
    disabled_reason: Option<DisabledReason>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
    /// Signing secret; of a new webhook only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    signing_secret: Option<Revealed>,
}

impl Resource {
    fn new(webhook: Webhook, signing_secret: Option<Secret>) -> Self {
        Self {
            id: webhook.id,
            object: "webhook",
            uri: format!("/v1/webhooks/{}", webhook.id),
            account_id: webhook.account,
            application_id: None,
            environment: webhook.environment,
            jurisdiction: webhook.jurisdiction,
            status: if webhook.is_enabled() { "enabled" } else { "disabled" },
            webhook_url: endpoint::shown(&webhook),
            include_object: webhook.include_object,
            event_types: webhook.event_types,
            description: webhook.description,
            disabled_reason: webhook.disabled,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
            deleted_at: webhook.deleted_at,
            signing_secret: signing_secret.map(Revealed),
        }
    }
}

/// Filters of the list of webhooks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only webhooks of this environment.
    #[param(value_type = Option<vocabulary::Environment>, inline)]
    environment: Option<Environment>,
    /// Show the webhooks as they were at this time.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// Create a webhook
#[utoipa::path(post, path = "/v1/webhooks", tag = "Webhooks", request_body = CreateWebhook,
    responses((status = 201, description = "The new webhook, with its signing secret", body = Resource)))]
async fn create(
    Developer(access): Developer,
    Posted(input, work): Posted<CreateWebhook>,
) -> Answered {
    access.writable()?;
    let environment = access.one_environment(input.environment()?)?;
    let event_types = input.event_types();
    event_types::check_subscriptions(&work.backend, &event_types).await?;
    let target =
        Target::vetted(&work.backend, access.id(), &input.webhook_url, environment).await?;
    let secret = NewSecret::generate(&work.backend);
    let id = work.backend.new_id(work.now);
    let created = Created {
        id,
        account: access.id(),
        environment,
        jurisdiction: input.jurisdiction.unwrap_or(Jurisdiction::Us),
        endpoint: target.endpoint(FIRST),
        include_object: input.include_object.unwrap_or(false),
        event_types,
        description: input.description.map(|description| description.0),
        secret: FIRST,
    };
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let credentialed = account.state.is_credentialed();
        let command = Command::Create { webhook: created.clone(), credentialed };
        let events = Webhook::decide(None, command, work.now)?;
        let mut commit = Commit { writes: vec![account_stands(&account)], ..Commit::default() };
        let webhook = work.record::<Webhook>(&mut commit, None, events).ok_or(Code::NotFound)?;
        limit(&mut commit, u64::from(account.state.webhook_quota));
        commit.add(secret.kept(&work.backend, access.id(), id, FIRST).await?);
        commit.add(target.kept(&work.backend, access.id(), id, FIRST).await?);
        let resource = Resource::new(webhook.state, Some(secret.text()));
        let reply = Reply::new(StatusCode::CREATED, &resource);
        work.commit(commit, &reply, taken).await.map(|()| reply)
    })
    .await
}

/// Number of a webhook's first signing secret, and of its first URL with credentials.
const FIRST: u32 = 1;

/// Adds the precondition that the count of webhooks stays within `quota`, to guard against
/// concurrent creation.
fn limit(commit: &mut Commit, quota: u64) {
    for write in &mut commit.writes {
        if let Write::Count { by: 1, at_most, .. } = write {
            *at_most = Some(quota);
        }
    }
}

/// Returns the problem for a precondition that failed because of another webhook.
fn taken(collection: &str) -> Option<Problem> {
    if collection == collections::WEBHOOK_URLS.0 {
        Some(Code::UrlTaken.of("webhook_url"))
    } else if collection == collections::WEBHOOK_COUNT.0 {
        Some(Code::QuotaLimitExceeded.of("webhook_url"))
    } else {
        None
    }
}

/// List webhooks
#[utoipa::path(get, path = "/v1/webhooks", tag = "Webhooks", params(Filters, PageParams),
    responses((status = 200, description = "Webhooks, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Filters { environment, as_of } = listed.filters;
    let environments = access.listed(environment)?;
    if let Some(at) = as_of {
        let is_webhook = |stream| matches!(stream, StreamId::Webhook(..));
        let webhooks = states_as_of::<Webhook>(&work.backend, access.id(), at, is_webhook).await?;
        let there = webhooks.into_iter().rev().filter(|webhook| {
            webhook.deleted_at.is_none() && environments.contains(&webhook.environment)
        });
        let rows = there.map(|webhook| (webhook.id.to_string(), Resource::new(webhook, None)));
        return Ok(Reply::ok(&listed.page.of(rows.collect())));
    }
    let partitions =
        environments.iter().map(|env| collections::webhooks(access.id(), *env)).collect();
    let source = Source { partitions, index: false, range: Range::default() };
    let rows = source
        .page(&work.backend, &listed.page, |row| {
            let webhook: Versioned<Webhook> = Versioned::read(&row.document)?;
            Ok(Some(Resource::new(webhook.state, None)))
        })
        .await?;
    let mut count = 0;
    for environment in environments {
        count += work
            .backend
            .store
            .counter(&collections::webhook_count(access.id(), *environment))
            .await?;
    }
    Ok(Reply::ok(&listed.page.list(rows, Some(count))))
}

/// Show a webhook
#[utoipa::path(get, path = "/v1/webhooks/{id}", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, description = "The webhook", body = Resource)))]
async fn retrieve(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    _: NoQuery,
) -> Answered {
    let webhook = find(&work, &access, id).await?;
    Ok(Reply::ok(&Resource::new(webhook.state, None)))
}

/// Change a webhook
#[utoipa::path(patch, path = "/v1/webhooks/{id}", tag = "Webhooks", params(("id" = String, Path)),
    request_body = UpdateWebhook,
    responses((status = 200, description = "The changed webhook", body = Resource)))]
async fn update(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Sent(input, work): Sent<UpdateWebhook>,
) -> Answered {
    access.writable()?;
    let environment = find(&work, &access, id).await?.state.environment;
    if let Some(event_types) = &input.event_types {
        event_types::check_subscriptions(&work.backend, &event_types.0).await?;
    }
    let url = match &input.webhook_url {
        None => None,
        Some(url) => Some(NewUrl::read(&work.backend, access.id(), url, environment).await?),
    };
    work.run(|| async {
        let webhook = find(&work, &access, id).await?;
        let number = number_of_next_url(webhook.version);
        let target = match &url {
            None => None,
            Some(url) => url.target(&webhook.state)?,
        };
        let endpoint = target.map(|target| target.endpoint(number));
        let command = Command::Update(input.change(endpoint));
        let events = Webhook::decide(Some(&webhook.state), command, work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        if let Some(target) = target.filter(|_| after.state.endpoint != webhook.state.endpoint) {
            commit.add(target.kept(&work.backend, access.id(), id, number).await?);
            commit.add(endpoint::forgotten(&work.backend, &webhook.state).await?);
        }
        let is_back = after.state.is_enabled() && !webhook.state.is_enabled();
        if is_back || after.state.endpoint != webhook.state.endpoint {
            commit.writes.push(healthy(access.id(), id));
        }
        let reply = Reply::ok(&Resource::new(after.state, None));
        work.commit(commit, &reply, taken).await.map(|()| reply)
    })
    .await
}

/// Returns the number in the vault for a URL with credentials that is set at `version` of its
/// webhook. No earlier URL had it, forgotten ones included.
fn number_of_next_url(version: u64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX).saturating_add(FIRST)
}

/// Delete a webhook
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, description = "The deleted webhook", body = Resource)))]
async fn delete(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    _: NoQuery,
) -> Answered {
    work.run(|| async {
        let webhook = find(&work, &access, id).await?;
        let events = Webhook::decide(Some(&webhook.state), Command::Delete, work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        for secret in webhook.state.secrets() {
            commit.add(work.backend.vault.forget(secret).await?);
        }
        commit.writes.push(healthy(access.id(), id));
        let reply = Reply::ok(&Resource::new(after.state, None));
        work.commit(commit, &reply, |_| None).await.map(|()| reply)
    })
    .await
}

/// Returns the write that removes the record of failing deliveries.
fn healthy(account: AccountId, id: WebhookId) -> Write {
    Write::Delete { key: collections::webhook_health(account, id), condition: Condition::None }
}

/// Disables a webhook that can't be delivered to. Does nothing if it is disabled already, or was
/// since it had `generation`: somebody may have enabled it again.
///
/// # Errors
/// When the backend is unavailable.
pub(crate) async fn disable(
    work: &Work,
    (account, environment, id): (AccountId, Environment, WebhookId),
    generation: u32,
    reason: DisabledReason,
) -> Result<(), Problem> {
    let key = collections::webhooks(account, environment).key(id);
    work.run(|| async {
        let Some(webhook) = work.find::<Webhook>(std::slice::from_ref(&key)).await? else {
            return Ok(());
        };
        if webhook.state.generation != generation {
            return Ok(());
        }
        let events = Webhook::decide(Some(&webhook.state), Command::Disable(reason), work.now)?;
        if events.is_empty() {
            return Ok(());
        }
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&webhook), events).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&Resource::new(after.state, None));
        work.commit(commit, &reply, |_| None).await?;
        Ok::<_, Halt>(())
    })
    .await
}

/// Finds the caller's webhook `id`, in any environment that the caller has access to.
async fn find(work: &Work, access: &Access, id: WebhookId) -> Result<Versioned<Webhook>, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::webhooks(access.id(), *env).key(id)).collect();
    Ok(work.find(&keys).await?.ok_or(Code::NotFound)?)
}

/// Finds the caller's webhook `id`, which has to be enabled.
async fn find_enabled(work: &Work, access: &Access, id: WebhookId) -> Result<Webhook, Problem> {
    let webhook = find(work, access, id).await?.state;
    if webhook.is_enabled() {
        return Ok(webhook);
    }
    Err(Problem::invalid("id", "names a webhook that is disabled: enable it first"))
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyCreated => Code::Conflict.into(),
            Rejection::NotCredentialed => Code::AccountNotCredentialed.into(),
            Rejection::TooManySecrets => Self::from(Code::Conflict).saying(rejection.to_string()),
        }
    }
}
