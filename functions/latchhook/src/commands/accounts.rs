//! `latchhook accounts`: customers' accounts.

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::show;
use crate::{
    client::{ApiArgs, Call, Client, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook accounts create 'Acme Inc.' --external-id cust_42
  latchhook accounts update acct_01… --credentialed true      open live mode
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

/// `latchhook accounts …`
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    api: ApiArgs,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Open an account
    Create {
        /// What people call it
        name: String,
        /// What your own system calls it; unique
        #[arg(long)]
        external_id: Option<String>,
    },
    /// List accounts, newest first
    List {
        /// The most to list
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one account
    Get {
        /// The account, acct_…
        id: String,
    },
    /// Change an account
    Update {
        /// The account, acct_…
        id: String,
        /// What people call it
        #[arg(long)]
        name: Option<String>,
        /// Whether you vouch for it, which opens live mode
        #[arg(long)]
        credentialed: Option<bool>,
        /// Webhooks that it may have in each environment
        #[arg(long)]
        webhook_quota: Option<u32>,
    },
    /// Close an account for good: its keys stop working and its secrets are destroyed
    Close {
        /// The account, acct_…
        id: String,
        /// Yes, close it
        #[arg(long, required = true)]
        yes: bool,
    },
}

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the server is not reached or says no.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.client(context)?;
    let json = args.api.json;
    if let Action::List { limit } = args.action {
        let accounts = client.list(Query::new("/v1/accounts"), limit).await?;
        return show::list(context, json, &accounts, COLUMNS);
    }
    show::object(context, json, &one(&client, args.action).await?)
}

async fn one(client: &Client, action: Action) -> Result<Value, Failure> {
    let (method, path, body) = match action {
        Action::List { .. } => (Method::GET, "/v1/accounts".to_owned(), None),
        Action::Create { name, external_id } => {
            let body = fields(json!({"name": name, "external_id": external_id}));
            (Method::POST, "/v1/accounts".to_owned(), Some(body))
        }
        Action::Get { id } => (Method::GET, format!("/v1/accounts/{id}"), None),
        Action::Update { id, name, credentialed, webhook_quota } => {
            let body =
                json!({"name": name, "credentialed": credentialed, "webhook_quota": webhook_quota});
            (Method::PATCH, format!("/v1/accounts/{id}"), Some(fields(body)))
        }
        Action::Close { id, .. } => (Method::DELETE, format!("/v1/accounts/{id}"), None),
    };
    let call = body.as_ref().map(Call::with).unwrap_or_default();
    Ok(client.call(method, &path, call).await?)
}

/// The fields that were given: an option left out is a field left out, not a `null`.
pub(super) fn fields(mut body: Value) -> Value {
    if let Value::Object(fields) = &mut body {
        fields.retain(|_, value| !value.is_null());
    }
    body
}
