//! `latchhook operator-tokens`: named tokens for the operator's own services, with scopes.

use clap::Subcommand;
use serde_json::json;

use super::{delete, get, given, post, show};
use crate::{
    args::{
        self, Yes, choices,
        moment::{self, Future, TIME},
    },
    client::{ApiArgs, Query},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook operator-tokens create gateway --scope keys:verify
  latchhook operator-tokens create 'nightly report' --scope logs:read --scope events:read --expires-at 90d
  latchhook operator-tokens list
  latchhook operator-tokens end optk_01jgz… --yes

Nobody makes a token with scopes that their own lacks.";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("NAME", "/name"),
    ("SCOPES", "/scopes"),
    ("STATUS", "/status"),
    ("EXPIRES", "/expires_at"),
    ("LAST USED", "/last_used_at"),
];

/// Arguments of `latchhook operator-tokens`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(flatten)]
    api: ApiArgs,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a token, which is shown this once
    #[command(
        after_help = "Example:\n  latchhook operator-tokens create gateway --scope keys:verify"
    )]
    Create {
        /// Its name, by which the history shows it
        name: String,
        /// Scope of the token, once for each
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = choices::operator_scope())]
        scopes: Vec<String>,
        /// Time at which it stops working by itself; without it, never
        #[arg(long, value_name = TIME, value_parser = moment::future)]
        expires_at: Option<Future>,
    },
    /// List the tokens, ended ones included
    #[command(after_help = "Example:\n  latchhook operator-tokens list --json | jq .last_used_at")]
    List {
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show a token, without the token itself
    #[command(after_help = "Example:\n  latchhook operator-tokens show optk_01jgz…")]
    Show {
        /// Its identifier
        #[arg(value_name = "TOKEN", value_parser = args::operator_token_id)]
        id: String,
    },
    /// End a token at once, on AWS within a minute
    #[command(after_help = "Example:\n  latchhook operator-tokens end optk_01jgz… --yes")]
    End {
        /// Its identifier
        #[arg(value_name = "TOKEN", value_parser = args::operator_token_id)]
        id: String,
        #[command(flatten)]
        yes: Yes,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.client(context)?;
    let json = args.api.json;
    let path = |id: &str| format!("/v1/operator_tokens/{id}");
    match args.action {
        Action::Create { name, scopes, expires_at } => {
            let expires_at = expires_at.map(|time| time.at(system::now()));
            let body = given(json!({ "name": name, "scopes": scopes, "expires_at": expires_at }));
            let token = post(&client, "/v1/operator_tokens", &body).await?;
            show::object(context, json, &token, &["token"])
        }
        Action::List { limit } => {
            let tokens = client.list(Query::new("/v1/operator_tokens"), limit).await?;
            show::list(context, json, &tokens, COLUMNS)
        }
        Action::Show { id } => {
            let token = get(&client, &path(&id)).await?;
            show::object(context, json, &token, &[])
        }
        Action::End { id, yes } => {
            if yes.has_to_ask(context, "ending a token")? {
                let token = get(&client, &path(&id)).await?;
                let used = Some(token.at("/last_used_at")).filter(|at| !at.is_empty());
                let about = format!(
                    "{id} is {:?}, last used: {}. Whatever uses it is refused from now on.",
                    token.at("/name"),
                    used.as_deref().unwrap_or("never"),
                );
                context.ask(&about, "End it?")?;
            }
            let token = delete(&client, &path(&id)).await?;
            show::object(context, json, &token, &[])
        }
    }
}
