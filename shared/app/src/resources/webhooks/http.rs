//! Routes of webhooks.

use domain::{Environment, Timestamp, id::WebhookId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    change, create,
    find::find,
    input::{CreateWebhook, Recover, RotateSecret, UpdateWebhook},
    list, ping, recover,
    representation::{Recovered, Resource, WebhookSecret},
    secrets,
};
use crate::{
    http::{
        extract::{Asks, Developer, NoQuery, Nothing, PathId, Posted, Sent},
        fields::optional_time,
        list::{List, Listed, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
    },
    resources::events,
    work::{Answered, Reply},
};

/// Returns the routes of webhooks.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(retrieve, update, delete))
        .routes(routes!(reveal))
        .routes(routes!(rotate))
        .routes(routes!(ping))
        .routes(routes!(recover))
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
    let answer = |webhook, secret| Reply::created(&Resource::with_secret(webhook, secret));
    create::create(&work, &access, input.webhook()?, answer).await
}

/// List webhooks
#[utoipa::path(get, path = "/v1/webhooks", tag = "Webhooks", params(Filters, PageParams),
    responses((status = 200, description = "Webhooks, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Filters { environment, as_of } = listed.filters;
    let (webhooks, count) =
        list::list(&work.backend, &access, environment, as_of, &listed.page).await?;
    Ok(Reply::ok(&listed.links.list(webhooks.map(Resource::from), count)))
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
    Ok(Reply::ok(&Resource::from(webhook.state)))
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
    change::update(&work, &access, id, input.change(), shown).await
}

fn shown(webhook: domain::webhook::Webhook) -> Reply {
    Reply::ok(&Resource::from(webhook))
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
    change::delete(&work, &access, id, shown).await
}

/// Reveal a webhook's signing secret
#[utoipa::path(post, path = "/v1/webhooks/{id}/reveal_secret", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, description = "The signing secret", body = WebhookSecret)))]
async fn reveal(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    let answer = |secret| Reply::ok(&WebhookSecret::revealed(id, secret));
    secrets::reveal(&work, &access, id, answer).await
}

/// Rotate a webhook's signing secret
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate_secret", tag = "Webhooks", params(("id" = String, Path)),
    request_body = RotateSecret,
    responses((status = 200, description = "The new signing secret", body = WebhookSecret)))]
async fn rotate(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(input, work): Posted<RotateSecret>,
) -> Answered {
    let answer = |rotated| Reply::ok(&WebhookSecret::rotated(id, rotated));
    secrets::rotate(&work, &access, id, input.overlap_seconds, answer).await
}

/// Send a test event to one webhook
#[utoipa::path(post, path = "/v1/webhooks/{id}/ping", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 202, description = "The test event", body = events::Resource)))]
async fn ping(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    let answer =
        |event: events::NewlyAccepted<'_>| Reply::accepted(&events::Resource::accepted(event));
    ping::ping(&work, &access, id, answer).await
}

/// Queue undelivered events again
///
/// Every delivery in the period that ended exhausted, or was cancelled because the webhook was
/// disabled, begins its schedule again, at a limited pace; with `include`, also what waits for another
/// attempt. Thousands of them are queued after the
/// answer, which then says that it `continues`.
#[utoipa::path(post, path = "/v1/webhooks/{id}/recover", tag = "Webhooks", params(("id" = String, Path)),
    request_body = Recover,
    responses((status = 202, description = "The number of deliveries queued again", body = Recovered)))]
async fn recover(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(input, work): Posted<Recover>,
) -> Answered {
    let answer = |count, continues| Reply::accepted(&Recovered::new(count, continues));
    recover::recover(&work, &access, id, input.wanted(), answer).await
}
