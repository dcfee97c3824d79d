//! Handlers of the forms on a webhook's page.

use axum::extract::Path;
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    FIELDS,
    own::{Forms, path, webhook_page},
    picture,
};
use crate::{
    client::{
        Refusal,
        resources::{Event, Recovered, Webhook, WebhookSecret},
    },
    html::{Frame, Problems, Section, Shown, page, shown, told},
    pages::{
        confirm::{Confirm, is_sure},
        expiry::instant,
        subscriptions,
    },
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
    next: impl FnOnce(T) -> (String, &'static str),
) -> Shown {
    let refusal = match done {
        Ok(done) => {
            let (path, done) = next(done);
            return Ok(told(&path, done));
        }
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

/// Address of the webhook's page, and what was done.
fn own_page(id: &str, done: &'static str) -> (String, &'static str) {
    (format!("/dashboard/webhooks/{}", crate::client::encoded(id)), done)
}

pub(super) async fn save(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let body = Value::Object(changes(&webhook, &fields));
    let saved = match super::check(&fields) {
        Err(refusal) => Err(refusal),
        Ok(()) => portal.api.send::<Webhook>(Method::PATCH, &path(&id, ""), &body).await,
    };
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

async fn switch(
    id: &str,
    Form { who: portal, fields }: Form<Portal>,
    (status, done): (&str, &'static str),
) -> Shown {
    let body = json!({ "status": status });
    let switched = portal.api.send::<Webhook>(Method::PATCH, &path(id, ""), &body).await;
    answered(&portal, (id, &fields, Sent::Act), switched, |_| own_page(id, done)).await
}

pub(super) async fn enable(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    switch(&id, form, ("enabled", "webhook-enabled")).await
}

pub(super) async fn disable(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    if !is_sure(&form.fields) {
        let Form { who: portal, fields } = form;
        let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
        let waiting = picture(&portal.api, portal.now, &format!("webhook_id={}", webhook.id)).await;
        let waiting = waiting.and_then(|picture| picture.waiting);
        let cancelled = waiting.map_or_else(
            || "Whatever still waits for a retry is cancelled.".to_owned(),
            |waiting| format!("What is cancelled: {waiting}."),
        );
        return shown(&Confirm {
            title: "Disable this webhook?",
            what: &webhook.webhook_url,
            told: &[
                &cancelled,
                "Events that are posted meanwhile are missed. Both can be recovered \
                     once it is enabled again.",
            ],
            action: format!("/dashboard/webhooks/{}/disable", webhook.id),
            back: format!("/dashboard/webhooks/{}", webhook.id),
            button: "Disable it",
            fields: &fields,
            frame: Frame::new(&portal, Section::Webhooks, "Disable this webhook?"),
        });
    }
    switch(&id, form, ("disabled", "webhook-disabled")).await
}

pub(super) async fn ping(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let once = fields.get("once");
    let sent: Result<Event, _> = portal.api.post_once(&path(&id, "/ping"), &json!({}), once).await;
    answered(&portal, (&id, &fields, Sent::Act), sent, |event| {
        (format!("/dashboard/events/{}", event.id), "ping")
    })
    .await
}

pub(super) async fn rotate(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let overlap = fields.get("overlap_seconds").parse::<u32>();
    if overlap == Ok(0) && !is_sure(&fields) {
        let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
        return shown(&Confirm {
            title: "Rotate the secret without an overlap?",
            what: &webhook.webhook_url,
            told: &["The present secret signs nothing any more from now on. A receiver refuses \
                     deliveries until it knows the new one; they are retried."],
            action: format!("/dashboard/webhooks/{}/rotate", webhook.id),
            back: format!("/dashboard/webhooks/{}#secret", webhook.id),
            button: "Rotate it now",
            fields: &fields,
            frame: Frame::new(&portal, Section::Webhooks, "Rotate without an overlap?"),
        });
    }
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
        (format!("/dashboard/webhooks/{id}?recovered={}", recovered.count), "recovered")
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
    let next = |_| ("/dashboard/webhooks".to_owned(), "webhook-deleted");
    answered(&portal, (&id, &fields, Sent::Delete), deleted, next).await
}
