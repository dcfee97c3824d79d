//! Pages of webhooks.

mod change;
mod more;
mod overlap;
mod own;
mod progress;
mod retry;
mod rotation;
mod statement;
mod statuses;
mod test;

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use domain::Timestamp;
use serde_json::json;

use self::more::More;
pub(crate) use self::more::{EXAMPLE, pretty};
use super::subscriptions::{self, Choices};
use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{DeliveryStats, List, Trouble, Webhook},
    },
    html::{Frame, Picture, Problems, Section, Shown, hour, page, shown, told},
    session::{Fields, Form, Portal},
    state::Page,
    words::FormWords,
};

/// Fields of a webhook's forms.
const FIELDS: &[&str] = &[
    "webhook_url",
    "environment",
    "jurisdiction",
    "event_types",
    "description",
    "filter",
    "headers",
    "rate_limit",
    "signing_secret",
];
/// Largest number of webhooks that get a chart in the list.
const MOST_PICTURES: usize = 25;

/// Adds the routes of webhooks.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/webhooks", get(list).post(create))
        .route("/dashboard/webhooks/{id}", get(own::one).post(change::save))
        .route("/dashboard/webhooks/{id}/enable", post(change::enable))
        .route("/dashboard/webhooks/{id}/disable", post(change::disable))
        .route("/dashboard/webhooks/{id}/ping", post(change::ping))
        .route("/dashboard/webhooks/{id}/reveal", post(own::reveal))
        .route("/dashboard/webhooks/{id}/rotate", post(change::rotate))
        .route("/dashboard/webhooks/{id}/recover", post(retry::recover))
        .route("/dashboard/webhooks/{id}/test", get(test::show).post(test::send))
        .route("/dashboard/webhooks/{id}/overlap/finish", post(rotation::finish))
        .route("/dashboard/webhooks/{id}/overlap/undo", post(rotation::undo))
        .route("/dashboard/webhooks/{id}/delete", post(change::delete))
}

/// Webhook in the list.
struct Row {
    webhook: Webhook,
    picture: Option<Picture>,
}

impl Row {
    fn trouble(&self) -> Option<&Trouble> {
        self.picture.as_ref().and_then(Picture::trouble)
    }
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    next: Option<String>,
    form: &'a Fields,
    choices: Choices,
    more: More,
    problems: Problems,
    /// Time for which a delivery that fails is tried again, in words.
    retried_for: Cow<'a, str>,
    once: String,
}

async fn list(portal: Portal, query: Fields) -> Shown {
    let nothing = Fields::default();
    shown(&webhooks_page(&portal, &query, &nothing, Problems::default()).await?)
}

async fn webhooks_page<'a>(
    portal: &'a Portal,
    query: &Fields,
    form: &'a Fields,
    problems: Problems,
) -> Result<WebhooksPage<'a>, Refusal> {
    let cursor = query.some("cursor").map(|cursor| format!("?cursor={}", encoded(cursor)));
    let path = format!("/v1/webhooks{}", cursor.unwrap_or_default());
    let webhooks: List<Webhook> = portal.api.get(&path).await?;
    let next = webhooks.next().map(|cursor| format!("cursor={}", encoded(&cursor)));
    let mut rows = Vec::with_capacity(webhooks.data.len());
    for webhook in webhooks.data {
        let picture = if rows.len() < MOST_PICTURES {
            picture(&portal.api, portal.now, &format!("webhook_id={}", webhook.id)).await
        } else {
            None
        };
        rows.push(Row { webhook, picture });
    }
    let types = subscriptions::registered(&portal.api).await?;
    let chosen = if problems.any() { subscriptions::asked(form) } else { vec![] };
    Ok(WebhooksPage {
        frame: Frame::new(portal, Section::Webhooks, portal.say().webhooks.title())
            .after(query.get("done")),
        rows,
        next,
        form,
        choices: Choices::new(types, &chosen, form.get("hear") != "some"),
        more: More::sent(form),
        problems,
        retried_for: portal.say().times.length(portal.page.0.options.retried_for),
        once: portal.page.once(),
    })
}

/// Chart of the last 24 hours' attempts by the hour, of what `filter` selects. None if the API does
/// not answer: the page is shown without it.
pub(crate) async fn picture(api: &Client, now: Timestamp, filter: &str) -> Option<Picture> {
    const HOUR: std::time::Duration = std::time::Duration::from_hours(1);
    let until = hour(now).plus(HOUR);
    let since = until.minus(HOUR * 24);
    let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=24&{filter}");
    api.get::<DeliveryStats>(&path).await.ok().map(Picture::from)
}

async fn create(Form { who: portal, fields }: Form<Portal>) -> Shown {
    match created(&portal, &fields).await {
        Ok(webhook) => Ok(told(&format!("/dashboard/webhooks/{}", webhook.id), "webhook-created")),
        Err(refusal) => {
            let status = refusal.status;
            let problems = problems(&portal, refusal, FIELDS);
            let nothing = Fields::default();
            Ok(page(status, &webhooks_page(&portal, &nothing, &fields, problems).await?))
        }
    }
}

/// Error messages of a form with `names`.
fn problems(portal: &Portal, refusal: Refusal, names: &[&'static str]) -> Problems {
    Problems::new(refusal, names, portal.account.webhook_quota, &portal.say().forms)
}

/// Refuses a form that can't be right, naming each wrong field: the API names the first.
fn check(fields: &Fields, say: &FormWords) -> Result<(), Refusal> {
    let url = fields.get("webhook_url");
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let mut wrong = vec![];
    if url.is_empty() {
        wrong.push(Refusal::of("webhook_url", &say.url()));
    } else if !["http", "https", "sns"].contains(&scheme.to_ascii_lowercase().as_str()) {
        wrong.push(Refusal::of("webhook_url", &say.url_scheme()));
    }
    wrong.extend(subscriptions::wrong(&subscriptions::asked(fields), say));
    if fields.get("description").chars().count() > 1024 {
        wrong.push(Refusal::of("description", &say.too_long(1024)));
    }
    Refusal::all(wrong)
}

async fn created(portal: &Portal, fields: &Fields) -> Result<Webhook, Refusal> {
    check(fields, &portal.say().forms)?;
    let mut body = json!({
        "webhook_url": fields.get("webhook_url"),
        "environment": fields.get("environment"),
        "include_object": fields.some("include_object").is_some(),
        "event_types": subscriptions::asked(fields),
    });
    for optional in ["jurisdiction", "description", "signing", "signing_secret"] {
        if let Some(text) = fields.some(optional) {
            body[optional] = json!(text);
        }
    }
    if let Some(body) = body.as_object_mut() {
        more::add(body, fields, None, &portal.say().forms)?;
    }
    portal.api.post_once("/v1/webhooks", &body, fields.get("once")).await
}
