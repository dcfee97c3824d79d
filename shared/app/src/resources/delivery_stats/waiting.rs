//! Count of the deliveries that wait for their next attempt.

use domain::{
    Environment,
    delivery::{Delivery, Status},
    id::WebhookId,
    webhook::Webhook,
};
use ports::store::{Document, Order, Query, Range};

use crate::{
    Backend,
    auth::{Access, find_account},
    delivery::event::standing,
    documents::{read, state},
    problem::{Code, Problem},
    views::collections,
};

/// Maximum number of deliveries of a webhook examined for the count of waiting ones.
const MOST_DELIVERIES: usize = 100;
/// Maximum number of webhooks examined for the count of waiting deliveries.
const MOST_WEBHOOKS: usize = 25;

/// Deliveries that are waiting.
pub(crate) struct Waiting {
    /// Number of them, among the newest 100 undelivered ones of each of 25 webhooks.
    pub(crate) count: u64,
    /// True if there were more than were examined.
    pub(crate) sampled: bool,
}

/// Counts the newest undelivered deliveries of each webhook that are still to be tried.
pub(crate) async fn waiting(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    only: Option<WebhookId>,
) -> Result<Waiting, Problem> {
    let (webhooks, mut sampled) = webhooks(backend, access, environments, only).await?;
    let account = find_account(backend, access.id()).await?.ok_or(Code::NotFound)?;
    let mut count = 0;
    for document in webhooks {
        let webhook = state::<Webhook>(&*backend.store, &document).await?;
        let Some(webhook) = webhook.map(|webhook| webhook.state) else { continue };
        let standing = standing(&account.state, &webhook);
        let undelivered = Query {
            partition: collections::undelivered(access.id(), webhook.id),
            index: true,
            range: Range::default(),
            order: Order::Descending,
            limit: MOST_DELIVERIES + 1,
        };
        let rows = backend.store.query(&undelivered).await?;
        sampled |= rows.len() > MOST_DELIVERIES;
        for row in rows.iter().take(MOST_DELIVERIES) {
            let delivery: Delivery = read(&row.document.body)?;
            count += u64::from(delivery.standing(standing) == Status::Retrying);
        }
    }
    Ok(Waiting { count, sampled })
}

/// Returns the webhooks that the statistics cover, newest first, and whether there are more.
async fn webhooks(
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
