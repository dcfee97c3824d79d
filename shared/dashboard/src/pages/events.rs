//! Pages of events: the list, and one with its deliveries and their schedule.

mod list;

use askama::Template;
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use serde_json::json;

use super::timeline::{self, Timeline, Timelines};
use crate::{
    client::{
        Refusal, encoded,
        resources::{Event, Webhook},
    },
    html::{Failure, Frame, Problems, Section, Shown, page, readable, shown, told},
    session::{Fields, Form, Portal},
    state::Page,
};

/// Adds the routes of events.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/events", get(list::list))
        .route("/dashboard/events/{id}", get(one))
        .route("/dashboard/events/{id}/resend", post(resend))
        .route("/dashboard/events/{id}/advance", post(advance))
}

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    frame: Frame<'a>,
    event: &'a Event,
    /// Related object; none where events need none, or this one has none.
    object: Option<String>,
    /// All of the data.
    data: String,
    timelines: Timelines,
    problems: Problems,
    once: String,
}

impl EventPage<'_> {
    /// Returns whether the page can change by itself: a delivery is still open.
    fn is_open(&self) -> bool {
        self.timelines.shown.iter().any(Timeline::is_open)
    }

    /// Returns whether the event can be sent to a webhook.
    fn takes(&self, id: &str) -> bool {
        let takes = |webhook: &Webhook| webhook.id == id && webhook.is_enabled();
        let may = self.event.erased_at.is_none() && self.frame.terms.writes_webhooks();
        may && self.timelines.webhooks.iter().any(takes)
    }

    /// Returns whether the next attempt of a delivery can be made ahead of its time.
    fn advances(&self, timeline: &Timeline) -> bool {
        self.event.environment == "test"
            && timeline.delivery.status == "retrying"
            && self.takes(&timeline.webhook_id)
    }
}

async fn find(portal: &Portal, id: &str) -> Result<Event, Refusal> {
    portal.api.get(&format!("/v1/events/{}", encoded(id))).await
}

async fn one(portal: Portal, Path(id): Path<String>, query: Fields) -> Shown {
    let mut event = find(&portal, &id).await?;
    let timelines = timeline::of(&portal, &mut event).await?;
    let mut event_page = event_page(&portal, &event, timelines, Problems::default());
    event_page.frame = event_page.frame.after(query.get("done"));
    shown(&event_page)
}

fn event_page<'a>(
    portal: &'a Portal,
    event: &'a Event,
    timelines: Timelines,
    problems: Problems,
) -> EventPage<'a> {
    let needs_object = portal.page.0.options.envelope.format.needs_object();
    EventPage {
        frame: Frame::new(portal, Section::Logs, &event.r#type),
        event,
        object: event.object().filter(|_| needs_object).map(|object| readable(object.get())),
        data: readable(event.data.get()),
        timelines,
        problems,
        once: portal.page.once(),
    }
}

async fn resend(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    ask(&id, form, "resend", "resent").await
}

async fn advance(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    ask(&id, form, "advance", "advanced").await
}

/// Asks for an attempt, and lands on the event's page with the notice that it is `done`.
async fn ask(id: &str, form: Form<Portal>, what: &str, done: &str) -> Shown {
    let Form { who: portal, fields } = form;
    let body = json!({ "webhook_id": fields.get("webhook_id") });
    let path = format!("/v1/events/{}/{what}", encoded(id));
    let asked: Result<Event, _> = portal.api.post_once(&path, &body, fields.get("once")).await;
    match asked {
        Ok(event) => Ok(told(&format!("/dashboard/events/{}", event.id), done)),
        Err(refusal) if refusal.code == "not_found" => Err(Failure::Refused(refusal)),
        Err(refusal) => {
            let mut event = find(&portal, id).await?;
            let timelines = timeline::of(&portal, &mut event).await?;
            let status = refusal.status;
            let problems = Problems::new(refusal, &[], 0, &portal.say().forms);
            Ok(page(status, &event_page(&portal, &event, timelines, problems)))
        }
    }
}
