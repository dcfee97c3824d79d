//! Account of the operator's own.

use domain::{
    MOST_OPERATIONAL_WEBHOOKS,
    account::{Account, Command},
    id::AccountId,
};

use crate::{
    auth::Access,
    problem::{Code, Problem},
    views::collections,
    work::{Halt, Reply, Work, no_refusal},
};

/// Name of the account, as lists of failing webhooks show it.
const NAME: &str = "Operator";

/// Opens the account, if it is not yet. Returns the `asked` work on it, which the operator asked for, and the
/// access to it.
///
/// # Errors
/// The refusal of the caller, or that the backend is unavailable.
pub(crate) async fn open(asked: &Work) -> Result<(Work, Access), Problem> {
    let key = &collections::accounts().key(AccountId::OPERATOR);
    let opening = Work::of_the_system(asked.backend.clone());
    let opened = opening.run(|work| async move {
        let known = work.find::<Account>(std::slice::from_ref(key)).await?;
        if known.is_some() {
            return Ok::<_, Halt>(());
        }
        let command = Command::Open {
            id: AccountId::OPERATOR,
            name: NAME.to_owned(),
            external_id: None,
            webhook_quota: MOST_OPERATIONAL_WEBHOOKS,
        };
        let place = work.backend.vault.open_account(AccountId::OPERATOR).await?;
        let mut change = work.change::<Account>(None, command)?;
        change.commit.writes.extend(place);
        work.commit(change.commit, &Reply::ok(&()), no_refusal).await
    });
    opened.await?;
    Ok(asked.on_own().await?.ok_or(Code::NotFound)?)
}

/// Refuses a request for the operator's own account where it asks for a customer's.
///
/// # Errors
/// [`Code::NotFound`].
pub(crate) fn refuse(account: AccountId) -> Result<(), Problem> {
    if account == AccountId::OPERATOR { Err(Code::NotFound.into()) } else { Ok(()) }
}
