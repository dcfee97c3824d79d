//! `latchhook events`: what happened, on its way to whoever wants to know.

use std::{io::Read as _, path::PathBuf};

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::show;
use crate::{
    client::{ApiArgs, Call, Client, Query},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook events send event.json
  jq -c '.[]' many.json | latchhook events send - --environment test
  latchhook events list --type report.completed
  latchhook events resend evt_01… wh_01…

A file holds one event as the API takes it, an array of them, or one a line:
  {\"type\":\"report.completed\",\"environment\":\"test\",\"data\":{\"object\":{\"id\":\"1\",\"object\":\"report\"}}}";

const COLUMNS: show::Columns = &[
    ("ID", "/id"),
    ("TYPE", "/type"),
    ("ENVIRONMENT", "/environment"),
    ("CREATED", "/created_at"),
    ("OBJECT", "/data/object/id"),
    ("DELIVERIES", "/deliveries_in_short"),
];

/// `latchhook events …`
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
    /// Post events; each is durable when it is printed
    Send {
        /// A file of events, or - for standard input
        file: PathBuf,
        /// The environment of events that name none
        #[arg(long)]
        environment: Option<String>,
        /// Makes a repeated run send nothing twice: event N has the idempotency key PREFIX-N
        #[arg(long, value_name = "PREFIX")]
        idempotency_prefix: Option<String>,
    },
    /// List events, newest first
    List {
        /// test or live; without it, both
        #[arg(long)]
        environment: Option<String>,
        /// Only of this type
        #[arg(long = "type")]
        kind: Option<String>,
        /// Not before
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Not after
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// The most to list
        #[arg(long, default_value_t = 25)]
        limit: usize,
    },
    /// Show one event and its deliveries
    Get {
        /// The event, evt_…
        id: String,
    },
    /// Send an event to a webhook once more, now
    Resend {
        /// The event, evt_…
        id: String,
        /// The webhook, wh_…
        webhook: String,
    },
}

/// Does what `args` say.
///
/// # Errors
/// [`Failure`], when the file is not of events, the server is not reached, or says no.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.account_client(context)?;
    let json = args.api.json;
    match args.action {
        Action::Send { file, environment, idempotency_prefix } => {
            let mut events = read(&file)?;
            default_environment(&mut events, environment.as_deref());
            send(&client, context, json, &events, idempotency_prefix.as_deref()).await
        }
        Action::List { environment, kind, since, until, limit } => {
            let query = Query::new("/v1/events")
                .with("environment", environment)
                .with("type", kind)
                .with("since", since)
                .with("until", until);
            let mut events = client.list(query, limit).await?;
            if !json {
                events.iter_mut().for_each(shorten);
            }
            show::list(context, json, &events, COLUMNS)
        }
        Action::Get { id } => {
            let event = client.get(&format!("/v1/events/{id}")).await?;
            show::object(context, json, &event)
        }
        Action::Resend { id, webhook } => {
            let body = json!({"webhook_id": webhook});
            let event = client.post(&format!("/v1/events/{id}/resend"), &body).await?;
            show::object(context, json, &event)
        }
    }
}

async fn send(
    client: &Client,
    context: &Context,
    json: bool,
    events: &[Value],
    prefix: Option<&str>,
) -> Result<(), Failure> {
    for (number, event) in events.iter().enumerate() {
        let key = prefix.map(|prefix| format!("{prefix}-{}", number + 1));
        let call = Call::with(event);
        let call = match &key {
            Some(key) => call.once(key),
            None => call,
        };
        let mut accepted = client.call(Method::POST, "/v1/events", call).await.map_err(|why| {
            let done = format!("event {} of {} was not accepted", number + 1, events.len());
            prefixed(&done, why.into())
        })?;
        if json {
            context.output.json(&accepted)?;
        } else {
            shorten(&mut accepted);
            let at = |place| show::cell(accepted.pointer(place));
            let (id, kind, to) = (at("/id"), at("/type"), at("/deliveries_in_short"));
            context.output.line(format_args!("{id}  {kind}  {to}"))?;
        }
    }
    Ok(())
}

/// The failure, and what was being done.
fn prefixed(what: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Failed(why) => Failure::Failed(format!("{what}: {why}")),
        Failure::Usage(why) => Failure::Usage(format!("{what}: {why}")),
        Failure::Unreachable(why) => Failure::Unreachable(format!("{what}: {why}")),
        Failure::OutputClosed => Failure::OutputClosed,
    }
}

/// Adds `2 pending, 1 delivered`, for a table's cell.
fn shorten(event: &mut Value) {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for delivery in event["deliveries"].as_array().into_iter().flatten() {
        *counts.entry(delivery["status"].as_str().unwrap_or_default()).or_default() += 1;
    }
    let parts: Vec<String> =
        counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
    let short = if parts.is_empty() { "no webhooks".to_owned() } else { parts.join(", ") };
    event["deliveries_in_short"] = Value::String(short);
}

fn read(file: &PathBuf) -> Result<Vec<Value>, Failure> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|why| Failure::Usage(format!("{}: {why}", file.display())))?;
    events(&text).map_err(|why| Failure::Usage(format!("{}: {why}", file.display())))
}

/// One event, an array of them, an object that has them in `events`, or one a line (any JSON values
/// one after the other).
fn events(text: &str) -> Result<Vec<Value>, String> {
    let mut events = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter() {
        match value.map_err(|why| why.to_string())? {
            Value::Array(items) => events.extend(items),
            Value::Object(mut file) if file.get("events").is_some_and(Value::is_array) => {
                if let Some(Value::Array(items)) = file.remove("events") {
                    events.extend(items);
                }
            }
            value => events.push(value),
        }
    }
    if events.is_empty() {
        return Err("there is no event in it".to_owned());
    }
    match events.iter().position(|event| !event.is_object()) {
        Some(place) => Err(format!("event {} is not a JSON object", place + 1)),
        None => Ok(events),
    }
}

fn default_environment(events: &mut [Value], environment: Option<&str>) {
    let Some(environment) = environment else { return };
    for event in events {
        if event["environment"].is_null() {
            event["environment"] = Value::String(environment.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_an_array_or_lines_are_all_events() {
        let one = json!({"type": "a"});
        assert_eq!(events(r#"{"type":"a"}"#), Ok(vec![one.clone()]));
        assert_eq!(events(r#"[{"type":"a"},{"type":"a"}]"#), Ok(vec![one.clone(), one.clone()]));
        assert_eq!(events(r#"{"about":"x","events":[{"type":"a"}]}"#), Ok(vec![one.clone()]));
        assert_eq!(events("{\"type\":\"a\"}\n{\"type\":\"a\"}\n"), Ok(vec![one.clone(), one]));
    }

    #[test]
    fn what_is_not_events_is_told_where() {
        assert_eq!(events(" "), Err("there is no event in it".to_owned()));
        assert_eq!(events("[{}, 1]"), Err("event 2 is not a JSON object".to_owned()));
        assert!(events("{\"type\":").unwrap_err().contains("line 1 column 8"));
    }

    #[test]
    fn only_events_without_an_environment_get_the_default() {
        let mut events = vec![json!({}), json!({"environment": "live"})];
        default_environment(&mut events, Some("test"));
        assert_eq!(events, [json!({"environment": "test"}), json!({"environment": "live"})]);
    }
}
