//! `latchhook webhooks`: an account's webhooks.

mod import;
mod request;
pub(crate) mod settings;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use self::settings::{Changes, Fixed};
use super::{get, given, show};
use crate::{
    args::{
        self, Window, Yes, choices,
        moment::{self, Past, TIME},
    },
    client::{ApiArgs, Client, Query},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook webhooks create https://example.com/hooks --event-type 'report.*'
  latchhook webhooks import webhooks.csv --environment live
  latchhook webhooks ping wh_01jgz…
  latchhook webhooks rotate-secret wh_01jgz… --overlap 1h
  latchhook webhooks recover wh_01jgz… --since 1d";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("ENVIRONMENT", "/environment"),
    ("JURISDICTION", "/jurisdiction"),
    ("URL", "/webhook_url"),
    ("EVENT TYPES", "/event_types"),
    ("STATUS", "/status"),
    ("CREATED", "/created_at"),
];

/// Arguments of `latchhook webhooks`.
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
    /// Register an endpoint and print its signing secret
    #[command(after_help = "Examples:\n  latchhook webhooks create https://example.com/hooks \
                            --event-type 'report.*'\n  latchhook webhooks create \
                            https://example.com/hooks --environment live --include-object\n  \
                            latchhook webhooks create https://example.com/hooks --signing ed25519\n  \
                            latchhook webhooks create https://example.com/hooks --rate-limit 100/60\n  \
                            latchhook webhooks create https://example.com/hooks \
                            --filter '{\"type\":[\"a.b\"]}'")]
    Create {
        /// Endpoint: https://, in test also http://, or sns://
        #[arg(value_hint = clap::ValueHint::Url, value_parser = args::webhook_url)]
        url: String,
        /// The environment whose events it gets; fixed from then on
        #[arg(long, default_value = "test", value_parser = choices::environment())]
        environment: String,
        /// The jurisdiction whose events it gets; fixed from then on [default: the server's first]
        #[arg(long, value_name = "CODE", value_parser = choices::jurisdiction)]
        jurisdiction: Option<String>,
        #[command(flatten)]
        settings: Changes,
        #[command(flatten)]
        fixed: Fixed,
    },
    /// Import webhooks with the signing secrets that their receivers have
    #[command(after_help = import::HELP)]
    Import {
        /// The file; - for standard input
        #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Format of the file
        #[arg(long, default_value = "csv", value_parser = choices::webhook_file())]
        format: String,
        /// Environment of webhooks of which the file does not say it
        #[arg(long, default_value = "test", value_parser = choices::environment())]
        environment: String,
    },
    /// List webhooks, newest first
    #[command(after_help = "Examples:\n  latchhook webhooks list --environment live\n  \
                            latchhook webhooks list --as-of 7d --json")]
    List {
        /// Only of this environment
        #[arg(long, value_parser = choices::environment())]
        environment: Option<String>,
        /// As they stood then, such as 7d (ago) or 2026-01-31
        #[arg(long, value_name = TIME, value_parser = moment::past)]
        as_of: Option<Past>,
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show a webhook
    #[command(after_help = "Example:\n  latchhook webhooks get wh_01jgz…")]
    Get(Webhook),
    /// Change a webhook
    #[command(
        after_help = "Examples:\n  latchhook webhooks update wh_01jgz… --status disabled\n  \
                            latchhook webhooks update wh_01jgz… --event-type report.completed \
                            --event-type 'invoice.*'\n  latchhook webhooks update wh_01jgz… \
                            --header X-Tenant=acme --clear filter"
    )]
    Update {
        #[command(flatten)]
        webhook: Webhook,
        #[command(flatten)]
        update: Update,
    },
    /// Delete a webhook; what is pending for it is cancelled
    #[command(after_help = "Example:\n  latchhook webhooks delete wh_01jgz… --yes")]
    Delete {
        #[command(flatten)]
        webhook: Webhook,
        #[command(flatten)]
        yes: Yes,
    },
    /// Send a test event to a webhook
    #[command(after_help = "Examples:\n  latchhook webhooks ping wh_01jgz…\n  \
                            latchhook webhooks ping wh_01jgz… --type report.completed")]
    Ping {
        #[command(flatten)]
        webhook: Webhook,
        /// Type of the event; without it, webhook.ping
        #[arg(long = "type", value_name = "TYPE", value_parser = args::event_type)]
        kind: Option<String>,
        /// Data of the event, as JSON; without it, a sample
        #[arg(long, value_name = "JSON", value_parser = data)]
        data: Option<Value>,
    },
    /// Show the public keys that verify a webhook's deliveries now, as a JWK set
    #[command(after_help = "Example:\n  latchhook webhooks public-keys wh_01jgz… --json")]
    PublicKeys(Webhook),
    /// Show a webhook's signing secret, or its public key; each time is recorded
    #[command(
        after_help = "Example:\n  latchhook webhooks reveal-secret wh_01jgz… --json | jq -r \
                            .signing_secret"
    )]
    RevealSecret(Webhook),
    /// Give a webhook a new signing secret and print it
    #[command(after_help = "Examples:\n  latchhook webhooks rotate-secret wh_01jgz…\n  \
                            latchhook webhooks rotate-secret wh_01jgz… --overlap 1h --yes")]
    RotateSecret {
        #[command(flatten)]
        webhook: Webhook,
        /// Time for which deliveries carry a signature by the old secret, too: up to 7d, or so many
        /// seconds; without it, a day
        #[arg(long, visible_alias = "overlap-seconds", value_name = "DURATION", value_parser = overlap)]
        overlap: Option<u32>,
        #[command(flatten)]
        yes: Yes,
    },
    /// Send again what was given up for a webhook, or cancelled while disabled
    #[command(after_help = "Examples:\n  latchhook webhooks recover wh_01jgz… --since 1d\n  \
                            latchhook webhooks recover wh_01jgz… --since 2026-01-31 --until \
                            2026-02-01\n  latchhook webhooks recover wh_01jgz… --since 1d --include \
                            retrying")]
    Recover {
        #[command(flatten)]
        webhook: Webhook,
        /// Start of the period, such as 1d (ago) or 2026-01-31
        #[arg(long, value_name = TIME, value_parser = moment::past)]
        since: Past,
        /// End of the period; without it, now
        #[arg(long, value_name = TIME, value_parser = moment::past)]
        until: Option<Past>,
        /// Status of what is sent again, once for each; without it, exhausted and cancelled
        #[arg(long, value_name = "STATUS", value_parser = choices::recoverable())]
        include: Option<Vec<String>>,
    },
    /// Count the events meant for a webhook, by what became of them, with a digest
    #[command(
        after_help = "Example:\n  latchhook webhooks statement wh_01jgz… --since 2026-01-01 --until \
                            2026-02-01"
    )]
    Statement {
        #[command(flatten)]
        webhook: Webhook,
        #[command(flatten)]
        window: Window,
    },
}

/// Argument that names a webhook.
#[derive(clap::Args)]
pub(super) struct Webhook {
    /// The webhook, wh_…
    #[arg(value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
    pub(super) id: String,
}

/// Changes of a webhook.
#[derive(clap::Args)]
#[group(id = "what to change")]
pub(super) struct Update {
    /// New endpoint
    #[arg(long, value_name = "URL", value_hint = clap::ValueHint::Url, value_parser = args::webhook_url)]
    webhook_url: Option<String>,
    /// Status; only enabled webhooks get events
    #[arg(long, value_parser = choices::webhook_status())]
    status: Option<String>,
    #[command(flatten)]
    changes: Changes,
    /// Setting that is taken away, as often as there are some
    #[arg(long, value_name = "SETTING", value_parser = choices::clearable_of_webhook())]
    clear: Vec<String>,
}

impl Update {
    /// Returns the body of the request.
    ///
    /// # Errors
    /// [`Failure::Usage`] when nothing is to be changed.
    pub(super) fn body(self) -> Result<Value, Failure> {
        let Self { webhook_url, status, changes, clear } = self;
        let mut body = given(json!({ "webhook_url": webhook_url, "status": status }));
        changes.add_to(&mut body);
        for setting in clear {
            body[setting] = Value::Null;
        }
        if body == json!({}) {
            let why = "nothing to change: give --webhook-url, --status, --include-object, --event-type, \
                       --description, --filter, --header, --rate-limit or --clear";
            return Err(Failure::Usage(why.to_owned()));
        }
        Ok(body)
    }
}

fn overlap(text: &str) -> Result<u32, String> {
    moment::seconds(text, 0, 604_800)
}

fn data(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|why| format!("must be JSON: {why}"))
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let json = args.api.json;
    if let Action::List { environment, as_of, limit } = args.action {
        let query = Query::new("/v1/webhooks")
            .with("environment", environment)
            .with("as_of", as_of.map(|time| time.at(system::now()).to_string()));
        return show::list(context, json, &client.list(query, limit).await?, COLUMNS);
    }
    if let Action::Import { file, format, environment } = args.action {
        let made = import::import(&client, &file, &format, &environment).await?;
        return show::list(context, json, &made, COLUMNS);
    }
    ask_first(&client, &args.action, context).await?;
    let answer = request::of(args.action)?.send(&client).await?;
    show::object(context, json, &answer, &["signing_secret"])
}

async fn ask_first(client: &Client, action: &Action, context: &Context) -> Result<(), Failure> {
    let (webhook, yes, what, so, question) = match action {
        Action::Delete { webhook, yes } => (
            webhook,
            yes,
            "deleting a webhook",
            "What is pending for it is cancelled; its logs stay.",
            "Delete it?",
        ),
        Action::RotateSecret { webhook, yes, .. } => (
            webhook,
            yes,
            "replacing a signing secret",
            "Its receiver has to verify by the new secret before the old one ends.",
            "Replace its signing secret?",
        ),
        _ => return Ok(()),
    };
    if !yes.has_to_ask(context, what)? {
        return Ok(());
    }
    let shown = get(client, &format!("/v1/webhooks/{}", webhook.id)).await?;
    let (environment, url) = (shown.at("/environment"), shown.at("/webhook_url"));
    context.ask(&format!("{} is the {environment} webhook {url}. {so}", webhook.id), question)
}
