//! Places of webhooks in lists over all accounts.

use domain::id::{AccountId, WebhookId};
use ports::{
    Corrupt,
    store::{Key, Scope},
};

use crate::problem::Problem;

/// Maximum number of webhooks in each list.
pub(super) const MOST_WEBHOOKS: usize = 25;

/// Webhook of an account, by which its documents are found.
pub(super) type Place = (AccountId, WebhookId);

/// Returns the account whose document it is.
pub(super) fn account_of(key: &Key) -> Result<AccountId, Problem> {
    match key.partition.scope() {
        Scope::Account(account) => Ok(account),
        Scope::Installation => {
            Err(Corrupt::new("listing failing webhooks", "a row belongs to no account").into())
        }
    }
}
