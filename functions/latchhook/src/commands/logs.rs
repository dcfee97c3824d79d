//! `latchhook logs`: API requests and webhook deliveries.

mod filter;
mod follow;
mod report;
mod row;

use std::path::PathBuf;

use clap::Subcommand;

use self::filter::Filter;
use super::get;
use crate::{args, client::ApiArgs, context::Context, failure::Failure, system};

const EXAMPLES: &str = "\
Examples:
  latchhook logs --follow
  latchhook logs --status 5xx --since 1h
  latchhook logs --object rep_1
  latchhook logs --kind api_request --json | jq .path
  latchhook logs get log_01jgz…";

/// Arguments of `latchhook logs`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    filter: Filter,
    /// The most rows of the past to show
    #[arg(long, value_name = "COUNT", default_value_t = 25, value_parser = args::count)]
    limit: usize,
    /// Go on, showing rows as they come, until interrupted
    #[arg(long, short)]
    follow: bool,
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    api: ApiArgs,
}

#[derive(Subcommand)]
enum Action {
    /// Show a log row whole: with the request, the answer and their bodies
    #[command(after_help = "Example:\n  latchhook logs get log_01jgz… --json | jq .response")]
    Get {
        /// The row, log_…
        #[arg(value_name = "LOG_ID", value_parser = args::log_id)]
        id: String,
    },
    /// Put requests to your own API into an account's log
    #[command(after_help = report::EXAMPLES)]
    Report {
        /// A file of requests, or - for standard input; sent as they are written
        #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    match &args.action {
        None => {}
        Some(_) if args.follow || args.filter.is_given() => {
            let why = "flags that choose rows of a list don't go with a subcommand of logs";
            return Err(Failure::Usage(why.to_owned()));
        }
        Some(Action::Get { id }) => {
            let row = get(&client, &format!("/v1/logs/{id}")).await?;
            return row::whole(context, args.api.json, &row);
        }
        Some(Action::Report { file }) => {
            return report::run(&client, context, args.api.json, file).await;
        }
    }
    let began = system::now();
    let query = args.filter.query(began)?;
    // Even if no past rows are to be shown, new ones are those after the newest row.
    let newest_first = client.list(query, args.limit.max(1)).await?;
    let mut rows = newest_first.clone();
    rows.truncate(args.limit);
    rows.reverse();
    row::print(context, args.api.json, &rows)?;
    if !args.follow {
        return Ok(());
    }
    let is_cut = newest_first.len() >= args.limit.max(1);
    follow::follow(&client, context, &args, began, &newest_first, is_cut).await
}
