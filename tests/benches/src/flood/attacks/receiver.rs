//! Attacks by what stands at a customer's URL: receivers, and the name servers of their hosts.

use super::Means;
use crate::{failure::Failure, flood::attacker::Work};

/// Webhooks of the loud account, to receivers that look different.
const WEBHOOKS: usize = 20;
const CONNECTIONS: usize = 16;

/// Piles up deliveries to receivers that behave like `how`.
pub(super) async fn hostile(means: &Means<'_>, how: &str) -> Result<Vec<Work>, Failure> {
    let url = |number| format!("http://{}/{how}/{number}", means.receivers);
    backlog(means, url).await
}

/// Piles up deliveries to hosts whose name server behaves like `how`.
pub(super) async fn names(means: &Means<'_>, how: &str) -> Result<Vec<Work>, Failure> {
    let port = means.receivers.port();
    backlog(means, |number| format!("http://host{number}.{how}.test:{port}/fine")).await
}

async fn backlog(means: &Means<'_>, url: impl Fn(usize) -> String) -> Result<Vec<Work>, Failure> {
    for number in 0..WEBHOOKS {
        means.loud.webhook(means.server, &url(number)).await?;
    }
    let requests = vec![means.loud.event(means.server, 500)];
    let times = means.backlog / WEBHOOKS;
    Ok(vec![Work::Once { connections: CONNECTIONS, requests, times }])
}
