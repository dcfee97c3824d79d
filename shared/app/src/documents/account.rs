//! Stored form of an account.

use domain::{Timestamp, account::Account, id::AccountId};
use serde::{Deserialize, Serialize};

use super::Form;

/// Account as it is stored.
#[derive(Serialize, Deserialize)]
pub struct StoredAccount {
    id: AccountId,
    name: String,
    external_id: Option<String>,
    credentialed_at: Option<Timestamp>,
    webhook_quota: u32,
    created_at: Timestamp,
    closed_at: Option<Timestamp>,
}

impl Form for StoredAccount {
    const NAME: &'static str = "account";
    const NUMBER: u16 = 1;
}

impl From<&Account> for StoredAccount {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            name: account.name.clone(),
            external_id: account.external_id.clone(),
            credentialed_at: account.credentialed_at,
            webhook_quota: account.webhook_quota,
            created_at: account.created_at,
            closed_at: account.closed_at,
        }
    }
}

impl From<StoredAccount> for Account {
    fn from(stored: StoredAccount) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            external_id: stored.external_id,
            credentialed_at: stored.credentialed_at,
            webhook_quota: stored.webhook_quota,
            created_at: stored.created_at,
            closed_at: stored.closed_at,
        }
    }
}
