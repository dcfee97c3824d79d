//! Routes of webhooks.

use axum::extract::State;
use domain::{
    Environment, Timestamp,
    id::WebhookId,
    webhook::{EventType, Webhook},
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{
    change, create,
    find::find,
    input::{CreateWebhook, Ping, Recover, RotateSecret, UpdateWebhook},
    list,
    overlap::{self, Ending, earlier},
    ping, recover,
    representation::{Recovered, Resource, Statement, WebhookSecret},
    sample::sample_of,
    secrets,
    statement::{self, Budget, Window},
    undelivered::count_undelivered,
};
use crate::{
    App,
    http::{
        extract::{Asks, Developer, NoQuery, Nothing, PathId, Posted, Query, Sent},
        fields::optional_time,
        list::{List, Listed, LongQuery, PageParams},
        openapi::vocabulary,
        routes::{Routes, routes},
        text::parsed,
    },
    paging::Period,
    resources::events,
    work::{Answered, Reply, Work},
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
        .routes(routes!(statement))
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
    let among = work.jurisdictions();
    let answer = |webhook, secret| Reply::created(&Resource::with_secret(webhook, secret, among));
    let named = input.names_environment_by();
    let new = input.webhook(among)?;
    let environment =
        access.one_environment(new.environment).map_err(|problem| problem.of_field(named))?;
    let new = new.vetted(&work.backend, access.id(), environment).await?;
    create::create(&work, &access, new, answer).await
}

/// List webhooks
#[utoipa::path(get, path = "/v1/webhooks", tag = "Webhooks", params(Filters, PageParams),
    responses((status = 200, description = "Webhooks, newest first", body = List<Resource>)))]
async fn list(Developer(access): Developer, Asks(work): Asks, listed: Listed<Filters>) -> Answered {
    let Filters { environment, as_of } = listed.filters;
    let (webhooks, count) =
        list::list(&work.backend, &access, environment, as_of, &listed.page).await?;
    let sort = |webhook: &Webhook| webhook.id.to_string();
    let shown = |webhook| Resource::of(webhook, work.jurisdictions());
    Ok(Reply::ok(&listed.links.list(webhooks, count, sort, shown)))
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
    let (webhook, recovery) =
        try_join(find(&work, &access, id), recover::progress(&work, &access, id)).await?;
    Ok(Reply::ok(&Resource::recovering(webhook.state, recovery, work.jurisdictions())))
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
    change::update(&work, &access, id, input.change()?, shown(&work)).await
}

fn shown(work: &Work) -> impl Fn(Webhook) -> Reply {
    |webhook| Reply::ok(&Resource::of(webhook, work.jurisdictions()))
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
    change::delete(&work, &access, id, shown(&work)).await
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
///
/// Of type `webhook.ping`, or of the one that `type` names. It is delivered to this webhook alone,
/// whatever that subscribes to, and retried for ten minutes at most.
#[utoipa::path(post, path = "/v1/webhooks/{id}/ping", tag = "Webhooks", params(("id" = String, Path)),
    request_body = Ping,
    responses((status = 202, description = "The test event", body = events::Resource)))]
async fn ping(
    Developer(access): Developer,
    State(app): State<App>,
    PathId(id): PathId<WebhookId>,
    Posted(input, work): Posted<Ping>,
) -> Answered {
    let among = work.jurisdictions();
    let answer =
        |event: events::NewlyAccepted<'_>| events::Resource::accepted(event, among).reply();
    let test = input.test(app.backend.settings.envelope.format)?;
    ping::ping((&app, &work), &access, id, test, answer).await
}

/// Window of a statement.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Ends {
    /// From this time on, itself included; by default a day before `until`, at most 31 days.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Up to this time, itself excluded; by default now, and not later.
    #[serde(default, deserialize_with = "optional_time")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Show what was meant for a webhook
///
/// Counts the events that were accepted in a window of time and meant for the webhook, by what became of
/// them, with a digest by which their receiver finds out whether it has them all.
#[utoipa::path(get, path = "/v1/webhooks/{id}/statement", tag = "Webhooks", params(("id" = String, Path), Ends),
    responses((status = 200, description = "The statement", body = Statement)))]
async fn statement(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    ends: LongQuery<Ends>,
) -> Answered {
    let Ends { since, until } = ends.parameters;
    let webhook = find(&work, &access, id).await?.state;
    let window = Window::of(since, until, work.now)?;
    let account = &access.account.state;
    let budget = Budget::of_request(&work.backend);
    let counted = statement::count(&work.backend, account, &webhook, window, budget).await?;
    Ok(Reply::ok(&Statement::new(id, window, &counted)))
}

/// Queue undelivered events again
///
/// Every delivery in the period that ended exhausted, or was cancelled because the webhook was
/// disabled, begins its schedule again, at a limited pace; with `include`, also what waits for another
/// attempt. Thousands of them are queued after the answer, which then says that it `continues`; the
/// webhook then shows how far it is, as `recovery`.
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

/// Overlap of a rotation, as the dashboard is told.
#[derive(Serialize)]
struct Overlap {
    /// Times until which the earlier secrets sign, the newest of them first.
    earlier: Vec<Timestamp>,
}

/// Shows the overlap of a rotation. For the dashboard only, as are the handlers below; not a route of the
/// API.
pub(crate) async fn overlap(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
) -> Answered {
    let webhook = find(&work, &access, id).await?;
    Ok(Reply::ok(&Overlap { earlier: earlier(&webhook.state, work.now) }))
}

/// Ends the overlap of a rotation: from now on only the newest secret signs.
pub(crate) async fn finish(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    let answer = |earlier| Reply::ok(&Overlap { earlier });
    overlap::end(&work, &access, id, Ending::Finish, answer).await
}

/// Undoes a rotation: the secret before the newest takes its place again.
pub(crate) async fn undo(
    Developer(access): Developer,
    PathId(id): PathId<WebhookId>,
    Posted(Nothing {}, work): Posted<Nothing>,
) -> Answered {
    let answer = |earlier| Reply::ok(&Overlap { earlier });
    overlap::end(&work, &access, id, Ending::Undo, answer).await
}

/// Type that a sample is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfType {
    #[serde(deserialize_with = "parsed")]
    r#type: EventType,
}

/// Shows a sample of a type's object.
pub(crate) async fn sample(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    Query(OfType { r#type }): Query<OfType>,
) -> Answered {
    let environment = find(&work, &access, id).await?.state.environment;
    Ok(Reply::ok(&sample_of(&work.backend, &access, environment, &r#type).await?))
}

/// Deliveries whose number is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counted {
    #[serde(default, deserialize_with = "optional_time")]
    since: Option<Timestamp>,
    #[serde(default, deserialize_with = "optional_time")]
    until: Option<Timestamp>,
    /// Largest number of deliveries that are examined.
    most: usize,
}

/// Counts undelivered deliveries by their status.
pub(crate) async fn undelivered(
    Developer(access): Developer,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    Query(Counted { since, until, most }): Query<Counted>,
) -> Answered {
    let period = Period { since, until };
    Ok(Reply::ok(&count_undelivered(&work, &access, id, (period, most)).await?))
}
