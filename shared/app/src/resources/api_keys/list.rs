//! Lists of API keys, as they are or were.

use domain::{Environment, Timestamp, key::ApiKey};
use ports::store::{Range, StreamKind};

use super::{
    quota::working,
    shown::{Shown, all_shown},
};
use crate::{
    Backend,
    as_of::page_as_of,
    auth::Access,
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

/// Reads a page of the keys, and their number where it is known.
pub(crate) async fn list(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    page: &Page,
    now: Timestamp,
) -> Result<(Rows<Shown>, Option<u64>), Problem> {
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
    Ok((rows, Some(count)))
}

async fn as_of(
    backend: &Backend,
    access: &Access,
    (environments, include_expired): (&[Environment], bool),
    page: &Page,
    at: Timestamp,
) -> Result<(Rows<Shown>, Option<u64>), Problem> {
    let keep = |key: &ApiKey| {
        !key.undone
            && environments.contains(&key.environment)
            && (include_expired || !key.is_expired(at))
    };
    let keys = (access.id(), StreamKind::Keys);
    let (rows, count) = page_as_of(backend, keys, at, page, keep).await?;
    Ok((rows.try_map_all(|keys| all_shown(backend, keys, at)).await?, count))
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
