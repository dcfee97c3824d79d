//! Overview of accounts for the operator: how much each has, and how it fares.

use std::time::Duration;

use domain::{
    Environment, Timestamp,
    id::{AccountId, LogId},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ports::store::{Range, Row};
use serde::Serialize;

use crate::{
    Backend,
    delivery::counts,
    paging::Source,
    problem::Problem,
    resources::api_keys::working_keys,
    views::{Spread, collections},
};

/// Number of accounts that are looked at together.
pub(super) const AT_ONCE: usize = 16;
/// Time before the present hour whose attempts are counted.
const RECENT: Duration = Duration::from_hours(23);

/// Overview of an account.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    account_id: AccountId,
    /// Number of keys that work.
    keys: u64,
    /// Number of webhooks.
    webhooks: u64,
    /// Number of attempts in this hour and the 23 before it.
    attempts: u64,
    /// Number of those that failed.
    failures: u64,
    /// Time of the newest row of its logs.
    last_active_at: Option<Timestamp>,
}

/// Reads the overview of each of `accounts`.
pub(super) async fn overviews(
    backend: &Backend,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Vec<Overview>, Problem> {
    let overviews = accounts.iter().copied().map(|account| overview(backend, account, now));
    stream::iter(overviews).buffered(AT_ONCE).try_collect().await
}

async fn overview(
    backend: &Backend,
    account_id: AccountId,
    now: Timestamp,
) -> Result<Overview, Problem> {
    let (mut keys, mut webhooks, mut attempts, mut failures) = (0, 0, 0, 0);
    for environment in Environment::ALL {
        keys += working_keys(backend, account_id, *environment, now).await?;
        let counter = collections::webhook_count(account_id, *environment);
        webhooks += backend.store.counter(&counter).await?;
        let partition = counts::of_environment(account_id, *environment);
        for hour in counts::hours(backend, &[partition], now.minus(RECENT), now).await? {
            let tally = hour.tally();
            attempts += tally.attempts();
            failures += tally.retrying + tally.failed;
        }
    }
    let last_active_at = last_active(backend, account_id).await?;
    Ok(Overview { account_id, keys, webhooks, attempts, failures, last_active_at })
}

/// Reads the time of the newest row of the account's logs, which its identifier tells.
async fn last_active(backend: &Backend, account: AccountId) -> Result<Option<Timestamp>, Problem> {
    let spread = Spread::of(&*backend.store);
    let partitions = Environment::ALL.iter().flat_map(|environment| {
        let requests = collections::request_logs(account, *environment);
        spread.all_of(collections::attempts(account, *environment)).into_iter().chain([requests])
    });
    let source = Source { partitions: partitions.collect(), index: false, range: Range::default() };
    let newest = source.newest(backend, None, 1).await?;
    let made = |row: &Row| row.sort.parse::<LogId>().ok().map(LogId::created_at);
    Ok(newest.first().and_then(made))
}
