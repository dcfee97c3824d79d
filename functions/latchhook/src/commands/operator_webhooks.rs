//! `latchhook operator-webhooks`: operational webhooks, which tell the operator what happens in the
//! installation.

use clap::Subcommand;
use serde_json::json;

use super::{
    delete, get, patch, post, show,
    webhooks::{
        Update, Webhook,
        settings::{Changes, Fixed},
    },
};
use crate::{
    args::{self, Yes},
    client::{ApiArgs, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook operator-webhooks create https://example.com/operations
  latchhook operator-webhooks create https://example.com/tickets --event-type delivery.exhausted \
--event-type 'webhook.*'
  latchhook operator-webhooks list

An operational webhook is told of webhook.failing, webhook.disabled, delivery.exhausted, api_key.created,
api_key.expiring, account.created, account.credentialed and account.closed.";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("URL", "/webhook_url"),
    ("EVENT TYPES", "/event_types"),
    ("STATUS", "/status"),
    ("CREATED", "/created_at"),
];

/// Arguments of `latchhook operator-webhooks`.
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
    /// Register an endpoint for operational events and print its signing secret
    #[command(after_help = "Example:\n  latchhook operator-webhooks create \
                            https://example.com/operations --event-type 'api_key.*'")]
    Create {
        /// Endpoint: https://, http:// or sns://
        #[arg(value_hint = clap::ValueHint::Url, value_parser = args::webhook_url)]
        url: String,
        #[command(flatten)]
        settings: Changes,
        #[command(flatten)]
        fixed: Fixed,
    },
    /// List operational webhooks, newest first
    #[command(after_help = "Example:\n  latchhook operator-webhooks list --json")]
    List {
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show an operational webhook
    #[command(after_help = "Example:\n  latchhook operator-webhooks get wh_01jgz…")]
    Get(Webhook),
    /// Change an operational webhook
    #[command(
        after_help = "Example:\n  latchhook operator-webhooks update wh_01jgz… --status disabled"
    )]
    Update {
        #[command(flatten)]
        webhook: Webhook,
        #[command(flatten)]
        update: Update,
    },
    /// Delete an operational webhook; what is pending for it is cancelled
    #[command(after_help = "Example:\n  latchhook operator-webhooks delete wh_01jgz… --yes")]
    Delete {
        #[command(flatten)]
        webhook: Webhook,
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
    let path = |webhook: &Webhook| format!("/v1/operator_webhooks/{}", webhook.id);
    let shown = match args.action {
        Action::List { limit } => {
            let webhooks = client.list(Query::new("/v1/operator_webhooks"), limit).await?;
            return show::list(context, json, &webhooks, COLUMNS);
        }
        Action::Create { url, settings, fixed } => {
            let mut body = json!({ "webhook_url": url });
            settings.add_to(&mut body);
            fixed.add_to(&mut body);
            post(&client, "/v1/operator_webhooks", &body).await?
        }
        Action::Get(webhook) => get(&client, &path(&webhook)).await?,
        Action::Update { webhook, update } => {
            patch(&client, &path(&webhook), &update.body()?).await?
        }
        Action::Delete { webhook, yes } => {
            if yes.has_to_ask(context, "deleting a webhook")? {
                let url = get(&client, &path(&webhook)).await?.at("/webhook_url");
                let about = format!(
                    "{} tells {url} what happens here. What is pending for it is cancelled.",
                    webhook.id
                );
                context.ask(&about, "Delete it?")?;
            }
            delete(&client, &path(&webhook)).await?
        }
    };
    show::object(context, json, &shown, &["signing_secret"])
}
