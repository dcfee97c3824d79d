//! Webhooks that the statistics cover, and those of them that fail.

use domain::{
    Environment, Redacted, Timestamp,
    id::{AccountId, WebhookId},
    webhook::Webhook,
};
use ports::store::{Document, Order, Query, Range};

use crate::{
    Backend,
    auth::Access,
    delivery::recent::Recent,
    documents::{Health, read, state},
    problem::{Code, Problem},
    views::collections,
};

/// Maximum number of webhooks of which it is told how many deliveries wait, and whether they fail.
const MOST_WEBHOOKS: usize = 25;

/// Webhooks that the statistics cover.
pub(crate) struct Covered {
    account: AccountId,
    pub(super) webhooks: Vec<Webhook>,
    /// True if there are more than these.
    pub(super) are_more: bool,
}

/// Webhook whose every delivery fails.
pub(crate) struct FailingWebhook {
    pub(super) id: WebhookId,
    pub(super) url: Redacted,
    pub(super) since: Timestamp,
    pub(super) recent: Recent,
}

impl Covered {
    /// Reads the webhooks, newest first: `only` that one, if it is given.
    pub(super) async fn of(
        backend: &Backend,
        access: &Access,
        environments: &[Environment],
        only: Option<WebhookId>,
    ) -> Result<Self, Problem> {
        let (documents, are_more) = documents(backend, access, environments, only).await?;
        let mut webhooks = Vec::with_capacity(documents.len());
        for document in documents {
            let webhook = state::<Webhook>(&*backend.store, &document).await?;
            webhooks.extend(webhook.map(|webhook| webhook.state));
        }
        Ok(Self { account: access.id(), webhooks, are_more })
    }

    /// Returns those that are enabled and fail every delivery.
    pub(super) async fn failing(
        &self,
        backend: &Backend,
        now: Timestamp,
    ) -> Result<Vec<FailingWebhook>, Problem> {
        let enabled: Vec<&Webhook> = self.webhooks.iter().filter(|one| one.is_enabled()).collect();
        let health = |one: &&Webhook| collections::webhook_health(self.account, one.id);
        let keys: Vec<_> = enabled.iter().map(health).collect();
        let mut failing = Vec::new();
        for (webhook, health) in enabled.iter().zip(backend.store.get(&keys).await?) {
            let Some(health) = health else { continue };
            let since = read::<Health>(&health.body)?.failing_since;
            let place = (self.account, webhook.environment, webhook.id);
            let recent = Recent::of(backend, place, now).await?;
            let url = Redacted::new(&webhook.endpoint.url);
            failing.push(FailingWebhook { id: webhook.id, url, since, recent });
        }
        Ok(failing)
    }
}

/// Returns the documents of the webhooks, and whether there are more.
async fn documents(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    only: Option<WebhookId>,
) -> Result<(Vec<Document>, bool), Problem> {
    let of = |env: &Environment| collections::webhooks(access.id(), *env);
    if let Some(webhook) = only {
        let keys: Vec<_> = environments.iter().map(|env| of(env).key(webhook)).collect();
        let found = backend.store.get(&keys).await?.into_iter().flatten().next();
        return Ok((vec![found.ok_or(Code::NotFound)?], false));
    }
    let mut found = Vec::new();
    for env in environments {
        let newest = Query {
            partition: of(env),
            index: false,
            range: Range::default(),
            order: Order::Descending,
            limit: MOST_WEBHOOKS + 1,
        };
        found.extend(backend.store.query(&newest).await?.into_iter().map(|row| row.document));
    }
    let more = found.len() > MOST_WEBHOOKS;
    found.truncate(MOST_WEBHOOKS);
    Ok((found, more))
}
