//! Places of webhooks in lists over all accounts.

use domain::id::{AccountId, WebhookId};
use ports::store::Key;

use crate::problem::{Code, Problem};

/// Maximum number of webhooks in each list.
pub(super) const MOST_WEBHOOKS: usize = 25;

/// Webhook of an account, by which its documents are found.
pub(super) type Place = (AccountId, WebhookId);

/// Returns the account whose document it is.
pub(super) fn account_of(key: &Key) -> Result<AccountId, Problem> {
    let account = key.partition.as_str().split('/').next().unwrap_or_default();
    account.parse().map_err(|_| Code::Unavailable.into())
}
