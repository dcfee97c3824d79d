//! Arguments of every client command.

use clap::Args;
use domain::Secret;

use super::Client;
use crate::{args, context::Context, failure::Failure};

/// Default address of a local server.
const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// Server, credential and account of a client command.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ApiArgs {
    /// The server [env: LATCHHOOK_URL] [default: http://127.0.0.1:8080]
    #[arg(long = "url", id = "server", global = true, value_name = "URL", value_hint = clap::ValueHint::Url,
        value_parser = args::http_url)]
    url: Option<String>,
    /// The operator's token, an API key or a portal session's token; better in the environment,
    /// where other users don't see it [env: LATCHHOOK_OPERATOR_TOKEN]
    #[arg(long, global = true, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    token: Option<String>,
    /// The account to act on as the operator, acct_… [env: LATCHHOOK_ACCOUNT]
    #[arg(long, global = true, value_name = "ACCOUNT_ID", value_parser = args::account_id)]
    account: Option<String>,
    /// Print JSON as the server sent it, one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl ApiArgs {
    /// Returns a client for the server and token of the flags, or else the environment.
    ///
    /// # Errors
    /// [`Failure::Usage`] without a token, or when a variable has an invalid URL or account.
    pub(crate) fn client(&self, context: &Context) -> Result<Client, Failure> {
        let base = self.base(context)?;
        let token = or(self.token.as_ref(), context, "LATCHHOOK_OPERATOR_TOKEN", &Ok::<_, String>)?;
        let token = token.ok_or_else(|| {
            let why = "the operator's token is needed: set LATCHHOOK_OPERATOR_TOKEN or --token";
            Failure::Usage(why.to_owned())
        })?;
        let account = or(self.account.as_ref(), context, "LATCHHOOK_ACCOUNT", &|text| {
            args::account_id(&text)
        })?;
        Ok(Client::new(&base, Secret::new(token), account))
    }

    /// Returns a client that acts on an account.
    ///
    /// # Errors
    /// [`Failure::Usage`] as [`client`](Self::client), and when an operator names no account.
    pub(crate) fn account_client(&self, context: &Context) -> Result<Client, Failure> {
        let client = self.client(context)?;
        if client.account.is_none() && client.is_operator() {
            let why = "an account is needed: set LATCHHOOK_ACCOUNT or --account acct_…; \
                       `latchhook accounts list` shows them";
            return Err(Failure::Usage(why.to_owned()));
        }
        Ok(client)
    }

    /// Returns a client without a credential.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the variable has an invalid URL.
    pub(crate) fn anonymous(&self, context: &Context) -> Result<Client, Failure> {
        Ok(Client::anonymous(&self.base(context)?))
    }

    fn base(&self, context: &Context) -> Result<String, Failure> {
        let base = or(self.url.as_ref(), context, "LATCHHOOK_URL", &|text| args::http_url(&text))?;
        Ok(base.unwrap_or_else(|| DEFAULT_URL.to_owned()))
    }
}

/// Returns the value of the flag, which has been checked, or else of the variable, if that passes
/// `check`.
fn or(
    flag: Option<&String>,
    context: &Context,
    variable: &str,
    check: &dyn Fn(String) -> Result<String, String>,
) -> Result<Option<String>, Failure> {
    if let Some(flag) = flag {
        return Ok(Some(flag.clone()));
    }
    let found = context.var(variable).map(|text| check(text.to_owned())).transpose();
    found.map_err(|why| Failure::Usage(format!("{variable} {why}")))
}
