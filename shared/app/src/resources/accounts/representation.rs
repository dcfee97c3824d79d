//! Accounts as the API shows them.

use domain::{Timestamp, account::Account, id::AccountId};
use serde::Serialize;
use utoipa::ToSchema;

/// An account: one customer of the operator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: AccountId,
    #[schema(example = "account")]
    object: &'static str,
    #[schema(example = "/v1/accounts/acct_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(example = "Ada's Background Checks")]
    name: String,
    /// Identifier in the operator's own system.
    #[schema(example = "customer-42")]
    external_id: Option<String>,
    /// True if live mode is open to the account.
    credentialed: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    credentialed_at: Option<Timestamp>,
    /// Limit of webhooks in each environment.
    #[schema(example = 2)]
    webhook_quota: u32,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
}

impl From<Account> for Resource {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            object: "account",
            uri: format!("/v1/accounts/{}", account.id),
            credentialed: account.is_credentialed(),
            name: account.name,
            external_id: account.external_id,
            credentialed_at: account.credentialed_at,
            webhook_quota: account.webhook_quota,
            created_at: account.created_at,
            closed_at: account.closed_at,
        }
    }
}
