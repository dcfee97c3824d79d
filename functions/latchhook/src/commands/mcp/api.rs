//! All that tools may ask of a server: reads, and one kind of change.

use http::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::refusal::{Refusal, Scopes};
use crate::{
    args,
    client::{ApiError, Call, Client, Document, Query},
};

/// Accounts in which one call looks, newest first, where none is named.
const MOST_ACCOUNTS: &str = "100";

/// Server, as tools see it.
pub(super) struct Api {
    client: Client,
}

/// Account of a server, as the token reaches it.
pub(super) struct OnAccount {
    client: Client,
    scopes: Scopes,
}

/// Accounts in which something is looked for.
pub(super) struct Accounts {
    pub(super) all: Vec<OnAccount>,
    /// True if there are others.
    pub(super) more: bool,
}

/// Page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    next_href: Option<String>,
}

impl<T> Page<T> {
    /// Returns whether there is more than is on the page.
    pub(super) const fn has_more(&self) -> bool {
        self.next_href.is_some()
    }
}

impl Api {
    /// Creates the view of a server for a client's credential and account.
    pub(super) const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns the account to act on: the one that was passed, or else the credential's or the flag's.
    /// `None` if the operator's token reaches every account and none was passed.
    ///
    /// # Errors
    /// When that is no identifier, or the server was started for another account.
    pub(super) fn on(
        &self,
        account: Option<&str>,
        scopes: Scopes,
    ) -> Result<Option<OnAccount>, Refusal> {
        let bound = self.client.account();
        let Some(account) = account else {
            let is_known = bound.is_some() || !self.client.is_operator();
            return Ok(is_known.then(|| OnAccount { client: self.client.clone(), scopes }));
        };
        let account = args::account_id(account)
            .map_err(|why| Refusal::of_argument(format!("account {why}."), "Correct account."))?;
        if bound.is_some_and(|bound| bound != account) {
            let why = "This MCP server was started for one account, and this is another.";
            return Err(Refusal::of_argument(why, "Leave account out."));
        }
        Ok(Some(OnAccount { client: self.client.on(&account), scopes }))
    }

    /// Returns the accounts in which to look: the one of [`on`](Self::on), or else the newest hundred.
    ///
    /// # Errors
    /// As [`on`](Self::on), and when the server can't be asked.
    pub(super) async fn accounts(
        &self,
        account: Option<&str>,
        scopes: Scopes,
    ) -> Result<Accounts, Refusal> {
        #[derive(Deserialize)]
        struct Account {
            id: String,
        }
        if let Some(on) = self.on(account, scopes)? {
            return Ok(Accounts { all: vec![on], more: false });
        }
        let query = Query::new("/v1/accounts").with("per_page", Some(MOST_ACCOUNTS));
        let page: Page<Account> = self.get(query, scopes).await?;
        let on = |account: &Account| OnAccount { client: self.client.on(&account.id), scopes };
        Ok(Accounts { all: page.data.iter().map(on).collect(), more: page.has_more() })
    }

    /// Returns an event, behind the account that has it.
    ///
    /// # Errors
    /// When none has it, or the server can't be asked.
    pub(super) async fn event<T: DeserializeOwned>(
        &self,
        account: Option<&str>,
        event: &str,
        scopes: Scopes,
    ) -> Result<(OnAccount, T), Refusal> {
        let accounts = self.accounts(account, scopes).await?;
        for on in accounts.all {
            if let Some(event) = on.find(Query::new(format!("/v1/events/{event}"))).await? {
                return Ok((on, event));
            }
        }
        Err(Refusal::without_event(accounts.more))
    }

    /// Reads what is of the whole installation.
    ///
    /// # Errors
    /// When the server refuses or can't be asked.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        query: Query,
        scopes: Scopes,
    ) -> Result<T, Refusal> {
        get(&self.client, &query.finish(), scopes).await
    }
}

impl OnAccount {
    /// Reads what is of the account.
    ///
    /// # Errors
    /// When the server refuses or can't be asked.
    pub(super) async fn get<T: DeserializeOwned>(&self, query: Query) -> Result<T, Refusal> {
        get(&self.client, &query.finish(), self.scopes).await
    }

    /// Reads what is of the account, if it is there.
    ///
    /// # Errors
    /// When the server refuses or can't be asked.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        query: Query,
    ) -> Result<Option<T>, Refusal> {
        match self.get(query).await {
            Ok(found) => Ok(Some(found)),
            Err(refusal) if refusal.code == "not_found" => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Has an event sent to a webhook once more.
    ///
    /// # Errors
    /// When the server refuses or can't be asked.
    pub(super) async fn resend<T: DeserializeOwned>(
        &self,
        event: &str,
        webhook: &str,
    ) -> Result<T, Refusal> {
        let call = Call::with(&json!({ "webhook_id": webhook }));
        let path = format!("/v1/events/{event}/resend");
        let answer = self.client.ask(Method::POST, &path, call).await;
        read(answer, self.scopes)
    }
}

async fn get<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    scopes: Scopes,
) -> Result<T, Refusal> {
    read(client.ask(Method::GET, path, Call::default()).await, scopes)
}

fn read<T: DeserializeOwned>(
    answer: Result<Document, ApiError>,
    scopes: Scopes,
) -> Result<T, Refusal> {
    let strange = || ApiError::Strange { status: http::StatusCode::OK };
    answer
        .and_then(|document| document.read().ok_or_else(strange))
        .map_err(|error| Refusal::of(error, scopes))
}
