//! Page that sends a test event of any type to a webhook, with a sample of its object to change.

use askama::Template;
use axum::extract::Path;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::own::path;
use crate::{
    client::{
        Refusal, encoded,
        resources::{Event, Webhook},
    },
    html::{Frame, Problems, Section, Shown, page, readable, shown, told},
    pages::subscriptions,
    session::{Fields, Form, Portal},
};

/// Fields of the form.
const FIELDS: &[&str] = &["type", "object"];
/// Type of the plain test event, which every webhook receives.
const PING: &str = "webhook.ping";

#[derive(Template)]
#[template(path = "webhook_test.html")]
struct TestPage<'a> {
    frame: Frame<'a>,
    webhook: &'a Webhook,
    /// Types to choose from; none if none is registered.
    types: Vec<String>,
    /// Type that is chosen.
    kind: String,
    /// True if events have an object; else their whole data is written.
    has_object: bool,
    /// JSON of the object, or of the data.
    object: String,
    /// Origin of the object; none if the reader wrote it.
    origin: Option<Origin>,
    problems: Problems,
    once: String,
}

impl TestPage<'_> {
    /// Number of lines of the field, so that a short object is seen whole.
    fn rows(&self) -> usize {
        self.object.lines().count().clamp(4, 24)
    }
}

/// Sample of an object, and its origin.
#[derive(Deserialize)]
struct Sample {
    object: Box<RawValue>,
    from: Origin,
}

/// Origin of a sample.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Origin {
    Event { created_at: Timestamp },
    Schema,
    Name,
}

pub(super) async fn show(portal: Portal, Path(id): Path<String>, query: Fields) -> Shown {
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    shown(&test_page(&portal, &webhook, &query, Problems::default()).await?)
}

/// Builds the page: with a sample of the type that `input` asks for, or what it says is the object.
async fn test_page<'a>(
    portal: &'a Portal,
    webhook: &'a Webhook,
    input: &Fields,
    problems: Problems,
) -> Result<TestPage<'a>, Refusal> {
    let registered = subscriptions::registered(&portal.api).await?;
    let mut types: Vec<String> = registered.data.into_iter().map(|one| one.name).collect();
    let kind = input.some("type").map_or_else(|| usual(webhook, &types), str::to_owned);
    if !types.is_empty() {
        types.push(PING.to_owned());
        types.extend((!types.contains(&kind)).then(|| kind.clone()));
        types.sort_unstable();
    }
    let written = input.some("object").map(str::to_owned);
    let (object, origin) = match written {
        Some(written) => (written, None),
        None => sample(portal, webhook, &kind).await?,
    };
    let frame = Frame::new(portal, Section::Webhooks, portal.say().webhooks.test());
    let once = portal.page.once();
    let has_object = portal.page.0.options.envelope.format.needs_object();
    Ok(TestPage { frame, webhook, types, kind, has_object, object, origin, problems, once })
}

/// Type that a test is usually of: the first that the webhook subscribes to.
fn usual(webhook: &Webhook, types: &[String]) -> String {
    let exact = webhook.event_types.iter().find(|name| !name.contains('*'));
    let hears = |name: &&String| {
        let heard =
            |entry: &String| entry.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix));
        webhook.event_types.iter().any(heard)
    };
    let found = exact.or_else(|| types.iter().find(hears));
    found.cloned().unwrap_or_else(|| PING.to_owned())
}

/// Sample of a type, laid out; nothing if the session may not see events, as past ones make samples.
async fn sample(
    portal: &Portal,
    webhook: &Webhook,
    kind: &str,
) -> Result<(String, Option<Origin>), Refusal> {
    if kind == PING || !portal.terms.reads_logs() {
        return Ok((String::new(), None));
    }
    let path = format!("/page/webhooks/{}/sample?type={}", webhook.id, encoded(kind));
    match portal.api.get::<Sample>(&path).await {
        Ok(Sample { object, from }) => Ok((readable(object.get()), Some(from))),
        // The type is none: sending it says so.
        Err(refusal) if refusal.status.is_client_error() => Ok((String::new(), None)),
        Err(refusal) => Err(refusal),
    }
}

pub(super) async fn send(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    match sent(&portal, &id, &fields).await {
        Ok(event) => Ok(told(&format!("/dashboard/events/{}", event.id), "ping")),
        Err(refusal) => {
            let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
            let status = refusal.status;
            let problems = Problems::new(at_its_field(refusal), FIELDS, 0, &portal.say().forms);
            Ok(page(status, &test_page(&portal, &webhook, &fields, problems).await?))
        }
    }
}

/// Body of the request: the object goes as it is written.
#[derive(Serialize)]
struct Test<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
}

/// Data of the event: what was written, or that as its object.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Whole(&'a RawValue),
    Related { object: &'a RawValue },
}

async fn sent(portal: &Portal, id: &str, fields: &Fields) -> Result<Event, Refusal> {
    let written = fields.some("object").map(serde_json::from_str::<&RawValue>).transpose();
    let object = written.map_err(|why| {
        Refusal::of("object", &portal.say().forms.no_json(why.line(), why.column()))
    })?;
    let needs_object = portal.page.0.options.envelope.format.needs_object();
    let data = object.map(|written| {
        if needs_object { Data::Related { object: written } } else { Data::Whole(written) }
    });
    let body = Test { r#type: fields.some("type"), data };
    portal.api.post_once(&path(id, "/ping"), &body, fields.get("once")).await
}

/// Refusal of whatever is in the object, at the field that it was entered in.
fn at_its_field(mut refusal: Refusal) -> Refusal {
    if refusal.param.as_ref().is_some_and(|param| param.starts_with("data")) {
        refusal.param = Some("object".to_owned());
        for whole in ["data.object.", "data."] {
            refusal.message = refusal.message.replacen(whole, "", 1);
        }
    }
    refusal
}
