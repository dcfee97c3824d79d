//! `latchhook event-types`: the registry of event types.

use std::path::PathBuf;

use clap::Subcommand;
use http::Method;
use serde::Serialize;

use super::{delete, input, show};
use crate::{
    args::{self, Yes},
    client::{ApiArgs, Call, Client, Document, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook event-types put report.completed --description 'A report is ready.'
  latchhook event-types put report.completed --schema report.schema.json
  latchhook event-types list

Once any type is registered, events and subscriptions of others are refused.";

const COLUMNS: show::Columns = &[
    ("NAME", "/name"),
    ("DESCRIPTION", "/description"),
    ("CREATED", "/created_at"),
    ("UPDATED", "/updated_at"),
];

/// Arguments of `latchhook event-types`.
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
    /// List the registered event types
    #[command(after_help = "Example:\n  latchhook event-types list --json | jq .schema")]
    List {
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Register an event type, or change it
    #[command(
        after_help = "Examples:\n  latchhook event-types put report.completed --description \
                            'A report is ready.'\n  latchhook event-types put report.completed \
                            --schema report.schema.json\n\nWhat is left out is taken away."
    )]
    Put {
        /// Its name, such as report.completed
        #[arg(value_parser = args::event_type)]
        name: String,
        /// Description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// A file with the JSON Schema for the related object, or - for standard input; sent as it
        /// is written
        #[arg(long, value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
        schema: Option<PathBuf>,
    },
    /// Take an event type out; its events are refused while others are there
    #[command(after_help = "Example:\n  latchhook event-types delete report.completed --yes")]
    Delete {
        /// Its name
        #[arg(value_parser = args::event_type)]
        name: String,
        #[command(flatten)]
        yes: Yes,
    },
}

/// Body of a `PUT` of an event type.
#[derive(Serialize)]
struct Put {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Document>,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the schema is not JSON, or the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.client(context)?;
    let json = args.api.json;
    let event_type = match args.action {
        Action::List { limit } => {
            let types = client.list(Query::new("/v1/event_types"), limit).await?;
            return show::list(context, json, &types, COLUMNS);
        }
        Action::Put { name, description, schema } => {
            let schema = schema.map(|file| read(&file)).transpose()?;
            put(&client, &name, &Put { description, schema }).await?
        }
        Action::Delete { name, yes } => {
            if yes.has_to_ask(context, "taking an event type out")? {
                let about = format!(
                    "Events of {name} are refused from then on while any other type is registered, \
                     and its schema is gone. What was accepted is still delivered."
                );
                context.ask(&about, "Take it out?")?;
            }
            delete(&client, &format!("/v1/event_types/{name}")).await?
        }
    };
    show::object(context, json, &event_type, &["name"])
}

async fn put(client: &Client, name: &str, put: &Put) -> Result<Document, Failure> {
    let body = serde_json::to_string(put).map_err(|why| Failure::of("the event type", why))?;
    let path = format!("/v1/event_types/{name}");
    Ok(client.ask(Method::PUT, &path, Call::text(body)).await?)
}

fn read(file: &std::path::Path) -> Result<Document, Failure> {
    let schema: Result<Document, _> = serde_json::from_str(&input::json(file)?);
    schema.map_err(|why| Failure::Usage(format!("--schema: {}: {why}", file.display())))
}
