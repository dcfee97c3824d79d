//! Handlers of the forms on a webhook's page.

use axum::extract::Path;
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    FIELDS,
    own::{Forms, path, webhook_page},
};
use crate::{
    client::{
        Refusal,
        resources::{Event, Recovered, Webhook, WebhookSecret},
    },
    html::{Problems, Shown, page, see_other},
    pages::{expiry::instant, subscriptions},
    session::{Fields, Form, Portal},
};

/// Form of a webhook's page.
#[derive(Debug, Clone, Copy)]
enum Sent {
    Edit,
    Rotate,
    Recover,
    Delete,
    Act,
}

impl Sent {
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Edit => FIELDS,
            Self::Rotate => &["overlap_seconds"],
            Self::Recover => &["since", "until"],
            Self::Delete => &["confirm"],
            Self::Act => &[],
        }
    }
}

/// Redirects to the webhook's page if it was `done`, or shows that page again with the refusal.
async fn answered<T>(
    portal: &Portal,
    (id, fields, sent): (&str, &Fields, Sent),
    done: Result<T, Refusal>,
    next: impl FnOnce(T) -> String,
) -> Shown {
    let refusal = match done {
        Ok(done) => return Ok(see_other(&next(done))),
        Err(refusal) => refusal,
    };
    let webhook: Webhook = portal.api.get(&path(id, "")).await?;
    let status = refusal.status;
    let problems = Problems::new(refusal, sent.fields(), portal.account.webhook_quota);
    let mut forms = Forms::default();
    *match sent {
        Sent::Edit => &mut forms.edit,
        Sent::Rotate => &mut forms.rotate,
        Sent::Recover => &mut forms.recover,
        Sent::Delete => &mut forms.delete,
        Sent::Act => &mut forms.act,
    } = problems;
    Ok(page(status, &webhook_page(portal, &webhook, fields, forms).await?))
}

fn own_page(id: &str, done: &str) -> String {
    format!("/dashboard/webhooks/{}?done={done}", crate::client::encoded(id))
}

pub(super) async fn save(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let body = Value::Object(changes(&webhook, &fields));
    let saved = portal.api.send::<Webhook>(Method::PATCH, &path(&id, ""), &body).await;
    answered(&portal, (&id, &fields, Sent::Edit), saved, |_| own_page(&id, "webhook-saved")).await
}

/// Fields in which the form differs from the webhook. An unchanged URL is left out: credentials in
/// it are masked here, and would be overwritten by the mask.
fn changes(webhook: &Webhook, fields: &Fields) -> Map<String, Value> {
    let mut body = Map::new();
    let url = fields.get("webhook_url");
    if url != webhook.webhook_url {
        body.insert("webhook_url".to_owned(), json!(url));
    }
    let include = fields.some("include_object").is_some();
    if include != webhook.include_object {
        body.insert("include_object".to_owned(), json!(include));
    }
    let asked = subscriptions::asked(fields);
    if asked != webhook.event_types {
        body.insert("event_types".to_owned(), json!(asked));
    }
    let description = fields.some("description");
    if description != webhook.description.as_deref() {
        body.insert("description".to_owned(), json!(description));
    }
    body
}

async fn switch(id: &str, form: Form<Portal>, status: &str) -> Shown {
    let Form { who: portal, fields } = form;
    let body = json!({ "status": status });
    let switched = portal.api.send::<Webhook>(Method::PATCH, &path(id, ""), &body).await;
    let done = format!("webhook-{status}");
    answered(&portal, (id, &fields, Sent::Act), switched, |_| own_page(id, &done)).await
}

pub(super) async fn enable(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    switch(&id, form, "enabled").await
}

pub(super) async fn disable(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    switch(&id, form, "disabled").await
}

pub(super) async fn ping(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let once = fields.get("once");
    let sent: Result<Event, _> = portal.api.post_once(&path(&id, "/ping"), &json!({}), once).await;
    answered(&portal, (&id, &fields, Sent::Act), sent, |event| {
        format!("/dashboard/events/{}?done=ping", event.id)
    })
    .await
}

pub(super) async fn rotate(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let overlap = fields.get("overlap_seconds").parse::<u32>();
    let rotated = match overlap {
        Err(_) => Err(Refusal::of("overlap_seconds", "Choose how long both secrets sign.")),
        Ok(overlap) => {
            let body = json!({ "overlap_seconds": overlap });
            let once = fields.get("once");
            portal.api.post_once::<WebhookSecret>(&path(&id, "/rotate_secret"), &body, once).await
        }
    };
    let done = if overlap == Ok(0) { "webhook-rotated-now" } else { "webhook-rotated" };
    let next = |_| own_page(&id, done);
    answered(&portal, (&id, &fields, Sent::Rotate), rotated, next).await
}

pub(super) async fn recover(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let recovered = match window(&fields) {
        Err(refusal) => Err(refusal),
        Ok(body) => portal.api.post::<Recovered>(&path(&id, "/recover"), &body).await,
    };
    let next = |recovered: Recovered| {
        format!("/dashboard/webhooks/{id}?recovered={}#recover", recovered.count)
    };
    answered(&portal, (&id, &fields, Sent::Recover), recovered, next).await
}

/// Period that the recover form names.
fn window(fields: &Fields) -> Result<Value, Refusal> {
    let missing = || Refusal::of("since", "Choose a date and a time.");
    let mut body = json!({ "since": instant(fields.get("since")).ok_or_else(missing)? });
    if let Some(until) = fields.some("until") {
        let wrong = || Refusal::of("until", "Choose a date and a time, or leave it empty.");
        body["until"] = json!(instant(until).ok_or_else(wrong)?);
    }
    Ok(body)
}

pub(super) async fn delete(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let deleted = if fields.get("confirm") == webhook.webhook_url {
        portal.api.send::<Webhook>(Method::DELETE, &path(&id, ""), &Value::Null).await
    } else {
        Err(Refusal::of("confirm", "Write the webhook\u{2019}s URL exactly as it is shown above."))
    };
    let next = |_| "/dashboard/webhooks?done=webhook-deleted".to_owned();
    answered(&portal, (&id, &fields, Sent::Delete), deleted, next).await
}
