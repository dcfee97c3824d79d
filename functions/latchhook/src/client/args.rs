//! What every client command takes.

use clap::Args;
use domain::Secret;

use super::Client;
use crate::{context::Context, failure::Failure};

/// Where a local server listens unless it is told otherwise.
const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// Which server, as whom, for which account.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ApiArgs {
    /// The server [env: LATCHHOOK_URL] [default: http://127.0.0.1:8080]
    #[arg(long = "url", id = "server", global = true, value_name = "URL")]
    url: Option<String>,
    /// The operator's token; better in the environment, where other users don't see it
    /// [env: LATCHHOOK_OPERATOR_TOKEN]
    #[arg(long, global = true)]
    token: Option<String>,
    /// The account to act on, acct_… [env: LATCHHOOK_ACCOUNT]
    #[arg(long, global = true, value_name = "ID")]
    account: Option<String>,
    /// Print JSON, one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl ApiArgs {
    /// A client for whatever the flags, or else the environment, say.
    ///
    /// # Errors
    /// [`Failure::Usage`] without a token or with a URL that is none.
    pub(crate) fn client(&self, context: &Context) -> Result<Client, Failure> {
        let or = |flag: &Option<String>, name: &str| {
            flag.clone().or_else(|| context.var(name).map(str::to_owned))
        };
        let base = or(&self.url, "LATCHHOOK_URL").unwrap_or_else(|| DEFAULT_URL.to_owned());
        let web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        if !base.parse().is_ok_and(web) {
            let why = format!("{base:?} is not an http:// or https:// URL (--url, LATCHHOOK_URL)");
            return Err(Failure::Usage(why));
        }
        let token = or(&self.token, "LATCHHOOK_OPERATOR_TOKEN").ok_or_else(|| {
            let why = "the operator's token is needed: set LATCHHOOK_OPERATOR_TOKEN or --token";
            Failure::Usage(why.to_owned())
        })?;
        let account = or(&self.account, "LATCHHOOK_ACCOUNT");
        Ok(Client::new(&base, Secret::new(token), account))
    }

    /// The account to act on.
    ///
    /// # Errors
    /// [`Failure::Usage`] without one.
    pub(crate) fn account_client(&self, context: &Context) -> Result<Client, Failure> {
        let client = self.client(context)?;
        if client.account.is_none() {
            let why = "an account is needed: set LATCHHOOK_ACCOUNT or --account acct_…; \
                       `latchhook accounts list` shows them";
            return Err(Failure::Usage(why.to_owned()));
        }
        Ok(client)
    }
}
