//! `latchhook key-scopes`: the catalogue of scopes.

use clap::Subcommand;
use http::Method;
use serde_json::json;

use super::{delete, given, show};
use crate::{
    args::{self, Yes},
    client::{ApiArgs, Call, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook key-scopes put reports:read --description 'Read reports.'
  latchhook key-scopes list

Once any scope is registered, keys can be given no others.";

const COLUMNS: show::Columns = &[
    ("NAME", "/name"),
    ("DESCRIPTION", "/description"),
    ("CREATED", "/created_at"),
    ("UPDATED", "/updated_at"),
];

/// Arguments of `latchhook key-scopes`.
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
    /// List the registered scopes
    #[command(after_help = "Example:\n  latchhook key-scopes list --json | jq .name")]
    List {
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Register a scope, or change it
    #[command(
        after_help = "Example:\n  latchhook key-scopes put reports:read --description 'Read \
                            reports.'\n\nWhat is left out is taken away."
    )]
    Put {
        /// Its name, such as reports:read
        #[arg(value_parser = args::scope)]
        name: String,
        /// Description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Take a scope out; keys that have it keep it
    #[command(after_help = "Example:\n  latchhook key-scopes delete reports:read --yes")]
    Delete {
        /// Its name
        #[arg(value_parser = args::scope)]
        name: String,
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
    let scope = match args.action {
        Action::List { limit } => {
            let scopes = client.list(Query::new("/v1/key_scopes"), limit).await?;
            return show::list(context, json, &scopes, COLUMNS);
        }
        Action::Put { name, description } => {
            let body = given(json!({ "description": description }));
            let path = format!("/v1/key_scopes/{name}");
            client.ask(Method::PUT, &path, Call::with(&body)).await?
        }
        Action::Delete { name, yes } => {
            if yes.has_to_ask(context, "taking a scope out")? {
                let about = format!(
                    "No key can be given {name} from then on while any other scope is registered. \
                     Keys that have it keep it."
                );
                context.ask(&about, "Take it out?")?;
            }
            delete(&client, &format!("/v1/key_scopes/{name}")).await?
        }
    };
    show::object(context, json, &scope, &["name"])
}
