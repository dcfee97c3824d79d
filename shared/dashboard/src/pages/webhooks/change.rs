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
        resources::{Event, Webhook, WebhookSecret},
    },
    html::{Section, Shown, page, told},
    pages::{
        confirm::{Confirmation, ask, is_sure},
        subscriptions,
    },
    session::{Fields, Form, Portal},
};

/// Form of a webhook's page.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sent {
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
            Self::Recover => &["since", "until", "include"],
            Self::Delete => &["confirm"],
            Self::Act => &[],
        }
    }
}

/// Redirects to the webhook's page if it was `done`, or shows that page again with the refusal.
pub(super) async fn answered<T>(
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
    let problems = super::problems(portal, refusal, sent.fields());
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
pub(super) fn own_page(id: &str, done: &'static str) -> (String, &'static str) {
    (format!("/dashboard/webhooks/{}", crate::client::encoded(id)), done)
}

pub(super) async fn save(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let say = &portal.say().forms;
    let mut body = changes(&webhook, &fields);
    let checked = super::check(&fields, say)
        .and_then(|()| super::more::add(&mut body, &fields, Some(&webhook), say));
    let body = Value::Object(body);
    let saved = match checked {
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
        let say = &portal.say().webhooks;
        let waiting = waiting.and_then(|picture| picture.waiting(&portal.say().common));
        let cancelled =
            waiting.map_or_else(|| say.disable_waiting(), |waiting| say.disable_cancels(waiting));
        return ask(
            &portal,
            Section::Webhooks,
            Confirmation {
                title: say.disable_now(),
                what: &webhook.webhook_url,
                told: &[&cancelled, &say.disable_what()],
                action: format!("/dashboard/webhooks/{}/disable", webhook.id),
                back: format!("/dashboard/webhooks/{}", webhook.id),
                button: say.disable_it(),
                destroys: true,
                fields: &fields,
            },
        );
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
        let say = &portal.say().webhooks;
        return ask(
            &portal,
            Section::Webhooks,
            Confirmation {
                title: say.rotate_now(),
                what: &webhook.webhook_url,
                told: &[&say.rotate_now_what()],
                action: format!("/dashboard/webhooks/{}/rotate", webhook.id),
                back: format!("/dashboard/webhooks/{}#secret", webhook.id),
                button: say.rotate_it(),
                destroys: true,
                fields: &fields,
            },
        );
    }
    let rotated = match overlap {
        Err(_) => Err(Refusal::of("overlap_seconds", &portal.say().forms.overlap())),
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

pub(super) async fn delete(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let webhook: Webhook = portal.api.get(&path(&id, "")).await?;
    let deleted = if fields.get("confirm") == webhook.webhook_url {
        portal.api.send::<Webhook>(Method::DELETE, &path(&id, ""), &Value::Null).await
    } else {
        Err(Refusal::of("confirm", &portal.say().forms.confirm_url()))
    };
    let next = |_| ("/dashboard/webhooks".to_owned(), "webhook-deleted");
    answered(&portal, (&id, &fields, Sent::Delete), deleted, next).await
}
