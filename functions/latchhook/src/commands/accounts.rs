//! `latchhook accounts`: customers' accounts.

use clap::Subcommand;
use serde_json::json;

use super::{delete, get, given, patch, post, show};
use crate::{
    args::{
        self, Yes,
        moment::{self, Past, TIME},
    },
    client::{ApiArgs, Client, Document, Query},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook accounts create 'Acme Inc.' --external-id cust_42
  latchhook accounts update acct_01jgz… --credentialed true     open live mode
  latchhook accounts list --json | jq -r .id";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("NAME", "/name"),
    ("EXTERNAL ID", "/external_id"),
    ("CREDENTIALED", "/credentialed"),
    ("QUOTA", "/webhook_quota"),
    ("CREATED", "/created_at"),
    ("CLOSED", "/closed_at"),
];

/// Arguments of `latchhook accounts`.
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
    /// Open an account for a customer
    #[command(
        after_help = "Example:\n  latchhook accounts create 'Acme Inc.' --external-id cust_42"
    )]
    Create {
        /// Display name
        name: String,
        /// Your own system's id for it; no two accounts share one
        #[arg(long, value_name = "TEXT")]
        external_id: Option<String>,
    },
    /// List accounts, newest first
    #[command(after_help = "Example:\n  latchhook accounts list --search acme --limit 10")]
    List {
        /// Only with this in the name, the external id or the id
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show an account; without an id, the one of the token or --account
    #[command(after_help = "Examples:\n  latchhook accounts get acct_01jgz…\n  \
                            latchhook accounts get acct_01jgz… --as-of 7d")]
    Get {
        /// The account, acct_…
        #[arg(value_name = "ACCOUNT_ID", value_parser = args::account_id)]
        id: Option<String>,
        /// As it stood then, such as 7d (ago) or 2026-01-31
        #[arg(long, value_name = TIME, value_parser = moment::past, requires = "id")]
        as_of: Option<Past>,
    },
    /// Change an account
    #[command(
        after_help = "Example:\n  latchhook accounts update acct_01jgz… --credentialed true \
                            --webhook-quota 5"
    )]
    Update {
        /// The account, acct_…
        #[arg(value_name = "ACCOUNT_ID", value_parser = args::account_id)]
        id: String,
        #[command(flatten)]
        changes: Changes,
    },
    /// Close an account for good: its keys end and its secrets are destroyed
    #[command(after_help = "Examples:\n  latchhook accounts close acct_01jgz…\n  \
                            latchhook accounts close acct_01jgz… --yes     without asking")]
    Close {
        /// The account, acct_…
        #[arg(value_name = "ACCOUNT_ID", value_parser = args::account_id)]
        id: String,
        #[command(flatten)]
        yes: Yes,
    },
}

/// Changes; at least one of them.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// Display name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// True if you vouch for it, which opens live mode
    #[arg(long)]
    credentialed: Option<bool>,
    /// Number of webhooks that it may have in each environment
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(..=10_000))]
    webhook_quota: Option<u32>,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.api.json;
    let client = match args.action {
        Action::Get { id: None, .. } => args.api.account_client(context)?,
        _ => args.api.client(context)?,
    };
    if let Action::List { search, limit } = args.action {
        let query = Query::new("/v1/accounts").with("search", search);
        return show::list(context, json, &client.list(query, limit).await?, COLUMNS);
    }
    let account = one(&client, args.action, context).await?;
    show::object(context, json, &account, &["id"])
}

async fn one(client: &Client, action: Action, context: &Context) -> Result<Document, Failure> {
    let of = |id: &str| format!("/v1/accounts/{id}");
    Ok(match action {
        Action::Create { name, external_id } => {
            let body = given(json!({"name": name, "external_id": external_id}));
            post(client, "/v1/accounts", &body).await?
        }
        Action::Get { id: None, .. } | Action::List { .. } => get(client, "/v1/account").await?,
        Action::Get { id: Some(id), as_of } => {
            let as_of = as_of.map(|time| time.at(system::now()).to_string());
            get(client, &Query::new(of(&id)).with("as_of", as_of).finish()).await?
        }
        Action::Update { id, changes } => {
            let Changes { name, credentialed, webhook_quota } = changes;
            let body =
                json!({"name": name, "credentialed": credentialed, "webhook_quota": webhook_quota});
            patch(client, &of(&id), &given(body)).await?
        }
        Action::Close { id, yes } => {
            if yes.has_to_ask(context, "closing an account")? {
                let account = get(client, &of(&id)).await?;
                let about = format!(
                    "{id} is {:?}. Its keys stop working at once, what is pending for it is \
                     cancelled, and its secrets are destroyed.",
                    account.at("/name")
                );
                context.ask(&about, "Close it for good?")?;
            }
            delete(client, &of(&id)).await?
        }
    })
}
