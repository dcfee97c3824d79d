//! `latchhook events`: events and their deliveries.

mod send;

use clap::Subcommand;
use serde_json::json;

use super::{delete, get, post, show};
use crate::{
    args::{self, Window, Yes, choices},
    client::{ApiArgs, Document, Query},
    context::Context,
    failure::Failure,
    output::Table,
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook events send event.json
  jq -c '.[]' many.json | latchhook events send - --environment test
  latchhook events list --object rep_1
  latchhook events list --status exhausted --since 1d
  latchhook events resend evt_01jgz… wh_01jgz…
  latchhook events advance evt_01jgz… wh_01jgz…";

/// Arguments of `latchhook events`.
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
    /// Post events; each is on the server's disk when it is printed
    Send(send::Args),
    /// List events, newest first
    #[command(after_help = "Example:\n  latchhook events list --type report.completed --since 1h")]
    List {
        /// Only of this environment
        #[arg(long, value_parser = choices::environment())]
        environment: Option<String>,
        /// Only of this type
        #[arg(long = "type", value_name = "TYPE", value_parser = args::event_type)]
        kind: Option<String>,
        /// Only about the object with this identifier
        #[arg(long, value_name = "OBJECT_ID")]
        object: Option<String>,
        /// Only with a delivery to this webhook, wh_…
        #[arg(long, value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
        webhook: Option<String>,
        /// Only with a delivery, to --webhook if that is given, in this state
        #[arg(long, value_parser = choices::delivery_status())]
        status: Option<String>,
        /// Order by creation
        #[arg(long, value_parser = choices::order())]
        order: Option<String>,
        #[command(flatten)]
        window: Window,
        /// The most to list
        #[arg(long, value_name = "COUNT", default_value_t = 25, value_parser = args::count)]
        limit: usize,
    },
    /// Show an event, as it was posted, and its deliveries
    #[command(after_help = "Example:\n  latchhook events get evt_01jgz… --json | jq .deliveries")]
    Get {
        /// The event, evt_…
        #[arg(value_name = "EVENT_ID", value_parser = args::event_id)]
        id: String,
    },
    /// Send an event to a webhook once more, now
    #[command(after_help = "Example:\n  latchhook events resend evt_01jgz… wh_01jgz…")]
    Resend {
        /// The event, evt_…
        #[arg(value_name = "EVENT_ID", value_parser = args::event_id)]
        id: String,
        /// The webhook, wh_…; it must have subscribed to the event when that was posted
        #[arg(value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
        webhook: String,
    },
    /// Erase an event's data everywhere it is kept; it can't be sent any more
    #[command(after_help = "Example:\n  latchhook events erase evt_01jgz… --yes")]
    Erase {
        /// The event, evt_…
        #[arg(value_name = "EVENT_ID", value_parser = args::event_id)]
        id: String,
        #[command(flatten)]
        yes: Yes,
    },
    /// Make the next attempt of a delivery now, in the test environment
    #[command(after_help = "Example:\n  latchhook events advance evt_01jgz… wh_01jgz…")]
    Advance {
        /// The event, evt_…
        #[arg(value_name = "EVENT_ID", value_parser = args::event_id)]
        id: String,
        /// The webhook, wh_…
        #[arg(value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
        webhook: String,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the file has no events, or the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let json = args.api.json;
    match args.action {
        Action::Send(args) => send::run(&client, context, json, &args).await,
        Action::List { environment, kind, object, webhook, status, order, window, limit } => {
            let query = Query::new("/v1/events")
                .with("environment", environment)
                .with("type", kind)
                .with("object_id", object)
                .with("webhook_id", webhook)
                .with("status", status)
                .with("order", order);
            let query = window.of(query, system::now())?;
            list(context, json, &client.list(query, limit).await?)
        }
        Action::Get { id } => {
            let event = get(&client, &format!("/v1/events/{id}")).await?;
            show::object(context, json, &event, &["id", "type"])
        }
        Action::Resend { id, webhook } => {
            let body = json!({"webhook_id": webhook});
            let event = post(&client, &format!("/v1/events/{id}/resend"), &body).await?;
            show::object(context, json, &event, &["id", "type"])
        }
        Action::Erase { id, yes } => {
            let path = format!("/v1/events/{id}");
            if yes.has_to_ask(context, "erasing an event")? {
                let what = get(&client, &path).await?.at("/type");
                let so = "Its data is erased everywhere it is kept, and what waits is cancelled.";
                context.ask(&format!("{id} is a {what}. {so}"), "Erase it?")?;
            }
            let event = delete(&client, &path).await?;
            show::object(context, json, &event, &["id", "type", "erased_at"])
        }
        Action::Advance { id, webhook } => {
            let body = json!({"webhook_id": webhook});
            let event = post(&client, &format!("/v1/events/{id}/advance"), &body).await?;
            show::object(context, json, &event, &["id", "type"])
        }
    }
}

fn list(context: &Context, json: bool, events: &[Document]) -> Result<(), Failure> {
    if json {
        return show::list(context, json, events, &[]);
    }
    let mut table = Table::new(["ID", "TYPE", "ENVIRONMENT", "CREATED", "OBJECT", "DELIVERIES"]);
    for event in events {
        let places = ["/id", "/type", "/environment", "/created_at", "/data/object/id"];
        let cells = places.iter().map(|place| event.at(place));
        table.row(cells.chain([in_short(event)]));
    }
    Ok(context.output.table(&table)?)
}

/// Returns a summary of an event's deliveries: `1 delivered, 2 pending`.
fn in_short(event: &Document) -> String {
    #[derive(serde::Deserialize)]
    struct Event {
        deliveries: Vec<Delivery>,
    }
    #[derive(serde::Deserialize)]
    struct Delivery {
        status: String,
    }
    let deliveries = event.read::<Event>().map(|event| event.deliveries).unwrap_or_default();
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for delivery in &deliveries {
        *counts.entry(&delivery.status).or_default() += 1;
    }
    if counts.is_empty() {
        return "no webhooks".to_owned();
    }
    let parts = counts.iter().map(|(status, count)| format!("{count} {status}"));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_are_counted_by_their_status() {
        let event = |text: &str| Document::parse(text.as_bytes()).unwrap();
        let three = event(
            r#"{"deliveries":[{"status":"pending"},{"status":"delivered"},{"status":"pending"}]}"#,
        );
        assert_eq!(in_short(&three), "1 delivered, 2 pending");
        assert_eq!(in_short(&event(r#"{"deliveries":[]}"#)), "no webhooks");
    }
}
