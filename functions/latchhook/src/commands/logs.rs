//! `latchhook logs`: API requests and webhook deliveries.

mod filter;
mod report;
mod row;

use std::{collections::HashSet, path::PathBuf, time::Duration};

use clap::Subcommand;

use self::filter::Filter;
use super::get;
use crate::{
    args,
    client::{ApiArgs, Client, Document},
    context::Context,
    failure::Failure,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook logs --follow
  latchhook logs --status failed --since 1h
  latchhook logs --kind api_request --json | jq .path
  latchhook logs get log_01jgz…";

/// How often `--follow` asks.
const PERIOD: Duration = Duration::from_secs(1);
/// The most rows that one look of `--follow` takes.
const MOST_AT_ONCE: usize = 10_000;

/// `latchhook logs …`
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    api: ApiArgs,
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

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the server is not reached or says no.
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
    let query = args.filter.query(None, system::now())?;
    let mut rows = client.list(query, args.limit).await?;
    rows.reverse();
    row::print(context, args.api.json, &rows)?;
    if args.follow { follow(&client, context, &args, Seen::of(&rows)).await } else { Ok(()) }
}

async fn follow(
    client: &Client,
    context: &Context,
    args: &Args,
    mut seen: Seen,
) -> Result<(), Failure> {
    loop {
        system::sleep(PERIOD).await;
        let query = args.filter.query(seen.until.as_deref(), system::now())?;
        let mut rows = client.list(query, MOST_AT_ONCE).await?;
        rows.reverse();
        rows.retain(|row| seen.is_new(row));
        row::print(context, args.api.json, &rows)?;
    }
}

/// Which rows were shown: those of the newest instant by name, older ones by their time.
struct Seen {
    until: Option<String>,
    ids: HashSet<String>,
}

impl Seen {
    fn of(rows: &[Document]) -> Self {
        let mut seen = Self { until: None, ids: HashSet::new() };
        for row in rows {
            seen.is_new(row);
        }
        seen
    }

    /// Whether `row`, not older than those before it, is new; it is not the next time.
    fn is_new(&mut self, row: &Document) -> bool {
        let (id, at) = (row.at("/id"), Some(row.at("/created_at")));
        if self.until != at {
            self.until = at;
            self.ids.clear();
        }
        self.ids.insert(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_new_once_also_among_others_of_its_instant() {
        let row = |id: &str, at: &str| {
            Document::parse(format!(r#"{{"id":"{id}","created_at":"{at}"}}"#).as_bytes()).unwrap()
        };
        let mut seen = Seen::of(&[row("a", "1"), row("b", "2")]);
        assert!(!seen.is_new(&row("b", "2")));
        assert!(seen.is_new(&row("c", "2")));
        assert!(!seen.is_new(&row("c", "2")));
        assert!(seen.is_new(&row("d", "3")));
        assert_eq!(seen.until.as_deref(), Some("3"));
    }
}
