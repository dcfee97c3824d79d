//! `latchhook keys`: an account's API keys.

mod import;

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{get, given, input, patch, post, show};
use crate::{
    args::{
        self, KeySettings, Yes, choices,
        moment::{self, Future, Past, TIME},
    },
    client::{ApiArgs, Client, Document, Query},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook keys create --environment test --name laptop
  latchhook keys list --include-expired
  latchhook keys update key_01jgz… --scope reports:read
  latchhook keys roll key_01jgz… --at 7d                  the old key works for a week
  echo \"$KEY\" | latchhook keys verify -                 exit code 1 unless it is valid";

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

/// Arguments of `latchhook keys`.
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
    /// Create a key and print it
    #[command(after_help = "Examples:\n  latchhook keys create --name laptop\n  \
                            latchhook keys create --type publishable --environment live \
                            --expires-at 90d")]
    Create {
        /// Type of the key
        #[arg(long = "type", value_name = "TYPE", default_value = "secret", value_parser = choices::key_type())]
        kind: String,
        /// Environment of the key
        #[arg(long, default_value = "test", value_parser = choices::environment())]
        environment: String,
        /// Display name
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Time at which it stops working, such as 90d (from now) or 2027-01-31; without it, never
        #[arg(long, value_name = TIME, value_parser = moment::future)]
        expires_at: Option<Future>,
        #[command(flatten)]
        settings: KeySettings,
    },
    /// Change a key's settings
    #[command(after_help = "Examples:\n  latchhook keys update key_01jgz… --scope reports:read \
                            --allow-network 203.0.113.0/24\n  latchhook keys update key_01jgz… \
                            --clear scopes\n\nA setting that is given takes the place of what was \
                            there, all of it.")]
    Update {
        /// The key's id, key_…
        #[arg(value_name = "KEY_ID", value_parser = args::key_id)]
        id: String,
        /// Display name
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        #[command(flatten)]
        settings: KeySettings,
        /// Setting to take away, as often as there are some
        #[arg(long, value_name = "SETTING", value_parser = choices::clearable())]
        clear: Vec<String>,
    },
    /// Import keys that somebody else made
    #[command(after_help = import::HELP)]
    Import {
        /// The file; - for standard input
        #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Format of the file
        #[arg(long, default_value = "csv", value_parser = choices::key_file())]
        format: String,
        /// Environment of keys of which the file does not say it
        #[arg(long, default_value = "test", value_parser = choices::environment())]
        environment: String,
        /// Type of keys of which the file does not say it
        #[arg(long = "type", value_name = "TYPE", default_value = "secret", value_parser = choices::key_type())]
        kind: String,
    },
    /// List keys, newest first
    #[command(after_help = "Examples:\n  latchhook keys list --environment live\n  \
                            latchhook keys list --as-of 7d --json")]
    List {
        /// Only of this environment
        #[arg(long, value_parser = choices::environment())]
        environment: Option<String>,
        /// Expired keys too
        #[arg(long)]
        include_expired: bool,
        /// As they stood then, such as 7d (ago) or 2026-01-31
        #[arg(long, value_name = TIME, value_parser = moment::past)]
        as_of: Option<Past>,
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show what is known of a key, but not the key itself
    #[command(after_help = "Example:\n  latchhook keys get key_01jgz…")]
    Get {
        /// The key's id, key_…
        #[arg(value_name = "KEY_ID", value_parser = args::key_id)]
        id: String,
    },
    /// Show a key itself; each time is recorded in the account's history
    #[command(after_help = "Example:\n  latchhook keys reveal key_01jgz… --json | jq -r .key")]
    Reveal {
        /// The key's id, key_…
        #[arg(value_name = "KEY_ID", value_parser = args::key_id)]
        id: String,
    },
    /// Make a key stop working, now or at a time to come
    #[command(after_help = "Examples:\n  latchhook keys expire key_01jgz…\n  \
                            latchhook keys expire key_01jgz… --at 2027-01-31 --yes\n  \
                            latchhook keys expire key_01jgz… --never     take its expiry back")]
    Expire {
        /// The key's id, key_…
        #[arg(value_name = "KEY_ID", value_parser = args::key_id)]
        id: String,
        /// Time, such as 7d (from now) or 2027-01-31; without it, now
        #[arg(long, visible_alias = "expires-at", value_name = TIME, value_parser = moment::future)]
        at: Option<Future>,
        /// Never: take back an expiry that has not come yet
        #[arg(long, conflicts_with = "at")]
        never: bool,
        #[command(flatten)]
        yes: Yes,
    },
    /// Replace a key by a new one and print that
    #[command(after_help = "Examples:\n  latchhook keys roll key_01jgz…\n  \
                            latchhook keys roll key_01jgz… --at 7d --yes")]
    Roll {
        /// The old key's id, key_…
        #[arg(value_name = "KEY_ID", value_parser = args::key_id)]
        id: String,
        /// Time at which the old one stops working, such as 7d (from now) or 2027-01-31; without
        /// it, now
        #[arg(long, visible_alias = "expires-at", value_name = TIME, value_parser = moment::future)]
        at: Option<Future>,
        #[command(flatten)]
        yes: Yes,
    },
    /// Ask whether a key is good, as your own API does
    #[command(
        after_help = "Example:\n  echo \"$KEY\" | latchhook keys verify - --environment test"
    )]
    Verify {
        /// The key, or - to read it from standard input, where other users don't see it
        #[arg(value_name = "KEY|-")]
        key: String,
        /// The environment that it has to be of
        #[arg(long, value_parser = choices::environment())]
        environment: Option<String>,
        /// The type that it has to be of
        #[arg(long = "type", value_name = "TYPE", value_parser = choices::key_type())]
        kind: Option<String>,
        /// A scope that it has to have, as often as there are some
        #[arg(long = "scope", value_name = "SCOPE", value_parser = args::scope)]
        scopes: Vec<String>,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses, or a verified key is not valid.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.api.json;
    match args.action {
        Action::List { environment, include_expired, as_of, limit } => {
            let query = Query::new("/v1/api_keys")
                .with("environment", environment)
                .with("include_expired", include_expired.then_some("true"))
                .with("as_of", as_of.map(|time| time.at(system::now()).to_string()));
            let keys = args.api.account_client(context)?.list(query, limit).await?;
            show::list(context, json, &keys, COLUMNS)
        }
        Action::Import { file, format, environment, kind } => {
            let client = args.api.account_client(context)?;
            let defaults = import::Defaults { environment, kind };
            let keys = import::import(&client, &file, &format, &defaults).await?;
            show::list(context, json, &keys, COLUMNS)
        }
        Action::Verify { key, environment, kind, scopes } => {
            let client = args.api.client(context)?;
            let key = input::secret(key)?;
            let scopes = (!scopes.is_empty()).then_some(scopes);
            let body = given(
                json!({"key": key, "environment": environment, "type": kind, "scopes": scopes}),
            );
            let verification = post(&client, "/v1/api_keys/verify", &body).await?;
            show::object(context, json, &verification, &["valid", "code"])?;
            match &*verification.at("/valid") {
                "true" => Ok(()),
                _ => Err(Failure::of("the key is not valid", verification.at("/code"))),
            }
        }
        action => {
            let client = args.api.account_client(context)?;
            let key = one(&client, action, context).await?;
            show::object(context, json, &key, &["key"])
        }
    }
}

async fn one(client: &Client, action: Action, context: &Context) -> Result<Document, Failure> {
    let of = |id: &str, action: &str| format!("/v1/api_keys/{id}{action}");
    let later = |at: Option<Future>| Some(at?.later(system::now())?.to_string());
    let (path, body) = match action {
        Action::Create { kind, environment, name, expires_at, settings } => {
            let body = json!({
                "type": kind, "environment": environment, "name": name,
                "expires_at": expires_at.map(|time| time.at(system::now())),
            });
            let mut body = given(body);
            settings.add_to(&mut body);
            ("/v1/api_keys".to_owned(), body)
        }
        Action::Update { id, name, settings, clear } => {
            let mut body = given(json!({ "name": name }));
            settings.add_to(&mut body);
            for setting in clear {
                body[setting] = Value::Null;
            }
            return Ok(patch(client, &of(&id, ""), &body).await?);
        }
        Action::Get { id } => return Ok(get(client, &of(&id, "")).await?),
        Action::Reveal { id } => (of(&id, "/reveal"), json!({})),
        Action::Expire { id, at, never, yes } => {
            let at = later(at);
            if !never && yes.has_to_ask(context, "ending a key")? {
                let when = at.as_deref().unwrap_or("now");
                ask(client, context, &id, &format!("It stops working {when}."), "End it?").await?;
            }
            let body = if never { json!({"expires_at": null}) } else { ending(at.as_deref()) };
            (of(&id, "/expire"), body)
        }
        Action::Roll { id, at, yes } => {
            let at = later(at);
            if yes.has_to_ask(context, "replacing a key")? {
                let when = at.as_deref().unwrap_or("now");
                let what = format!("It stops working {when}; its successor is printed.");
                ask(client, context, &id, &what, "Replace it?").await?;
            }
            (of(&id, "/roll"), ending(at.as_deref()))
        }
        Action::List { .. } | Action::Verify { .. } | Action::Import { .. } => {
            return Err(Failure::Usage("this takes more than one call".to_owned()));
        }
    };
    Ok(post(client, &path, &body).await?)
}

fn ending(at: Option<&str>) -> Value {
    given(json!({"expires_at": at}))
}

/// Shows the key, and asks for consent.
async fn ask(
    client: &Client,
    context: &Context,
    id: &str,
    what: &str,
    question: &str,
) -> Result<(), Failure> {
    let key = get(client, &format!("/v1/api_keys/{id}")).await?;
    let used = Some(key.at("/last_used_at")).filter(|at| !at.is_empty());
    let about = format!(
        "{id} is the {} {} key {} {:?}, last used: {}. {what}",
        key.at("/environment"),
        key.at("/type"),
        key.at("/redacted"),
        key.at("/name"),
        used.as_deref().unwrap_or("never"),
    );
    context.ask(&about, question)
}
