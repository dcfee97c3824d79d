//! `latchhook logs`: API requests and webhook deliveries.

mod follow;

use serde_json::Value;

use super::show;
use crate::{
    client::{ApiArgs, Query},
    context::Context,
    failure::Failure,
    output::{Tone, harmless},
};

const EXAMPLES: &str = "\
Examples:
  latchhook logs --follow
  latchhook logs --status failed --since 2026-01-31T00:00:00Z
  latchhook logs --kind api_request --json | jq .path";

/// `latchhook logs …`
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    api: ApiArgs,
    #[command(flatten)]
    filter: Filter,
    /// The most rows of the past to show
    #[arg(long, default_value_t = 25)]
    limit: usize,
    /// Go on, showing rows as they come, until interrupted
    #[arg(long, short)]
    follow: bool,
}

#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
struct Filter {
    /// api_request or webhook_delivery; without it, what the other filters are about, or deliveries
    #[arg(long)]
    kind: Option<String>,
    /// test or live; without it, both
    #[arg(long)]
    environment: Option<String>,
    /// succeeded or failed; for requests, an HTTP status
    #[arg(long)]
    status: Option<String>,
    /// Only deliveries to this webhook, wh_…
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
    /// Only deliveries of this event, evt_…
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// Only deliveries of events of this type
    #[arg(long, value_name = "TYPE")]
    event_type: Option<String>,
    /// Only requests made with this key, key_…
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// Not before
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Not after
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Filter {
    fn query(&self, since: Option<&str>) -> Query {
        Query::new("/v1/logs")
            .with("kind", self.kind.as_ref())
            .with("environment", self.environment.as_ref())
            .with("status", self.status.as_ref())
            .with("webhook_id", self.webhook.as_ref())
            .with("event_id", self.event.as_ref())
            .with("event_type", self.event_type.as_ref())
            .with("api_key_id", self.key.as_ref())
            .with("since", since)
            .with("until", self.until.as_ref())
    }
}

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the server is not reached or says no.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let query = args.filter.query(args.filter.since.as_deref());
    // With nothing of the past to show, what is new still begins after the newest row.
    let newest_first = client.list(query, args.limit.max(1)).await?;
    let mut rows = newest_first.clone();
    rows.truncate(args.limit);
    rows.reverse();
    print(context, args.api.json, &rows)?;
    if !args.follow {
        return Ok(());
    }
    let is_cut = newest_first.len() >= args.limit.max(1);
    follow::follow(&client, context, &args, &newest_first, is_cut).await
}

fn print(context: &Context, json: bool, rows: &[Value]) -> Result<(), Failure> {
    for row in rows {
        if json {
            context.output.json(row)?;
        } else {
            context.output.line(line(context, row))?;
        }
    }
    Ok(())
}

fn line(context: &Context, row: &Value) -> String {
    let at = |place| harmless(&show::cell(row.pointer(place)));
    let what = if row["kind"] == "api_request" {
        let good = row["status"].as_u64().is_some_and(|status| status < 400);
        let (status, code) = (paint(context, good, at("/status")), at("/error_code"));
        format!("{status}  {} {}  {}  {code}", at("/method"), at("/path"), at("/api_key_id"))
    } else {
        let status = paint(context, row["status"] == "succeeded", at("/status"));
        let outcome = [at("/response_status"), at("/error/code")].concat();
        let (kind, event, webhook) = (at("/event_type"), at("/event_id"), at("/webhook_id"));
        format!("{status} {outcome}  {kind}  {event}  {webhook}  attempt {}", at("/attempt"))
    };
    let when = context.output.paint(Tone::Quiet, at("/created_at"));
    format!("{when}  {}  {} ms", what.trim_end(), at("/duration_ms"))
}

fn paint(context: &Context, good: bool, text: String) -> String {
    context.output.paint(if good { Tone::Good } else { Tone::Bad }, text)
}
