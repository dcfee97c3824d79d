//! Lists of API keys, as they are or were.

use domain::{Environment, Timestamp, key::ApiKey};
use ports::store::{Range, StreamId};

use super::{
    quota::working,
    shown::{Shown, all_shown},
};
use crate::{
    Backend,
    auth::Access,
    fold::states_as_of,
    paging::{Page, Rows, Source},
    problem::Problem,
    views::collections,
};

/// Keys that are asked for.
pub(crate) struct Wanted {
    /// Environment of the keys; both if none.
    pub(crate) environment: Option<Environment>,
    /// True to include expired keys.
    pub(crate) include_expired: bool,
    /// Time as at which the keys are shown.
    pub(crate) as_of: Option<Timestamp>,
}

/// Reads a page of the keys, and their number.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
    now: Timestamp,
) -> Result<(Rows<Shown>, u64), Problem> {
    let environments = access.listed(wanted.environment)?;
    let include_expired = wanted.include_expired;
    if let Some(at) = wanted.as_of {
        return as_of(backend, access, (environments, include_expired), page, at).await;
    }
    let partitions =
        environments.iter().map(|env| collections::api_keys(access.id(), *env)).collect();
    let source = Source { partitions, index: false, range: Range::default() };
    let rows = source
        .page_of_states(backend, page, |key: &ApiKey| include_expired || !key.is_expired(now))
        .await?;
    let rows = rows.try_map_all(|keys| all_shown(backend, keys, now)).await?;
    let count = count(backend, access, environments, include_expired, now).await?;
    Ok((rows, count))
}

async fn as_of(
    backend: &Backend,
    access: &Access,
    (environments, include_expired): (&[Environment], bool),
    page: &Page,
    at: Timestamp,
) -> Result<(Rows<Shown>, u64), Problem> {
    let is_key = |stream| matches!(stream, StreamId::Key(..));
    let mut keys = states_as_of::<ApiKey>(backend, access.id(), at, is_key).await?;
    keys.retain(|key| {
        environments.contains(&key.environment) && (include_expired || !key.is_expired(at))
    });
    keys.reverse();
    let shown = all_shown(backend, keys, at).await?;
    let count = shown.len() as u64;
    let rows = shown.into_iter().map(|shown| (shown.key.id.to_string(), shown)).collect();
    Ok((page.cut(rows), count))
}

/// Counts the keys of a list: all, or those that have not expired.
async fn count(
    backend: &Backend,
    access: &Access,
    environments: &[Environment],
    include_expired: bool,
    now: Timestamp,
) -> Result<u64, Problem> {
    let mut count: u64 = 0;
    for environment in environments {
        count += if include_expired {
            backend.store.counter(&collections::api_key_count(access.id(), *environment)).await?
        } else {
            working(backend, access.id(), *environment, now).await?
        };
    }
    Ok(count)
}
