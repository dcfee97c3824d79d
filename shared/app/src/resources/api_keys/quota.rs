//! Number of API keys that an account may have.

use domain::{Environment, Timestamp, id::AccountId};
use ports::{
    Commit, ReadError,
    store::{Range, Write},
};

use crate::{
    Backend,
    problem::{Code, Problem},
    tally::Spent,
    views::collections,
    work::Work,
};

/// Refuses keys beyond the quota of `account`, and adds the precondition to `commit`, which creates
/// some, that no concurrent creation exceeds it. Keys that have expired don't count, and those that
/// the commit replaces neither: `replaced` of them.
///
/// # Errors
/// [`Code::QuotaLimitExceeded`], or when the backend is unavailable.
pub(super) async fn limit(
    work: &Work,
    commit: &mut Commit,
    (account, environment): (AccountId, Environment),
    replaced: u64,
) -> Result<(), Problem> {
    let counter = collections::api_key_count(account, environment);
    let new = commit.writes.iter().find_map(|write| match write {
        Write::Count { key, by, .. } if *key == counter => u64::try_from(*by).ok(),
        _ => None,
    });
    let Some(new) = new else { return Ok(()) };
    let most = room(work, (account, environment), new, replaced).await?;
    for write in &mut commit.writes {
        if let Write::Count { key, at_most, .. } = write
            && *key == counter
        {
            *at_most = Some(most);
        }
    }
    Ok(())
}

/// Refuses `new` keys beyond the quota of `account`; returns the largest number of keys, expired ones
/// included, that it may have.
///
/// # Errors
/// [`Code::QuotaLimitExceeded`], or when the backend is unavailable.
pub(super) async fn room(
    work: &Work,
    (account, environment): (AccountId, Environment),
    new: u64,
    replaced: u64,
) -> Result<u64, Problem> {
    let (backend, quota) = (&work.backend, work.backend.settings.limits.keys);
    let counter = collections::api_key_count(account, environment);
    let count = backend.store.counter(&counter).await?;
    // Read after the count: what was created in between works and is no reason to allow more. An
    // expired key never works again, so that what is read here still holds when the commit happens.
    let expired = if count.saturating_add(new) <= quota {
        0
    } else {
        count.saturating_sub(working(backend, account, environment, work.now).await?)
    };
    let most = quota.saturating_add(expired).saturating_add(replaced);
    if count.saturating_add(new) > most {
        backend.tally.spent(Spent::Keys);
        return Err(Problem::from(Code::QuotaLimitExceeded).saying(format!(
            "Quota limit exceeded: an account may have {quota} API keys in each environment that \
             have not expired. Expire one that is no longer needed."
        )));
    }
    Ok(most)
}

/// Counts the keys that have not expired at `now`: no more than the quota, however many have.
pub(crate) async fn working(
    backend: &Backend,
    account: AccountId,
    environment: Environment,
    now: Timestamp,
) -> Result<u64, ReadError> {
    let by_expiry = collections::api_keys_by_expiry(account, environment);
    // '0' follows '/': past every key that expires at this very instant.
    backend.store.count(&by_expiry, &Range { from: Some(format!("{now}0")), to: None }).await
}
