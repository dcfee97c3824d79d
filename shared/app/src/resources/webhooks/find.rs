//! Look-up of an account's webhook.

use domain::{id::WebhookId, webhook::Webhook};

use crate::{
    auth::Access,
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::Work,
};

/// Finds the caller's webhook `id`, in any environment that the caller has access to.
pub(super) async fn find(
    work: &Work,
    access: &Access,
    id: WebhookId,
) -> Result<Versioned<Webhook>, Problem> {
    let environments = access.environments().iter();
    let keys: Vec<_> =
        environments.map(|env| collections::webhooks(access.id(), *env).key(id)).collect();
    Ok(work.find(&keys).await?.ok_or(Code::NotFound)?)
}

/// Finds the caller's webhook `id`, which has to be enabled.
pub(super) async fn find_enabled(
    work: &Work,
    access: &Access,
    id: WebhookId,
) -> Result<Webhook, Problem> {
    let webhook = find(work, access, id).await?.state;
    if webhook.is_enabled() {
        return Ok(webhook);
    }
    Err(Problem::invalid("id", "names a webhook that is disabled: enable it first"))
}
