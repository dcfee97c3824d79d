//! `latchhook keys`: an account's API keys.

use std::io::Read as _;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{accounts::fields, show};
use crate::{
    client::{ApiArgs, Client, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook keys create --environment test --name laptop
  latchhook keys list --include-expired
  latchhook keys roll key_01… --at 2026-02-01T00:00:00Z    the old key works until then
  echo \"$KEY\" | latchhook keys verify -                    exit code 1 unless it is valid";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("TYPE", "/type"),
    ("ENVIRONMENT", "/environment"),
    ("NAME", "/name"),
    ("KEY", "/redacted"),
    ("STATUS", "/status"),
    ("CREATED", "/created_at"),
    ("EXPIRES", "/expires_at"),
    ("LAST USED", "/last_used_at"),
];

/// `latchhook keys …`
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
    /// Create a key and print it
    Create {
        /// secret or publishable
        #[arg(long = "type", default_value = "secret")]
        kind: String,
        /// test or live
        #[arg(long, default_value = "test")]
        environment: String,
        /// What people call it
        #[arg(long)]
        name: Option<String>,
        /// When it stops working
        #[arg(long, value_name = "TIME")]
        expires_at: Option<String>,
    },
    /// List keys, newest first
    List {
        /// test or live; without it, both
        #[arg(long)]
        environment: Option<String>,
        /// Expired keys too
        #[arg(long)]
        include_expired: bool,
        /// The most to list
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Show one key, without its secret
    Get {
        /// The key, key_…
        id: String,
    },
    /// Show the key itself; every time is recorded
    Reveal {
        /// The key, key_…
        id: String,
    },
    /// End a key
    Expire {
        /// The key, key_…
        id: String,
        /// When; without it, now
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Replace a key by a new one
    Roll {
        /// The key, key_…
        id: String,
        /// When the old one stops working; without it, now
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Ask whether a key is good, as your own API does
    Verify {
        /// The key, or - to read it from standard input, where other users don't see it
        key: String,
        /// The environment it has to be of
        #[arg(long)]
        environment: Option<String>,
        /// The type it has to be of
        #[arg(long = "type")]
        kind: Option<String>,
    },
}

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the server is not reached or says no, or a verified key is not valid.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.api.json;
    match args.action {
        Action::List { environment, include_expired, limit } => {
            let query = Query::new("/v1/api_keys")
                .with("environment", environment)
                .with("include_expired", include_expired.then_some("true"));
            let keys = args.api.account_client(context)?.list(query, limit).await?;
            show::list(context, json, &keys, COLUMNS)
        }
        Action::Verify { key, environment, kind } => {
            let client = args.api.client(context)?;
            let body = json!({"key": given(key)?, "environment": environment, "type": kind});
            let verification = client.post("/v1/api_keys/verify", &fields(body)).await?;
            show::object(context, json, &verification)?;
            match verification["valid"].as_bool() {
                Some(true) => Ok(()),
                _ => Err(Failure::of("the key is not valid", show::cell(verification.get("code")))),
            }
        }
        action => {
            let client = args.api.account_client(context)?;
            show::object(context, json, &one(&client, action).await?)
        }
    }
}

async fn one(client: &Client, action: Action) -> Result<Value, Failure> {
    let at = |at: Option<String>| fields(json!({"expires_at": at}));
    let (path, body) = match action {
        Action::Create { kind, environment, name, expires_at } => {
            let body = json!({
                "type": kind, "environment": environment, "name": name, "expires_at": expires_at
            });
            ("/v1/api_keys".to_owned(), fields(body))
        }
        Action::Get { id } => return Ok(client.get(&format!("/v1/api_keys/{id}")).await?),
        Action::Reveal { id } => (format!("/v1/api_keys/{id}/reveal"), json!({})),
        Action::Expire { id, at: when } => (format!("/v1/api_keys/{id}/expire"), at(when)),
        Action::Roll { id, at: when } => (format!("/v1/api_keys/{id}/roll"), at(when)),
        Action::List { .. } | Action::Verify { .. } => {
            return Err(Failure::Usage("this takes more than one call".to_owned()));
        }
    };
    Ok(client.post(&path, &body).await?)
}

fn given(key: String) -> Result<String, Failure> {
    if key != "-" {
        return Ok(key);
    }
    let mut key = String::new();
    let read = std::io::stdin().take(4096).read_to_string(&mut key);
    read.map_err(|why| Failure::of("reading the key", why))?;
    Ok(key.trim().to_owned())
}
