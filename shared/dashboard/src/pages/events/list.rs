//! List of events, by webhook and by what became of them.

use std::borrow::Cow;

use askama::Template;
use http::StatusCode;

use crate::{
    client::{
        Refusal, encoded,
        resources::{Event, List, Webhook},
    },
    html::{Frame, Problems, Section, Shown, page},
    pages::expiry::instant,
    session::{Fields, Portal},
    words::FormWords,
};

/// Filters, by their names in the API.
const FILTERS: &[&str] =
    &["environment", "webhook_id", "status", "type", "object_id", "since", "until"];
/// Statuses of deliveries.
const STATUSES: [&str; 5] = ["delivered", "pending", "retrying", "exhausted", "cancelled"];

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage<'a> {
    frame: Frame<'a>,
    query: &'a Fields,
    events: Vec<Event>,
    /// Link to the next page.
    next: Option<String>,
    webhooks: Vec<Webhook>,
    problems: Problems,
}

impl EventsPage<'_> {
    /// Statuses to choose from: the value of each, and its words.
    fn statuses(&self) -> [(&'static str, Cow<'_, str>); 5] {
        STATUSES.map(|status| (status, self.frame.say.common.delivery(status)))
    }

    /// Statuses of an event's deliveries: of the one to the webhook that is filtered for, or of all,
    /// each once.
    fn became<'e>(&self, event: &'e Event) -> Vec<&'e str> {
        let webhook = self.query.some("webhook_id");
        let deliveries = event.deliveries.iter();
        let shown = deliveries.filter(|one| webhook.is_none_or(|id| one.webhook_id == id));
        let mut statuses: Vec<&str> = shown.map(|delivery| delivery.status.as_str()).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// Identifier of an event's object; none if it has none.
    #[expect(clippy::unused_self, reason = "templates ask the page")]
    fn object(&self, event: &Event) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Object {
            id: String,
        }
        let object: Object = serde_json::from_str(event.object()?.get()).ok()?;
        Some(object.id)
    }

    /// Returns whether any filter is set.
    fn is_filtered(&self) -> bool {
        FILTERS.iter().any(|filter| self.query.some(filter).is_some())
    }
}

pub(super) async fn list(portal: Portal, query: Fields) -> Shown {
    let events: Result<List<Event>, Refusal> = match path(&query, &portal.say().forms) {
        Ok(path) => portal.api.get(&path).await,
        Err(refusal) => Err(refusal),
    };
    let (status, events, problems) = match events {
        Ok(events) => (StatusCode::OK, events, Problems::default()),
        Err(refusal) if refusal.status.is_server_error() => return Err(refusal.into()),
        Err(refusal) if refusal.status == StatusCode::UNAUTHORIZED => return Err(refusal.into()),
        Err(refusal) if refusal.status == StatusCode::FORBIDDEN => return Err(refusal.into()),
        Err(refusal) => {
            let none = List { data: vec![], count: None, next_href: None };
            (refusal.status, none, Problems::new(refusal, FILTERS, 0, &portal.say().forms))
        }
    };
    let next = events.next().map(|cursor| query.query(&["cursor"], &[("cursor", &cursor)]));
    let frame = Frame::new(&portal, Section::Logs, portal.say().logs.events());
    let (webhooks, events) = (crate::pages::logs::webhooks(&portal).await?, events.data);
    Ok(page(status, &EventsPage { frame, query: &query, events, next, webhooks, problems }))
}

/// Path in the API of the list that the query asks for.
fn path(query: &Fields, say: &FormWords) -> Result<String, Refusal> {
    let mut path = "/v1/events?".to_owned();
    for filter in FILTERS {
        let Some(text) = query.some(filter) else { continue };
        let value = match *filter {
            "since" | "until" => {
                let wrong = || Refusal::of(filter, &say.date());
                instant(text).ok_or_else(wrong)?.to_string()
            }
            _ => text.to_owned(),
        };
        path = format!("{path}&{filter}={}", encoded(&value));
    }
    if let Some(cursor) = query.some("cursor") {
        path = format!("{path}&cursor={}", encoded(cursor));
    }
    Ok(path)
}
