//! Page of a webhook of an account, for the operator.

use askama::Template;
use axum::extract::Path;

use super::one::path;
use crate::{
    client::{
        encoded,
        resources::{Account, Trouble, Webhook},
    },
    html::{OperatorFrame, OperatorSection, Picture, Shown, shown},
    pages::webhooks::picture,
    session::Operator,
};

#[derive(Template)]
#[template(path = "operator_webhook.html")]
struct WebhookPage<'a> {
    frame: OperatorFrame<'a>,
    account: &'a Account,
    webhook: &'a Webhook,
    picture: Option<Picture>,
}

impl WebhookPage<'_> {
    fn trouble(&self) -> Option<&Trouble> {
        self.picture.as_ref().and_then(Picture::trouble)
    }
}

pub(super) async fn one(operator: Operator, Path((id, webhook)): Path<(String, String)>) -> Shown {
    let account: Account = operator.api.get(&path(&id)).await?;
    let api = operator.api.on(&account.id);
    let webhook: Webhook = api.get(&format!("/v1/webhooks/{}", encoded(&webhook))).await?;
    let picture = picture(&api, operator.now, &format!("webhook_id={}", webhook.id)).await;
    let (section, title) = (OperatorSection::Accounts, webhook.webhook_url.clone());
    let frame = OperatorFrame::new(&operator, section, title);
    shown(&WebhookPage { frame, account: &account, webhook: &webhook, picture })
}
