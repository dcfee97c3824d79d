//! Page of one webhook.

use askama::Template;
use axum::extract::Path;
use http::HeaderMap;
use serde_json::json;

use super::picture;
use crate::{
    client::{
        Refusal, encoded,
        resources::{Attempt, List, Trouble, Webhook, WebhookSecret},
    },
    html::{Frame, Notice, Picture, Problems, Section, Shown, shown},
    pages::{
        retries,
        secret::SecretPage,
        snippets::{SNIPPETS, Snippet},
        subscriptions::{self, Choices},
    },
    session::{Fields, Form, Portal},
};

/// Number of newest attempts that the page shows.
const RECENT: usize = 10;

#[derive(Template)]
#[template(path = "webhook.html")]
pub(super) struct WebhookPage<'a> {
    frame: Frame<'a>,
    webhook: &'a Webhook,
    picture: Option<Picture>,
    /// Number of events that a disabled webhook has missed, in words.
    missed: Option<String>,
    /// Newest attempts; none if the session may not see them.
    recent: Option<List<Attempt>>,
    choices: Choices,
    /// Input of the form that was refused.
    form: &'a Fields,
    problems: Forms,
    snippets: &'static [Snippet],
    once: String,
}

/// Error messages, by form.
#[derive(Default)]
pub(super) struct Forms {
    pub(super) edit: Problems,
    pub(super) rotate: Problems,
    pub(super) recover: Problems,
    pub(super) delete: Problems,
    /// Buttons without fields: enable, disable, test.
    pub(super) act: Problems,
}

impl WebhookPage<'_> {
    fn trouble(&self) -> Option<&Trouble> {
        self.picture.as_ref().and_then(Picture::trouble)
    }

    /// Value of a field of the edit form: the input if it was refused, otherwise the current value.
    fn edited<'a>(&'a self, field: &str, current: &'a str) -> &'a str {
        if self.problems.edit.any() { self.form.get(field) } else { current }
    }

    fn includes_object(&self) -> bool {
        if self.problems.edit.any() {
            self.form.some("include_object").is_some()
        } else {
            self.webhook.include_object
        }
    }
}

/// Path of a webhook in the API.
pub(super) fn path(id: &str, verb: &str) -> String {
    format!("/v1/webhooks/{}{verb}", encoded(id))
}

pub(super) async fn one(portal: Portal, Path(id): Path<String>, query: Fields) -> Shown {
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let form = Fields::default();
    let mut webhook_page = webhook_page(&portal, &webhook, &form, Forms::default()).await?;
    webhook_page.frame = webhook_page.frame.after(query.get("done"));
    if let ("recovered", Ok(count)) = (query.get("done"), query.get("recovered").parse()) {
        webhook_page.frame.notice = Some(Notice::recovered(count));
    }
    shown(&webhook_page)
}

pub(super) async fn webhook_page<'a>(
    portal: &'a Portal,
    webhook: &'a Webhook,
    form: &'a Fields,
    problems: Forms,
) -> Result<WebhookPage<'a>, Refusal> {
    let id = &webhook.id;
    let recent = if portal.terms.reads_logs() {
        let path = format!("/v1/logs?kind=webhook_delivery&webhook_id={id}&per_page={RECENT}");
        let mut recent: List<Attempt> = portal.api.get(&path).await?;
        retries::settle(&mut recent.data, std::slice::from_ref(webhook));
        Some(recent)
    } else {
        None
    };
    let types = subscriptions::registered(&portal.api).await?;
    let choices = if problems.edit.any() {
        Choices::new(types, &subscriptions::asked(form), form.get("hear") == "all")
    } else {
        let all = webhook.event_types.iter().any(|name| name == "*");
        Choices::new(types, &webhook.event_types, all)
    };
    let mut frame = Frame::new(portal, Section::Webhooks, &webhook.webhook_url);
    // The page says itself how its own webhook fares.
    frame.alarms.retain(|alarm| alarm.webhook_id != *id);
    Ok(WebhookPage {
        frame,
        webhook,
        picture: picture(&portal.api, portal.now, &format!("webhook_id={id}")).await,
        missed: missed(portal, webhook).await,
        recent,
        choices,
        form,
        problems,
        snippets: &SNIPPETS,
        once: portal.page.once(),
    })
}

/// Says what a disabled webhook has missed. None if it is enabled, or if that can't be told.
async fn missed(portal: &Portal, webhook: &Webhook) -> Option<String> {
    if webhook.is_enabled() || !portal.terms.reads_logs() {
        return None;
    }
    let path = format!("/v1/events?webhook_id={}&status=cancelled&per_page=100", webhook.id);
    let missed: List<Missed> = portal.api.get(&path).await.ok()?;
    let more = if missed.next_href.is_some() { " or more" } else { "" };
    Some(match missed.data.len() {
        0 => "It has missed nothing yet. What is posted from now on can be recovered once it is \
              enabled."
            .to_owned(),
        1 => "It has missed 1 event. Enable it, then recover that.".to_owned(),
        count => {
            format!("It has missed {count}{more} events. Enable it, then recover them.")
        }
    })
}

/// Event that was missed, of which only the number counts.
#[derive(serde::Deserialize)]
struct Missed {}

pub(super) async fn reveal(
    Path(id): Path<String>,
    headers: HeaderMap,
    Form { who: portal, .. }: Form<Portal>,
) -> Shown {
    let secret: WebhookSecret = portal.api.post(&path(&id, "/reveal_secret"), &json!({})).await?;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let shown = SecretPage {
        frame: Frame::new(&portal, Section::Webhooks, &webhook.webhook_url),
        what: "Signing secret",
        of: &webhook.webhook_url,
        advice: "Your receiver verifies deliveries with it. Anyone who has it can forge deliveries.",
        secret: &secret.signing_secret,
        back: format!("/dashboard/webhooks/{}#secret", webhook.id),
    };
    Ok(shown.answer(&headers))
}
