//! End of a rotation before its time: finished, or undone.

use std::borrow::Cow;

use axum::extract::Path;
use serde_json::json;

use super::{
    change::{Sent, answered, own_page},
    overlap::{Signing, beside},
    own::path,
};
use crate::{
    client::resources::Webhook,
    html::{Section, Shown},
    pages::confirm::{Confirmation, ask, is_sure},
    session::{Fields, Form, Portal},
    words::WebhookWords,
};

/// Way in which a rotation ends before its time.
struct Ending<'a> {
    verb: &'static str,
    title: Cow<'a, str>,
    told: Cow<'a, str>,
    button: Cow<'a, str>,
    done: &'static str,
}

fn finishing(say: &WebhookWords) -> Ending<'_> {
    let (title, told, button) = (say.finish_now(), say.finish_now_what(), say.finish_it());
    Ending { verb: "finish", title, told, button, done: "webhook-overlap-ended" }
}

fn undoing(say: &WebhookWords) -> Ending<'_> {
    let (title, told, button) = (say.undo_now(), say.undo_now_what(), say.undo_it());
    Ending { verb: "undo", title, told, button, done: "webhook-secret-restored" }
}

pub(super) async fn finish(path: Path<String>, form: Form<Portal>) -> Shown {
    end(path, form, finishing).await
}

pub(super) async fn undo(path: Path<String>, form: Form<Portal>) -> Shown {
    end(path, form, undoing).await
}

async fn end(
    Path(id): Path<String>,
    form: Form<Portal>,
    ending: for<'a> fn(&'a WebhookWords) -> Ending<'a>,
) -> Shown {
    let Form { who: portal, fields } = form;
    let ending = ending(&portal.say().webhooks);
    if !is_sure(&fields) {
        return asked(&portal, &id, &fields, ending).await;
    }
    let Ending { verb, done, .. } = ending;
    let ended = portal.api.post::<Signing>(&beside(&id, &format!("/{verb}")), &json!({})).await;
    answered(&portal, (&id, &fields, Sent::Act), ended, |_| own_page(&id, done)).await
}

async fn asked(portal: &Portal, id: &str, fields: &Fields, ending: Ending<'_>) -> Shown {
    let webhook: Webhook = portal.api.get(&path(id, "")).await?;
    let Ending { verb, title, told, button, .. } = ending;
    ask(
        portal,
        Section::Webhooks,
        Confirmation {
            title,
            what: &webhook.webhook_url,
            told: &[&told],
            action: format!("/dashboard/webhooks/{}/overlap/{verb}", webhook.id),
            back: format!("/dashboard/webhooks/{}#rotation", webhook.id),
            button,
            destroys: true,
            fields,
        },
    )
}
