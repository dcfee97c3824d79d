//! `find_account`: the account of a customer, by its name.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{MOST, Tool, Untrusted};
use crate::{
    client::Query,
    commands::mcp::{
        api::{Api, Page},
        refusal::{Refusal, Scopes},
        untrusted::NAME,
    },
};

const SCOPES: Scopes = &["accounts:read"];

/// Tool that finds accounts.
pub(in crate::commands::mcp) struct FindAccount;

/// Arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::commands::mcp) struct Input {
    /// Part of the account's name, of its external id or of acct_…
    search: String,
}

/// Result.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands::mcp) struct Output {
    summary: String,
    next_steps: Vec<String>,
    accounts: Vec<Account>,
}

/// Account that was found.
#[derive(Serialize, JsonSchema)]
struct Account {
    account_id: String,
    name: Untrusted,
    /// True if it may use live mode.
    credentialed: bool,
    closed: bool,
}

/// Account, as the API shows it.
#[derive(Deserialize)]
struct Shown {
    id: String,
    name: String,
    credentialed: bool,
    closed_at: Option<String>,
}

impl From<Shown> for Account {
    fn from(shown: Shown) -> Self {
        Self {
            account_id: shown.id,
            name: Untrusted::new(&shown.name, NAME),
            credentialed: shown.credentialed,
            closed: shown.closed_at.is_some(),
        }
    }
}

impl Tool for FindAccount {
    const NAME: &'static str = "find_account";
    const TITLE: &'static str = "Find an account";
    const DESCRIPTION: &'static str = "Finds a customer's account (acct_…) by name or external id. Call \
        it when another tool asks for an account. Shows 25 at most, newest first.";
    type Input = Input;
    type Output = Output;

    async fn call(api: &Api, input: Input, _: bool) -> Result<Output, Refusal> {
        if let Some(on) = api.on(None, SCOPES)? {
            let own: Shown = on.get(Query::new("/v1/account")).await?;
            return Ok(told(vec![own.into()], false));
        }
        let query = Query::new("/v1/accounts").with("search", Some(&input.search));
        let query = query.with("per_page", Some(MOST.to_string()));
        let named: Page<Shown> = api.get(query, SCOPES).await?;
        let more = named.has_more();
        Ok(told(named.data.into_iter().map(Account::from).collect(), more))
    }
}

fn told(accounts: Vec<Account>, more: bool) -> Output {
    let (summary, next) = match accounts.len() {
        0 => (
            "No account was found.".to_owned(),
            "Ask the person for another name. An event, an object or a webhook is found without an account by find_deliveries, which says whose it is.",
        ),
        1 => (
            "One account was found.".to_owned(),
            "Pass its account_id as account to find_deliveries or list_waiting.",
        ),
        count if more => (
            format!("More than {count} accounts were found; these are the newest."),
            "Search by more of the name, or ask the person which one is meant.",
        ),
        count => (format!("{count} accounts were found."), "Ask the person which one is meant."),
    };
    Output { summary, next_steps: vec![next.to_owned()], accounts }
}
