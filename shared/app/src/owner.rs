//! Owner of the idempotency keys of a caller.

use domain::id::AccountId;
use ports::store::Scope;

use crate::{auth::Caller, work::idempotency::Owner};

/// Returns the owner for a `caller`; the operator's keys are told apart by the account acted on.
#[must_use]
pub(crate) fn owner(caller: &Caller, account: Option<AccountId>) -> Owner {
    let (scope, caller) = match caller {
        Caller::Operator(operator) => {
            (account.map_or(Scope::Installation, Scope::Account), operator.caller())
        }
        Caller::Portal { session, account, .. } => {
            (Scope::Account(account.state.id), session.to_string())
        }
        Caller::Key { key, account, .. } => (Scope::Account(account.state.id), key.id.to_string()),
    };
    Owner { scope, caller }
}
