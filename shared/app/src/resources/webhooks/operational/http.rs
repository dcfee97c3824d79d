//! Routes of operational webhooks.

use domain::{
    Environment,
    id::{AccountId, WebhookId},
    webhook::Webhook,
};

use super::super::{
    change, create,
    find::find,
    input::{CreateOperatorWebhook, UpdateWebhook},
    list,
    representation::Resource,
};
use crate::{
    auth::Access,
    http::{
        extract::{Asks, NoQuery, Nothing, OperatorsOwn, PathId, Posted, Sent},
        list::{List, Listed, PageParams},
        routes::{Routes, routes},
    },
    operational,
    paging::Rows,
    problem::{Code, Problem},
    work::{Answered, Reply, Work},
};

/// Returns the routes of operational webhooks.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(retrieve, update, delete))
}

/// Create an operational webhook
///
/// It is told what happens in the installation: `webhook.failing`, `webhook.disabled`,
/// `delivery.exhausted`, `api_key.created`, `api_key.expiring`, `account.created`, `account.credentialed`
/// and `account.closed`. There can be five.
#[utoipa::path(post, path = "/v1/operator_webhooks", tag = "Operational webhooks",
    request_body = CreateOperatorWebhook,
    responses((status = 201, description = "The new webhook, with its signing secret", body = Resource)))]
async fn create(
    OperatorsOwn(own): OperatorsOwn,
    Posted(input, work): Posted<CreateOperatorWebhook>,
) -> Answered {
    let new = input.webhook(work.jurisdictions())?;
    // Ahead of opening the account: one that is refused leaves nothing behind.
    let new = new.vetted(&work.backend, AccountId::OPERATOR, Environment::OPERATIONAL).await?;
    let (work, access) = match own {
        Some(access) => (work, access),
        None => operational::open(&work).await?,
    };
    let among = work.jurisdictions();
    let answer = |webhook, secret| Reply::created(&Resource::with_secret(webhook, secret, among));
    create::create(&work, &access, new, answer).await
}

/// List operational webhooks
#[utoipa::path(get, path = "/v1/operator_webhooks", tag = "Operational webhooks", params(PageParams),
    responses((status = 200, description = "Operational webhooks, newest first", body = List<Resource>)))]
async fn list(
    OperatorsOwn(own): OperatorsOwn,
    Asks(work): Asks,
    listed: Listed<Nothing>,
) -> Answered {
    let (webhooks, count) = match own {
        Some(access) => list::list(&work.backend, &access, None, None, &listed.page).await?,
        None => (Rows { kept: vec![], next: None }, Some(0)),
    };
    let sort = |webhook: &Webhook| webhook.id.to_string();
    let shown = |webhook| Resource::of(webhook, work.jurisdictions());
    Ok(Reply::ok(&listed.links.list(webhooks, count, sort, shown)))
}

/// Show an operational webhook
#[utoipa::path(get, path = "/v1/operator_webhooks/{id}", tag = "Operational webhooks",
    params(("id" = String, Path)),
    responses((status = 200, description = "The webhook", body = Resource)))]
async fn retrieve(
    OperatorsOwn(own): OperatorsOwn,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    _: NoQuery,
) -> Answered {
    let webhook = find(&work, &opened(own)?, id).await?;
    Ok(Reply::ok(&Resource::of(webhook.state, work.jurisdictions())))
}

/// Change an operational webhook
#[utoipa::path(patch, path = "/v1/operator_webhooks/{id}", tag = "Operational webhooks",
    params(("id" = String, Path)), request_body = UpdateWebhook,
    responses((status = 200, description = "The changed webhook", body = Resource)))]
async fn update(
    OperatorsOwn(own): OperatorsOwn,
    PathId(id): PathId<WebhookId>,
    Sent(input, work): Sent<UpdateWebhook>,
) -> Answered {
    change::update(&work, &opened(own)?, id, input.change()?, shown(&work)).await
}

/// Delete an operational webhook
#[utoipa::path(delete, path = "/v1/operator_webhooks/{id}", tag = "Operational webhooks",
    params(("id" = String, Path)),
    responses((status = 200, description = "The deleted webhook", body = Resource)))]
async fn delete(
    OperatorsOwn(own): OperatorsOwn,
    Asks(work): Asks,
    PathId(id): PathId<WebhookId>,
    _: NoQuery,
) -> Answered {
    change::delete(&work, &opened(own)?, id, shown(&work)).await
}

fn shown(work: &Work) -> impl Fn(Webhook) -> Reply {
    |webhook| Reply::ok(&Resource::of(webhook, work.jurisdictions()))
}

/// Returns the access to the operator's own account. Before the first operational webhook there is none.
fn opened(own: Option<Access>) -> Result<Access, Problem> {
    own.ok_or_else(|| Code::NotFound.into())
}
