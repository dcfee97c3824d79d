//! Page of one operational webhook.

use askama::Template;
use axum::extract::Path;
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    FIELDS, PATH, chart, check, own,
    types::{Choice, asked, choices},
};
use crate::{
    client::{
        Refusal, encoded,
        resources::{Attempt, List, Trouble, Webhook},
    },
    html::{OperatorFrame, OperatorSection, Picture, Problems, Shown, page, shown, told},
    pages::retries,
    session::{Fields, Form, Operator},
};

/// Number of newest attempts that the page shows.
const RECENT: usize = 10;

#[derive(Template)]
#[template(path = "operator_webhook_own.html")]
struct WebhookPage<'a> {
    frame: OperatorFrame<'a>,
    webhook: &'a Webhook,
    picture: Option<Picture>,
    /// Newest attempts; none if the operator may not see them.
    recent: Option<List<Attempt>>,
    choices: Vec<Choice<'a>>,
    /// Input of the form that was refused.
    form: &'a Fields,
    problems: Forms,
    once: String,
}

/// Error messages, by form.
#[derive(Default)]
struct Forms {
    edit: Problems,
    rotate: Problems,
    delete: Problems,
}

/// Form of the page.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sent {
    Edit,
    Rotate,
    Delete,
}

impl WebhookPage<'_> {
    fn trouble(&self) -> Option<&Trouble> {
        self.picture.as_ref().and_then(Picture::trouble)
    }

    /// Value of a field of the form: the input if it was refused, otherwise the current value.
    fn edited<'a>(&'a self, field: &str, current: &'a str) -> &'a str {
        if self.problems.edit.any() { self.form.get(field) } else { current }
    }
}

/// Path of a webhook in the API.
pub(super) fn path(id: &str) -> String {
    format!("{PATH}/{}", encoded(id))
}

pub(super) async fn one(operator: Operator, Path(id): Path<String>, query: Fields) -> Shown {
    let webhook: Webhook = operator.api.get(&path(&id)).await?;
    let form = Fields::default();
    let mut webhook_page = webhook_page(&operator, &webhook, &form, Forms::default()).await?;
    webhook_page.frame = webhook_page.frame.after(query.get("done"));
    shown(&webhook_page)
}

async fn webhook_page<'a>(
    operator: &'a Operator,
    webhook: &'a Webhook,
    form: &'a Fields,
    problems: Forms,
) -> Result<WebhookPage<'a>, Refusal> {
    let say = &operator.page.say().operational;
    let chosen = if problems.edit.any() { asked(form) } else { webhook.event_types.clone() };
    Ok(WebhookPage {
        frame: OperatorFrame::new(operator, OperatorSection::Webhooks, &webhook.webhook_url),
        webhook,
        picture: chart(operator, webhook).await,
        recent: recent(operator, webhook).await?,
        choices: choices(&chosen, say),
        form,
        problems,
        once: operator.page.once(),
    })
}

async fn recent(operator: &Operator, webhook: &Webhook) -> Result<Option<List<Attempt>>, Refusal> {
    if !operator.may.reads_logs() {
        return Ok(None);
    }
    let id = &webhook.id;
    let path = format!("/v1/logs?kind=webhook_delivery&webhook_id={id}&per_page={RECENT}");
    let mut recent: List<Attempt> = own(operator).get(&path).await?;
    retries::settle(&mut recent.data, std::slice::from_ref(webhook));
    Ok(Some(recent))
}

/// Shows the webhook's page again, with the refusal at the form that was sent.
pub(super) async fn again(
    operator: &Operator,
    (id, fields, sent): (&str, &Fields, Sent),
    refusal: Refusal,
) -> Shown {
    let webhook: Webhook = operator.api.get(&path(id)).await?;
    let status = refusal.status;
    let mut forms = Forms::default();
    let (form, names): (_, &[&str]) = match sent {
        Sent::Edit => (&mut forms.edit, FIELDS),
        Sent::Rotate => (&mut forms.rotate, &["overlap_seconds"]),
        Sent::Delete => (&mut forms.delete, &["confirm"]),
    };
    *form = Problems::new(refusal, names, 0, &operator.page.say().forms);
    Ok(page(status, &webhook_page(operator, &webhook, fields, forms).await?))
}

pub(super) async fn save(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let webhook: Webhook = operator.api.get(&path(&id)).await?;
    match saved(&operator, &webhook, &fields).await {
        Ok(webhook) => Ok(told(&format!("/operator/webhooks/{}", webhook.id), "webhook-saved")),
        Err(refusal) => again(&operator, (&id, &fields, Sent::Edit), refusal).await,
    }
}

async fn saved(
    operator: &Operator,
    webhook: &Webhook,
    fields: &Fields,
) -> Result<Webhook, Refusal> {
    check(operator, fields)?;
    let changes = Value::Object(changes(webhook, fields));
    operator.api.send(Method::PATCH, &path(&webhook.id), &changes).await
}

/// Fields in which the form differs from the webhook. An unchanged URL is left out: credentials in
/// it are masked here, and would be overwritten by the mask.
fn changes(webhook: &Webhook, fields: &Fields) -> Map<String, Value> {
    let mut body = Map::new();
    let url = fields.get("webhook_url");
    if url != webhook.webhook_url {
        body.insert("webhook_url".to_owned(), json!(url));
    }
    let asked = asked(fields);
    if asked != webhook.event_types {
        body.insert("event_types".to_owned(), json!(asked));
    }
    let description = fields.some("description");
    if description != webhook.description.as_deref() {
        body.insert("description".to_owned(), json!(description));
    }
    let status = fields.get("status");
    if status != webhook.status {
        body.insert("status".to_owned(), json!(status));
    }
    body
}

pub(super) async fn delete(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let webhook: Webhook = operator.api.get(&path(&id)).await?;
    let deleted = if fields.get("confirm") == webhook.webhook_url {
        operator.api.send::<Webhook>(Method::DELETE, &path(&id), &Value::Null).await
    } else {
        Err(Refusal::of("confirm", &operator.page.say().forms.confirm_url()))
    };
    match deleted {
        Ok(_) => Ok(told("/operator/webhooks", "webhook-deleted")),
        Err(refusal) => again(&operator, (&id, &fields, Sent::Delete), refusal).await,
    }
}
