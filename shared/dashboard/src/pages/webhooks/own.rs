//! Page of one webhook.

use std::borrow::Cow;

use askama::Template;
use axum::extract::Path;
use http::HeaderMap;
use serde_json::json;

use super::{
    more::More, overlap::Overlap, picture, progress::Progress, statement::StatementCard,
    statuses::choices,
};
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
    missed: Option<Cow<'a, str>>,
    /// Newest attempts; none if the session may not see them.
    recent: Option<List<Attempt>>,
    choices: Choices,
    more: More,
    /// Input of the form that was refused.
    form: &'a Fields,
    problems: Forms,
    snippets: &'static [Snippet],
    /// Prefix of the headers that the snippets read.
    signature_prefix: &'a str,
    /// Progress of what is queued again.
    progress: Option<Progress>,
    /// Statement of what was meant for the webhook.
    statement: StatementCard,
    /// Overlap of the signing secrets.
    overlap: Option<Overlap>,
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

    /// Statuses that a retry can take up, each in words.
    fn choices(&self) -> [(&'static str, Cow<'_, str>); 3] {
        choices(&self.frame.say.webhooks)
    }

    /// Returns whether deliveries are being retried.
    fn is_running(&self) -> bool {
        self.progress.as_ref().is_some_and(Progress::is_running)
    }

    /// Returns whether the form for a retry of some deliveries ticks those of `status`.
    fn retries(&self, status: &str) -> bool {
        !self.problems.recover.any() || self.form.all("include").contains(&status)
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
    let picture = webhook_page.picture.as_ref();
    webhook_page.statement = StatementCard::read(&portal, &webhook, picture, &query).await;
    webhook_page.frame = webhook_page.frame.after(query.get("done"));
    if webhook.is_enabled() {
        webhook_page.progress = Progress::read(&portal, &webhook, &query).await;
    }
    if let ("recovered", Ok(count)) = (query.get("done"), query.get("recovered").parse()) {
        webhook_page.frame.notice = Some(Notice::recovered(count, portal.say()));
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
    let more = if problems.edit.any() { More::sent(form) } else { More::of(webhook) };
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
        more,
        form,
        problems,
        // They verify by a secret.
        snippets: if webhook.is_asymmetric() { &[] } else { &SNIPPETS },
        signature_prefix: portal.page.0.options.envelope.signature_headers.first(),
        progress: None,
        statement: StatementCard::unasked(),
        overlap: Overlap::read(portal, id).await,
        once: portal.page.once(),
    })
}

/// Says what a disabled webhook has missed. None if it is enabled, or if that can't be told.
async fn missed<'a>(portal: &'a Portal, webhook: &Webhook) -> Option<Cow<'a, str>> {
    if webhook.is_enabled() || !portal.terms.reads_logs() {
        return None;
    }
    let path = format!("/v1/events?webhook_id={}&status=cancelled&per_page=100", webhook.id);
    let missed: List<Missed> = portal.api.get(&path).await.ok()?;
    let say = &portal.say().webhooks;
    Some(match missed.data.len() {
        count if missed.next_href.is_some() => say.missed_at_least(count),
        0 => say.missed_nothing(),
        1 => say.missed_one(),
        count => say.missed(count),
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
    let say = &portal.say().webhooks;
    let shown = SecretPage {
        frame: Frame::new(&portal, Section::Webhooks, &webhook.webhook_url),
        what: if webhook.is_asymmetric() { say.public_key() } else { say.signing_secret() },
        of: Cow::Borrowed(&webhook.webhook_url),
        advice: if webhook.is_asymmetric() { say.public_key_advice() } else { say.secret_advice() },
        secret: &secret.signing_secret,
        back: format!("/dashboard/webhooks/{}#secret", webhook.id),
    };
    Ok(shown.answer(&headers))
}
