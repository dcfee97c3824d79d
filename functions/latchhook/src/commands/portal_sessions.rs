//! `latchhook portal-sessions`: links that sign a person into the dashboard, and what they began.

use clap::Subcommand;
use serde_json::json;

use super::{delete, get, given, input, post, show};
use crate::{
    args::{self, choices, moment},
    client::{ApiArgs, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook portal-sessions create --account acct_01jgz…
  latchhook portal-sessions create --expires-in 8h --json | jq -r .url
  latchhook portal-sessions create --actor user_7 --capability logs:read
  latchhook portal-sessions list
  latchhook portal-sessions end ps_01jgz…";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("WHO", "/actor/id"),
    ("MAY", "/capabilities"),
    ("CREATED", "/created_at"),
    ("EXPIRES", "/expires_at"),
    ("ENDED", "/ended_at"),
];

/// Arguments of `latchhook portal-sessions`.
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
    /// Print a link that signs a person into the account's dashboard, once
    #[command(after_help = "Example:\n  latchhook portal-sessions create --account acct_01jgz… \
                            --expires-in 1h")]
    Create {
        /// Duration of the session: 1m to 24h, or so many seconds; without it, an hour
        #[arg(long, value_name = "DURATION", value_parser = lifetime)]
        expires_in: Option<u32>,
        /// Your identifier of the person that it is for; the history names them
        #[arg(long, value_name = "ID")]
        actor: Option<String>,
        /// Name of that person
        #[arg(long, value_name = "NAME", requires = "actor")]
        actor_name: Option<String>,
        /// Email address of that person
        #[arg(long, value_name = "EMAIL", requires = "actor")]
        actor_email: Option<String>,
        /// Capability of the session, once for each; without it, all of them
        #[arg(long = "capability", value_name = "CAPABILITY", value_parser = choices::capability())]
        capabilities: Option<Vec<String>>,
        /// Let it do nothing but see the account
        #[arg(long, conflicts_with = "capabilities")]
        no_capabilities: bool,
        /// Address at your own site that the page leads back to
        #[arg(long, value_name = "URL", value_parser = args::http_url, value_hint = clap::ValueHint::Url)]
        return_url: Option<String>,
    },
    /// List the account's sessions that have not expired
    #[command(after_help = "Example:\n  latchhook portal-sessions list --account acct_01jgz…")]
    List {
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
        limit: usize,
    },
    /// Show a session
    #[command(
        after_help = "Example:\n  latchhook portal-sessions get ps_01jgz… --account acct_01jgz…"
    )]
    Get {
        /// Its identifier
        #[arg(value_name = "SESSION", value_parser = args::portal_session_id)]
        id: String,
    },
    /// End a session: whoever is signed in with it is signed out at once
    #[command(
        after_help = "Example:\n  latchhook portal-sessions end ps_01jgz… --account acct_01jgz…"
    )]
    End {
        /// Its identifier
        #[arg(value_name = "SESSION", value_parser = args::portal_session_id)]
        id: String,
    },
    /// Exchange a link's code for its session's token, as the dashboard does
    #[command(after_help = "Example:\n  latchhook portal-sessions redeem \
                            'https://hooks.example.com/dashboard?code=lhps_…'")]
    Redeem {
        /// The link or its code, which works once and for ten minutes; - reads it from standard
        /// input
        #[arg(value_name = "LINK|CODE|-")]
        code: String,
    },
}

fn lifetime(text: &str) -> Result<u32, String> {
    moment::seconds(text, 60, 86_400)
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.api.json;
    match args.action {
        Action::Create {
            expires_in,
            actor,
            actor_name,
            actor_email,
            capabilities,
            no_capabilities,
            return_url,
        } => {
            let client = args.api.account_client(context)?;
            let actor =
                actor.map(|id| given(json!({"id": id, "name": actor_name, "email": actor_email})));
            let capabilities = if no_capabilities { Some(vec![]) } else { capabilities };
            let body = given(json!({
                "expires_in": expires_in,
                "actor": actor,
                "capabilities": capabilities,
                "return_url": return_url,
            }));
            let session = post(&client, "/v1/portal_sessions", &body).await?;
            show::object(context, json, &session, &["url"])
        }
        Action::List { limit } => {
            let client = args.api.account_client(context)?;
            let sessions = client.list(Query::new("/v1/portal_sessions"), limit).await?;
            show::list(context, json, &sessions, COLUMNS)
        }
        Action::Get { id } => {
            let client = args.api.account_client(context)?;
            let session = get(&client, &format!("/v1/portal_sessions/{id}")).await?;
            show::object(context, json, &session, &[])
        }
        Action::End { id } => {
            let client = args.api.account_client(context)?;
            let session = delete(&client, &format!("/v1/portal_sessions/{id}")).await?;
            show::object(context, json, &session, &[])
        }
        Action::Redeem { code } => {
            let client = args.api.anonymous(context)?;
            let code = input::secret(code)?;
            let code = code.split_once("code=").map_or(&*code, |(_, code)| code);
            let body = json!({"code": code});
            let session = post(&client, "/v1/portal_sessions/redeem", &body).await?;
            show::object(context, json, &session, &["token"])
        }
    }
}
