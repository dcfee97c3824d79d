//! Pages of webhooks.

mod change;
mod own;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use domain::Timestamp;
use serde_json::json;

use super::subscriptions::{self, Choices};
use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{DeliveryStats, List, Trouble, Webhook},
    },
    html::{Frame, Picture, Problems, Section, Shown, Times, page, shown, told},
    session::{Fields, Form, Portal},
    state::Page,
};

/// Fields of a webhook's forms.
const FIELDS: &[&str] =
    &["webhook_url", "environment", "jurisdiction", "event_types", "description"];
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
        .route("/dashboard/webhooks/{id}/recover", post(change::recover))
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
    problems: Problems,
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
        frame: Frame::new(portal, Section::Webhooks, "Webhooks").after(query.get("done")),
        rows,
        next,
        form,
        choices: Choices::new(types, &chosen, form.get("hear") != "some"),
        problems,
        once: portal.page.once(),
    })
}

/// Chart of the last 24 hours' attempts by the hour, of what `filter` selects. None if the API does
/// not answer: the page is shown without it.
pub(super) async fn picture(api: &Client, now: Timestamp, filter: &str) -> Option<Picture> {
    const HOUR: std::time::Duration = std::time::Duration::from_hours(1);
    let until = Times(now).hour().plus(HOUR);
    let since = until.minus(HOUR * 24);
    let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=24&{filter}");
    api.get::<DeliveryStats>(&path).await.ok().map(Picture::from)
}

async fn create(Form { who: portal, fields }: Form<Portal>) -> Shown {
    match created(&portal, &fields).await {
        Ok(webhook) => Ok(told(&format!("/dashboard/webhooks/{}", webhook.id), "webhook-created")),
        Err(refusal) => {
            let status = refusal.status;
            let problems = Problems::new(refusal, FIELDS, portal.account.webhook_quota);
            let nothing = Fields::default();
            Ok(page(status, &webhooks_page(&portal, &nothing, &fields, problems).await?))
        }
    }
}

/// Refuses a form that can't be right, naming each wrong field: the API names the first.
fn check(fields: &Fields) -> Result<(), Refusal> {
    let url = fields.get("webhook_url");
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let mut wrong = vec![];
    if url.is_empty() {
        wrong.push(Refusal::of("webhook_url", "Enter the URL that events are to be posted to."));
    } else if !["http", "https", "sns"].contains(&scheme.to_ascii_lowercase().as_str()) {
        let message = "Use https://. Test webhooks may use http:// as well; topics are sns://.";
        wrong.push(Refusal::of("webhook_url", message));
    }
    wrong.extend(subscriptions::wrong(&subscriptions::asked(fields)));
    if fields.get("description").chars().count() > 1024 {
        wrong.push(Refusal::of("description", "Shorten it to 1,024 characters."));
    }
    Refusal::all(wrong)
}

async fn created(portal: &Portal, fields: &Fields) -> Result<Webhook, Refusal> {
    check(fields)?;
    let mut body = json!({
        "webhook_url": fields.get("webhook_url"),
        "environment": fields.get("environment"),
        "jurisdiction": fields.get("jurisdiction"),
        "include_object": fields.some("include_object").is_some(),
        "event_types": subscriptions::asked(fields),
    });
    if let Some(description) = fields.some("description") {
        body["description"] = json!(description);
    }
    portal.api.post_once("/v1/webhooks", &body, fields.get("once")).await
}
