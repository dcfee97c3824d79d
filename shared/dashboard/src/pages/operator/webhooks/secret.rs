//! Signing secret of an operational webhook: shown, shown again, and rotated.

use askama::Template;
use axum::{
    Json,
    extract::Path,
    response::{IntoResponse as _, Response},
};
use domain::{Revealed, Secret};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::{
    one::{Sent, again, path},
    own,
};
use crate::{
    client::{
        Refusal, encoded, resources,
        resources::{Webhook, WebhookSecret},
    },
    html::{OperatorFrame, OperatorSection, Shown, page},
    pages::{
        confirm::{Confirmation, ask_operator, is_sure},
        secret::wants_json,
    },
    session::{Fields, Form, Operator},
};

/// Page that shows a signing secret.
#[derive(Template)]
#[template(path = "operator_webhook_secret.html")]
pub(super) struct SecretPage<'a> {
    frame: OperatorFrame<'a>,
    webhook: &'a Webhook,
    secret: &'a Secret,
}

/// Page with what the receiver of `webhook` verifies by.
pub(super) fn secret_page<'a>(
    operator: &'a Operator,
    webhook: &'a Webhook,
    secret: &'a WebhookSecret,
) -> SecretPage<'a> {
    let frame = OperatorFrame::new(operator, OperatorSection::Webhooks, &webhook.webhook_url);
    SecretPage { frame, webhook, secret: &secret.signing_secret }
}

pub(super) async fn reveal(
    Path(id): Path<String>,
    headers: HeaderMap,
    Form { who: operator, .. }: Form<Operator>,
) -> Shown {
    let at = format!("/v1/webhooks/{}/reveal_secret", encoded(&id));
    let secret: WebhookSecret = own(&operator).post(&at, &json!({})).await?;
    if wants_json(&headers) {
        let secret = Revealed(secret.signing_secret);
        return Ok(Json(resources::Shown { secret }).into_response());
    }
    answer(&operator, &id, &secret).await
}

pub(super) async fn rotate(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let overlap = fields.get("overlap_seconds").parse::<u32>();
    if overlap == Ok(0) && !is_sure(&fields) {
        let webhook: Webhook = operator.api.get(&path(&id)).await?;
        return asked(&operator, &webhook, &fields);
    }
    let rotated: Result<WebhookSecret, Refusal> = match overlap {
        Err(_) => Err(Refusal::of("overlap_seconds", &operator.page.say().forms.overlap())),
        Ok(overlap) => {
            let at = format!("/v1/webhooks/{}/rotate_secret", encoded(&id));
            let body = json!({ "overlap_seconds": overlap });
            own(&operator).post_once(&at, &body, fields.get("once")).await
        }
    };
    match rotated {
        Ok(secret) => answer(&operator, &id, &secret).await,
        Err(refusal) => again(&operator, (&id, &fields, Sent::Rotate), refusal).await,
    }
}

/// Asks once more before a secret is rotated without an overlap.
fn asked(operator: &Operator, webhook: &Webhook, fields: &Fields) -> Shown {
    let say = &operator.page.say().webhooks;
    let frame = OperatorFrame::new(operator, OperatorSection::Webhooks, say.rotate_now());
    ask_operator(
        frame,
        Confirmation {
            title: say.rotate_now(),
            what: &webhook.webhook_url,
            told: &[&say.rotate_now_what()],
            action: format!("/operator/webhooks/{}/rotate", webhook.id),
            back: format!("/operator/webhooks/{}#secret", webhook.id),
            button: say.rotate_it(),
            destroys: true,
            fields,
        },
    )
}

async fn answer(operator: &Operator, id: &str, secret: &WebhookSecret) -> Shown {
    let webhook: Webhook = operator.api.get(&path(id)).await?;
    let answer: Response = page(StatusCode::OK, &secret_page(operator, &webhook, secret));
    Ok(answer)
}
