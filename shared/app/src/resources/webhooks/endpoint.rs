//! Where deliveries go: a URL vetted, fingerprinted, and kept in the vault if it has credentials.

use domain::{
    Environment, Redacted, Secret,
    id::{AccountId, WebhookId},
    webhook::{Endpoint, UrlRejection, Webhook, WebhookUrl},
};
use ports::{
    store::Write,
    vault::{FingerprintOf, SecretName, SecretPurpose},
};

use crate::{
    Backend,
    problem::{Code, Problem},
};

/// The URL that a webhook is changed to.
pub(super) enum NewUrl {
    /// Another one, or the same with its credentials.
    Whole(Target),
    /// The URL as it was shown, masks included: it stays as it is.
    AsShown(WebhookUrl),
}

impl NewUrl {
    /// Understands `text`, which is of `account`; one without masks is held against the network
    /// guard.
    pub(super) async fn read(
        backend: &Backend,
        account: AccountId,
        text: &str,
        environment: Environment,
    ) -> Result<Self, Problem> {
        let url = WebhookUrl::parse(text, environment).map_err(|why| url_problem(&why))?;
        if url.has_mask() {
            return Ok(Self::AsShown(url));
        }
        Target::of(backend, account, url, text).await.map(Self::Whole)
    }

    /// Where the deliveries of `webhook` go from now on; none: where they go already.
    ///
    /// # Errors
    /// [`Code::InvalidField`] for masks in a URL that is not shown like that.
    pub(super) fn target(&self, webhook: &Webhook) -> Result<Option<&Target>, Problem> {
        match self {
            Self::Whole(target) => Ok(Some(target)),
            Self::AsShown(url) if url.is_shown_as(shown(webhook).as_str()) => Ok(None),
            Self::AsShown(_) => Err(masked()),
        }
    }
}

/// The webhook's URL as people see it.
pub(super) fn shown(webhook: &Webhook) -> Redacted {
    Redacted::new(&webhook.endpoint.url)
}

/// A URL that passed the rules and the network guard.
pub(super) struct Target {
    /// What people see: the URL as they wrote it, or a masked form if there is a secret in it.
    shown: Redacted,
    /// Whether there is a secret in it: credentials, or an API key in its path or query.
    is_secret: bool,
    canonical: Secret,
    fingerprint: String,
}

impl Target {
    /// Understands `text`, which is of `account`, and holds it against the network guard.
    pub(super) async fn vetted(
        backend: &Backend,
        account: AccountId,
        text: &str,
        environment: Environment,
    ) -> Result<Self, Problem> {
        let url = WebhookUrl::parse(text, environment).map_err(|why| url_problem(&why))?;
        if url.has_mask() { Err(masked()) } else { Self::of(backend, account, url, text).await }
    }

    async fn of(
        backend: &Backend,
        account: AccountId,
        url: WebhookUrl,
        text: &str,
    ) -> Result<Self, Problem> {
        backend
            .vetting
            .vet(account, &url)
            .await
            .map_err(|_| Code::UrlNotPublic.of("webhook_url"))?;
        let canonical = url.canonical();
        let fingerprint = backend
            .vault
            .fingerprint(FingerprintOf::WebhookUrl, canonical.expose().as_bytes())
            .await?;
        let without_credentials =
            if url.has_credentials() { url.to_string() } else { text.to_owned() };
        let shown = Redacted::new(&without_credentials);
        let is_secret = url.has_credentials() || shown.as_str() != without_credentials;
        Ok(Self { shown, is_secret, canonical, fingerprint: hex::encode(fingerprint) })
    }

    /// The endpoint as events tell of it; `number` is that of the URL in the vault.
    pub(super) fn endpoint(&self, number: u32) -> Endpoint {
        Endpoint {
            url: self.shown.as_str().to_owned(),
            fingerprint: self.fingerprint.clone(),
            secret: self.is_secret.then_some(number),
        }
    }

    /// The writes that keep the URL, where there is a secret in it.
    pub(super) async fn kept(
        &self,
        backend: &Backend,
        account: AccountId,
        webhook: WebhookId,
        number: u32,
    ) -> Result<Vec<Write>, Problem> {
        if !self.is_secret {
            return Ok(vec![]);
        }
        Ok(backend.vault.keep(name(account, webhook, number), &self.canonical).await?)
    }
}

/// The name under which the vault keeps a webhook's URL.
pub(crate) fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::WebhookUrl(webhook, number) }
}

/// The writes that forget the webhook's URL, where there is a secret in it.
pub(super) async fn forgotten(backend: &Backend, webhook: &Webhook) -> Result<Vec<Write>, Problem> {
    match webhook.endpoint.secret {
        None => Ok(vec![]),
        Some(number) => Ok(backend.vault.forget(name(webhook.account, webhook.id, number)).await?),
    }
}

/// What the caller is told of a mask that stands for nothing.
fn masked() -> Problem {
    let sentence = "webhook_url has a mask (****) in the place of a secret. Send the whole URL, or \
                    leave it exactly as it is shown to keep its secret.";
    Code::InvalidField.of("webhook_url").saying(sentence)
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
