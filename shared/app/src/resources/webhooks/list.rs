//! Lists of webhooks, as they are or were.

use domain::{Environment, Timestamp, webhook::Webhook};
use ports::store::{Range, StreamId};

use crate::{
    Backend,
    auth::Access,
    fold::states_as_of,
    paging::{Page, Rows, Source},
    problem::Problem,
    views::collections,
};

/// Reads a page of the webhooks of `environment`, or of both, as they are, or as they were at
/// `as_of`; and their number.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    environment: Option<Environment>,
    as_of: Option<Timestamp>,
    page: &Page,
) -> Result<(Rows<Webhook>, u64), Problem> {
    let environments = access.listed(environment)?;
    if let Some(at) = as_of {
        let is_webhook = |stream| matches!(stream, StreamId::Webhook(..));
        let mut webhooks = states_as_of::<Webhook>(backend, access.id(), at, is_webhook).await?;
        webhooks.retain(|webhook| {
            webhook.deleted_at.is_none() && environments.contains(&webhook.environment)
        });
        let count = webhooks.len() as u64;
        let rows = webhooks.into_iter().rev().map(|webhook| (webhook.id.to_string(), webhook));
        return Ok((page.cut(rows.collect()), count));
    }
    let partitions =
        environments.iter().map(|env| collections::webhooks(access.id(), *env)).collect();
    let source = Source { partitions, index: false, range: Range::default() };
    let rows = source.page_of_states(backend, page, |_| true).await?;
    let mut count = 0;
    for environment in environments {
        count +=
            backend.store.counter(&collections::webhook_count(access.id(), *environment)).await?;
    }
    Ok((rows, count))
}
