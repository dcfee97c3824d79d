//! `latchhook deliveries`: numbers about deliveries.

use clap::Subcommand;

use super::{get, show};
use crate::{
    args::{self, Window, choices},
    client::{ApiArgs, Document, Query},
    context::Context,
    failure::Failure,
    output::Table,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook deliveries stats --since 1d
  latchhook deliveries stats --webhook wh_01jgz… --buckets 7 --since 7d
  latchhook deliveries health
  latchhook deliveries schedule";

/// Arguments of `latchhook deliveries`.
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
    /// Count an account's attempts over time, and what waits
    #[command(
        after_help = "Examples:\n  latchhook deliveries stats --environment live --since 1d\n  \
                            latchhook deliveries stats --webhook wh_01jgz… --since 7d --buckets 7"
    )]
    Stats {
        /// Only of this environment
        #[arg(long, value_parser = choices::environment())]
        environment: Option<String>,
        /// Only to this webhook, wh_…
        #[arg(long, value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
        webhook: Option<String>,
        #[command(flatten)]
        window: Window,
        /// Number of equal parts into which the period is cut [default: 24]
        #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=96))]
        buckets: Option<u32>,
    },
    /// Show which webhooks of the whole installation fail or are slow
    #[command(after_help = "Example:\n  latchhook deliveries health --json")]
    Health,
    /// Show when a failed delivery is tried again
    #[command(after_help = "Example:\n  latchhook deliveries schedule")]
    Schedule,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.api.json;
    match args.action {
        Action::Stats { environment, webhook, window, buckets } => {
            let query = Query::new("/v1/delivery_stats")
                .with("environment", environment)
                .with("webhook_id", webhook)
                .with("buckets", buckets.map(|count| count.to_string()));
            let query = window.of(query, system::now())?;
            let client = args.api.account_client(context)?;
            stats(context, json, &get(&client, &query.finish()).await?)
        }
        Action::Health => {
            let health = get(&args.api.client(context)?, "/v1/delivery_health").await?;
            self::health(context, json, &health)
        }
        Action::Schedule => {
            let schedule = get(&args.api.client(context)?, "/v1/retry_schedule").await?;
            show::object(context, json, &schedule, &["schedule"])
        }
    }
}

const COLUMNS: show::Columns = &[
    ("FROM", "/since"),
    ("UNTIL", "/until"),
    ("ATTEMPTS", "/attempts"),
    ("SUCCEEDED", "/succeeded"),
    ("RETRYING", "/retrying"),
    ("FAILED", "/failed"),
];

fn stats(context: &Context, json: bool, stats: &Document) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Stats {
        buckets: Vec<Document>,
    }
    if json {
        return show::list(context, json, std::slice::from_ref(stats), &[]);
    }
    let buckets = stats.read::<Stats>().map(|stats| stats.buckets).unwrap_or_default();
    show::list(context, json, &buckets, COLUMNS)?;
    if context.output.is_terminal() {
        let waiting = stats.at("/waiting/count");
        context.output.line(format_args!("Waiting to be tried again: {waiting}"))?;
    }
    Ok(())
}

/// Lists of the health report: field, title, and place of the number to show.
const LISTS: [(&str, &str, &str); 3] = [
    ("failing", "failing since", "/failing_since"),
    ("most_failing", "failed first attempts", "/failed_first_attempts"),
    ("slowest", "slowest, in ms", "/slowest_ms"),
];

fn health(context: &Context, json: bool, health: &Document) -> Result<(), Failure> {
    if json {
        return show::object(context, json, health, &[]);
    }
    let mut table = Table::new(["WEBHOOK", "URL", "ACCOUNT", "WHAT", "HOW MUCH"]);
    for (name, value) in health.fields() {
        let Some((_, what, place)) = LISTS.iter().find(|(list, ..)| *list == name) else {
            continue;
        };
        for row in serde_json::from_str::<Vec<Document>>(value.get()).unwrap_or_default() {
            let (id, url) = (row.at("/webhook_id"), row.at("/webhook_url"));
            table.row([id, url, row.at("/account_name"), (*what).to_owned(), row.at(place)]);
        }
    }
    Ok(context.output.table(&table)?)
}
