//! `latchhook webhooks`: an account's webhooks.

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::{accounts::fields, show};
use crate::{
    client::{ApiArgs, Call, Client, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook webhooks create https://example.com/hooks --event-type 'report.*'
  latchhook webhooks ping wh_01…
  latchhook webhooks rotate-secret wh_01… --overlap-seconds 3600
  latchhook webhooks recover wh_01… --since 2026-01-31T09:00:00Z";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("ENVIRONMENT", "/environment"),
    ("JURISDICTION", "/jurisdiction"),
    ("URL", "/webhook_url"),
    ("EVENT TYPES", "/event_types"),
    ("STATUS", "/status"),
    ("CREATED", "/created_at"),
];

/// `latchhook webhooks …`
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
    /// Register an endpoint and print its signing secret
    Create {
        /// Where deliveries go
        url: String,
        /// test or live
        #[arg(long, default_value = "test")]
        environment: String,
        /// US or CA
        #[arg(long, default_value = "US")]
        jurisdiction: String,
        #[command(flatten)]
        settings: Changes,
    },
    /// List webhooks
    List {
        /// test or live; without it, both
        #[arg(long)]
        environment: Option<String>,
        /// The most to list
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one webhook
    Get {
        /// The webhook, wh_…
        id: String,
    },
    /// Change a webhook
    Update {
        /// The webhook, wh_…
        id: String,
        /// Where deliveries go
        #[arg(long, value_name = "URL")]
        webhook_url: Option<String>,
        /// enabled or disabled
        #[arg(long)]
        status: Option<String>,
        #[command(flatten)]
        changes: Changes,
    },
    /// Delete a webhook; what is pending for it is cancelled
    Delete {
        /// The webhook, wh_…
        id: String,
    },
    /// Send it a webhook.ping event
    Ping {
        /// The webhook, wh_…
        id: String,
    },
    /// Show its signing secret; every time is recorded
    RevealSecret {
        /// The webhook, wh_…
        id: String,
    },
    /// Give it a new signing secret; deliveries carry both signatures for a while
    RotateSecret {
        /// The webhook, wh_…
        id: String,
        /// For how long both count, 0 to 604800; without it, a day
        #[arg(long)]
        overlap_seconds: Option<u32>,
    },
    /// Queue again what was not delivered
    Recover {
        /// The webhook, wh_…
        id: String,
        /// From when
        #[arg(long, value_name = "TIME")]
        since: String,
        /// Until when; without it, now
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
}

/// What can be set at first and changed later.
#[derive(clap::Args)]
struct Changes {
    /// Whether deliveries carry the whole related object (--include-object=false to turn off)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    include_object: Option<bool>,
    /// An event type, a prefix such as 'report.*', or '*'; may be given often
    #[arg(long = "event-type", value_name = "TYPE")]
    event_types: Option<Vec<String>>,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
}

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the server is not reached or says no.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let json = args.api.json;
    if let Action::List { environment, limit } = args.action {
        let query = Query::new("/v1/webhooks").with("environment", environment);
        return show::list(context, json, &client.list(query, limit).await?, COLUMNS);
    }
    show::object(context, json, &one(&client, args.action).await?)
}

async fn one(client: &Client, action: Action) -> Result<Value, Failure> {
    let (method, path, body) = request(action);
    let call = body.as_ref().map(Call::with).unwrap_or_default();
    Ok(client.call(method, &format!("/v1/webhooks{path}"), call).await?)
}

fn request(action: Action) -> (Method, String, Option<Value>) {
    let nothing = Some(json!({}));
    match action {
        Action::List { .. } => (Method::GET, String::new(), None),
        Action::Create { url, environment, jurisdiction, settings } => {
            let body = json!({
                "webhook_url": url,
                "environment": environment,
                "jurisdiction": jurisdiction,
                "include_object": settings.include_object,
                "event_types": settings.event_types,
                "description": settings.description,
            });
            (Method::POST, String::new(), Some(fields(body)))
        }
        Action::Update { id, webhook_url, status, changes } => {
            let body = json!({
                "webhook_url": webhook_url,
                "status": status,
                "include_object": changes.include_object,
                "event_types": changes.event_types,
                "description": changes.description,
            });
            (Method::PATCH, format!("/{id}"), Some(fields(body)))
        }
        Action::Get { id } => (Method::GET, format!("/{id}"), None),
        Action::Delete { id } => (Method::DELETE, format!("/{id}"), None),
        Action::Ping { id } => (Method::POST, format!("/{id}/ping"), nothing),
        Action::RevealSecret { id } => (Method::POST, format!("/{id}/reveal_secret"), nothing),
        Action::RotateSecret { id, overlap_seconds } => {
            let body = fields(json!({"overlap_seconds": overlap_seconds}));
            (Method::POST, format!("/{id}/rotate_secret"), Some(body))
        }
        Action::Recover { id, since, until } => {
            let body = fields(json!({"since": since, "until": until}));
            (Method::POST, format!("/{id}/recover"), Some(body))
        }
    }
}
