//! Where deliveries go: a URL vetted, fingerprinted, and kept in the vault if it has credentials.

use domain::{
    Environment, Secret,
    id::{AccountId, WebhookId},
    webhook::{Endpoint, UrlRejection, Webhook, WebhookUrl},
};
use ports::{
    store::Write,
    vault::{FingerprintOf, SecretName, SecretPurpose},
};

use crate::{
    Home,
    problem::{Code, Problem},
};

/// A URL that passed the rules and the network guard.
pub(super) struct Target {
    /// What people see: the URL as they wrote it, or its masked form if it has credentials.
    shown: String,
    url: WebhookUrl,
    canonical: Secret,
    fingerprint: String,
}

impl Target {
    /// Understands `text`, which is of `account`, and holds it against the network guard.
    pub(super) async fn vetted(
        home: &Home,
        account: AccountId,
        text: &str,
        environment: Environment,
    ) -> Result<Self, Problem> {
        let url = WebhookUrl::parse(text, environment).map_err(|why| url_problem(&why))?;
        home.vetting.vet(account, &url).await.map_err(|_| Code::UrlNotPublic.of("webhook_url"))?;
        let canonical = url.canonical();
        let fingerprint = home
            .vault
            .fingerprint(FingerprintOf::WebhookUrl, canonical.expose().as_bytes())
            .await?;
        let shown = if url.has_credentials() { url.to_string() } else { text.to_owned() };
        Ok(Self { shown, url, canonical, fingerprint: hex::encode(fingerprint) })
    }

    /// The endpoint as events tell of it; `number` is that of the URL in the vault.
    pub(super) fn endpoint(&self, number: u32) -> Endpoint {
        Endpoint {
            url: self.shown.clone(),
            fingerprint: self.fingerprint.clone(),
            secret: self.url.has_credentials().then_some(number),
        }
    }

    /// The writes that keep the URL, where it has credentials.
    pub(super) async fn kept(
        &self,
        home: &Home,
        account: AccountId,
        webhook: WebhookId,
        number: u32,
    ) -> Result<Vec<Write>, Problem> {
        if !self.url.has_credentials() {
            return Ok(vec![]);
        }
        Ok(home.vault.keep(name(account, webhook, number), &self.canonical).await?)
    }
}

/// The name under which the vault keeps a webhook's URL.
pub(crate) fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::WebhookUrl(webhook, number) }
}

/// The writes that forget the webhook's URL, where it has credentials.
pub(super) async fn forgotten(home: &Home, webhook: &Webhook) -> Result<Vec<Write>, Problem> {
    match webhook.endpoint.secret {
        None => Ok(vec![]),
        Some(number) => Ok(home.vault.forget(name(webhook.account, webhook.id, number)).await?),
    }
}

/// What the caller is told of a URL that can't be a webhook's.
pub(super) fn url_problem(rejection: &UrlRejection) -> Problem {
    let code = match rejection {
        UrlRejection::Invalid(_) => Code::InvalidField,
        UrlRejection::Scheme(_) => Code::UrlSchemeNotAllowed,
        UrlRejection::Sns(_) => Code::InvalidSnsUrl,
    };
    let message = format!("webhook_url can't be used: {rejection}.");
    code.of("webhook_url").saying(message)
}
