//! `latchhook events send`: posts events to the server byte for byte as they are given.

mod batches;

use std::path::PathBuf;

use http::Method;
use serde::Serialize;
use serde_json::value::RawValue;

use super::in_short;
use crate::{
    args::{self, choices},
    client::{Call, Client, Document},
    commands::input,
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook events send event.json
  latchhook events send many.jsonl --environment test --idempotency-prefix import-7 --batch
  latchhook events send --type report.completed --environment test \\
    --data '{\"object\":{\"id\":\"1\",\"object\":\"report\"}}'

A file holds one event as the API takes it, a list of them, or one after the other:
  {\"type\":\"report.completed\",\"environment\":\"test\",\"data\":{\"object\":{\"id\":\"1\",\"object\":\"report\"}}}

Every event is sent as it is written: numbers, the order of keys, and names that stand twice, which
the server refuses.";

/// Field of an event in a batch.
const KEY: &str = "idempotency_key";

/// Arguments of `latchhook events send`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A file of events, or - for standard input
    #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath,
        required_unless_present = "data", conflicts_with = "data")]
    file: Option<PathBuf>,
    /// The environment of events that name none
    #[arg(long, value_parser = choices::environment())]
    environment: Option<String>,
    /// The type of the one event that --data is of
    #[arg(long = "type", value_name = "TYPE", value_parser = args::event_type, requires = "data",
        conflicts_with = "file")]
    kind: Option<String>,
    /// The data of one event, as JSON
    #[arg(long, value_name = "JSON", value_parser = json, requires = "kind")]
    data: Option<Document>,
    /// The jurisdiction of events that name none
    #[arg(long, value_name = "CODE", value_parser = choices::jurisdiction)]
    jurisdiction: Option<String>,
    /// Make a repeated run send nothing twice: event N has the idempotency key PREFIX-N
    #[arg(long, value_name = "PREFIX")]
    idempotency_prefix: Option<String>,
    /// Post up to a hundred events at a time: of each hundred all are accepted, or none
    #[arg(long)]
    batch: bool,
}

fn json(text: &str) -> Result<Document, String> {
    let parsed: Result<Document, _> = serde_json::from_str(text);
    parsed.map_err(|why| format!("must be JSON: {why}"))
}

/// Posts the events.
///
/// # Errors
/// [`Failure`], when the file has no events, or the server does not accept one of them.
pub(super) async fn run(
    client: &Client,
    context: &Context,
    json: bool,
    args: &Args,
) -> Result<(), Failure> {
    let events = events(args)?;
    let key = |number: usize| {
        args.idempotency_prefix.as_ref().map(|prefix| format!("{prefix}-{}", number + 1))
    };
    if args.batch {
        let keyed = |(number, event): (usize, &String)| match key(number) {
            Some(key) => with_first(event, KEY, &key),
            None => event.clone(),
        };
        let events: Vec<String> = events.iter().enumerate().map(keyed).collect();
        return batches::run(client, context, json, &events).await;
    }
    for (number, event) in events.iter().enumerate() {
        let key = key(number);
        let call = Call::text(event.clone());
        let call = match &key {
            Some(key) => call.once(key),
            None => call,
        };
        let accepted = client.ask(Method::POST, "/v1/events", call).await.map_err(|why| {
            let what = format!("event {} of {} was not accepted", number + 1, events.len());
            Failure::from(why).during(&what)
        })?;
        told(context, json, &accepted)?;
    }
    Ok(())
}

/// Prints an event that was accepted.
fn told(context: &Context, json: bool, accepted: &Document) -> Result<(), Failure> {
    if json {
        context.output.json_text(accepted.text())?;
    } else {
        let (id, kind) = (accepted.at("/id"), accepted.at("/type"));
        context.output.line(format_args!("{id}  {kind}  {}", in_short(accepted)))?;
    }
    Ok(())
}

/// Returns the text of every event.
fn events(args: &Args) -> Result<Vec<String>, Failure> {
    let mut usual = Vec::new();
    for (name, value) in [("environment", &args.environment), ("jurisdiction", &args.jurisdiction)]
    {
        usual.extend(value.as_deref().map(|value| (name, value)));
    }
    let events = match (&args.file, &args.kind, &args.data) {
        (Some(file), ..) => {
            let wrong = |why| Failure::Usage(format!("{}: {why}", file.display()));
            input::objects(&input::json(file)?, "events").map_err(wrong)?
        }
        (None, Some(kind), Some(data)) => vec![one(kind, data)?],
        _ => return Err(Failure::Usage("a file of events, or --type and --data".to_owned())),
    };
    Ok(events.iter().map(|event| with_usual(event, &usual)).collect())
}

fn one(kind: &str, data: &Document) -> Result<Document, Failure> {
    #[derive(Serialize)]
    struct Event<'a> {
        r#type: &'a str,
        data: &'a Document,
    }
    let text = serde_json::value::to_raw_value(&Event { r#type: kind, data });
    let text = text.map_err(|why| Failure::of("--data", why))?;
    Document::parse(RawValue::get(&text).as_bytes())
        .ok_or_else(|| Failure::Usage("--data is not JSON".to_owned()))
}

/// Returns the text of an event, with those of the `usual` fields that it lacks put before its own.
fn with_usual(event: &Document, usual: &[(&str, &str)]) -> String {
    let fields = event.fields();
    let mut text = event.text().to_owned();
    for (name, value) in usual {
        if fields.iter().all(|(found, _)| found != name) {
            text = with_first(&text, name, value);
        }
    }
    text
}

/// Returns the text of an object with one more field in front.
fn with_first(text: &str, name: &str, value: &str) -> String {
    let rest = &text[1..];
    let gap = if rest.trim_start().starts_with('}') { "" } else { "," };
    format!("{{\"{name}\":{}{gap}{rest}", serde_json::Value::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let event = Document::parse(text.as_bytes()).unwrap();
        with_usual(&event, &[("environment", "test"), ("jurisdiction", "CA")])
    }

    #[test]
    fn only_missing_fields_are_added_to_an_event() {
        let text = r#"{"z": 1.10,"environment":"live", "z":1,"jurisdiction":"US"}"#;
        assert_eq!(filled(text), text);
        assert_eq!(
            filled(r#"{"environ\u006dent":null, "n":12345678901234567890123}"#),
            r#"{"jurisdiction":"CA","environ\u006dent":null, "n":12345678901234567890123}"#
        );
        assert_eq!(filled("{}"), r#"{"jurisdiction":"CA","environment":"test"}"#);
        assert_eq!(filled("{ }"), r#"{"jurisdiction":"CA","environment":"test" }"#);
    }

    #[test]
    fn data_on_the_command_line_is_sent_as_it_is_written() {
        let data = r#"{"z":1.10, "a":12345678901234567890123,"z":"\u0041"}"#;
        let event = one("report.completed", &json(data).unwrap()).unwrap();
        assert_eq!(event.text(), format!(r#"{{"type":"report.completed","data":{data}}}"#));
        assert!(json("{").unwrap_err().contains("must be JSON"));
    }
}
