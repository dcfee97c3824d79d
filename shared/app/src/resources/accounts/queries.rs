//! Accounts as they are or were.

use domain::{Timestamp, account::Account, id::AccountId};
use ports::store::StreamId;

use crate::{
    Backend,
    as_of::state_as_of,
    auth::find_account,
    operational,
    paging::{Page, Rows, Source},
    problem::{Code, Problem},
    views::collections,
};

/// Reads a page of the accounts with `search` in the name, the external id or the id, ignoring
/// case; and their number, if that is cheap to know.
pub(crate) async fn list(
    backend: &Backend,
    search: Option<&str>,
    page: &Page,
) -> Result<(Rows<Account>, Option<u64>), Problem> {
    let wanted = search.map(|text| text.trim().to_lowercase());
    let source = Source {
        partitions: vec![collections::accounts()],
        index: false,
        range: collections::customers(),
    };
    let rows = source
        .page_of_states(backend, page, |account| {
            wanted.as_ref().is_none_or(|wanted| matches(account, wanted))
        })
        .await?;
    let count = match wanted {
        Some(_) => None,
        None => Some(backend.store.counter(&collections::account_count()).await?),
    };
    Ok((rows, count))
}

fn matches(account: &Account, wanted: &str) -> bool {
    account.name.to_lowercase().contains(wanted)
        || account.id.to_string().contains(wanted)
        || account.external_id.as_ref().is_some_and(|id| id.to_lowercase().contains(wanted))
}

/// Reads an account as it is, or as it was at `as_of`.
pub(crate) async fn account(
    backend: &Backend,
    id: AccountId,
    as_of: Option<Timestamp>,
) -> Result<Account, Problem> {
    operational::refuse(id)?;
    let account = match as_of {
        None => find_account(backend, id).await?.map(|found| found.state),
        Some(at) => state_as_of::<Account>(backend, StreamId::Account(id), at).await?,
    };
    account.ok_or_else(|| Code::NotFound.into())
}
