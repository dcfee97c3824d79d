//! `latchhook audit`: the history of an account's settings.

use super::show;
use crate::{
    args::{self, Window, choices},
    client::{ApiArgs, Query},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook audit --since 7d
  latchhook audit --subject key_01jgz…
  latchhook audit --type webhook.created --json | jq .data";

const COLUMNS: show::Columns = &[
    ("AT", "/created_at"),
    ("TYPE", "/type"),
    ("SUBJECT", "/subject"),
    ("BY", "/actor/type"),
    ("ID", "/actor/id"),
    ("FROM", "/ip"),
];

/// Arguments of `latchhook audit`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only what was done to this account, key or webhook: acct_…, key_… or wh_…
    #[arg(long, value_name = "ID", value_parser = args::subject)]
    subject: Option<String>,
    /// Only of this type, such as webhook.created
    #[arg(long = "type", value_name = "TYPE", value_parser = choices::audit_type(),
        hide_possible_values = true)]
    kind: Option<String>,
    #[command(flatten)]
    window: Window,
    /// The most to list
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = args::count)]
    limit: usize,
    #[command(flatten)]
    api: ApiArgs,
}

/// Lists the history, newest first.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let query =
        Query::new("/v1/audit_events").with("subject", args.subject).with("type", args.kind);
    let query = args.window.of(query, system::now())?;
    let events = client.list(query, args.limit).await?;
    show::list(context, args.api.json, &events, COLUMNS)
}
