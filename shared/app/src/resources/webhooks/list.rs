//! Lists of webhooks, as they are or were.

use domain::{Environment, Timestamp, webhook::Webhook};
use ports::store::{Range, StreamKind};

use crate::{
    Backend,
    as_of::page_as_of,
    auth::Access,
    paging::{Page, Rows, Source},
    problem::Problem,
    views::collections,
};

/// Reads a page of the webhooks of `environment`, or of both, as they are, or as they were at
/// `as_of`; and their number where it is known.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    environment: Option<Environment>,
    as_of: Option<Timestamp>,
    page: &Page,
) -> Result<(Rows<Webhook>, Option<u64>), Problem> {
    let environments = access.listed(environment)?;
    if let Some(at) = as_of {
        let keep = |webhook: &Webhook| {
            webhook.deleted_at.is_none() && environments.contains(&webhook.environment)
        };
        let webhooks = (access.id(), StreamKind::Webhooks);
        return page_as_of(backend, webhooks, at, page, keep).await;
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
    Ok((rows, Some(count)))
}
