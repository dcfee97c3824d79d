//! Endpoint of a webhook: a URL checked, fingerprinted, and stored in the vault if it has
//! credentials.

use domain::{
    Environment, Redacted, Secret,
    id::{AccountId, WebhookId},
    webhook::{Endpoint, UrlRejection, Webhook, WebhookUrl},
};
use ports::{
    ReadError,
    store::{Condition, Write},
    vault::{Fingerprint, FingerprintOf, Fingerprints, SecretName, SecretPurpose},
};

use crate::{
    Backend,
    problem::{Code, Problem},
    secrets::Secrets,
    views::collections,
};

/// Number of a webhook's first signing secret, and of its first URL with credentials.
pub(super) const FIRST: u32 = 1;

/// URL that a caller sends in a change of a webhook.
pub(super) enum NewUrl {
    /// Another URL, or the same with its credentials.
    Whole(Target),
    /// The URL as it was shown, masks included: it stays as it is.
    AsShown(WebhookUrl),
}

impl NewUrl {
    /// Parses `text`, sent for `account`; a URL without masks is checked by the network guard.
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

    /// Returns the new target for `webhook`; none if its URL stays the same.
    ///
    /// # Errors
    /// [`Code::InvalidField`] for masks in a URL that is not the one shown.
    pub(super) fn target(&self, webhook: &Webhook) -> Result<Option<&Target>, Problem> {
        match self {
            Self::Whole(target) => Ok(Some(target)),
            Self::AsShown(url) if url.is_shown_as(shown(webhook).as_str()) => Ok(None),
            Self::AsShown(_) => Err(masked()),
        }
    }
}

/// Returns the webhook's URL with its credentials masked.
pub(super) fn shown(webhook: &Webhook) -> Redacted {
    Redacted::new(&webhook.endpoint.url)
}

/// URL that passed the rules and the network guard.
pub(super) struct Target {
    /// URL as it is shown: as it was written, or in a masked form if it contains a secret.
    shown: Redacted,
    /// True if the URL contains a secret: credentials, or an API key in its path or query.
    is_secret: bool,
    canonical: Secret,
    fingerprints: Fingerprints,
}

impl Target {
    /// Parses `text`, sent for `account`, and checks it by the network guard.
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
        let fingerprints = fingerprints(backend, &canonical).await?;
        let without_credentials =
            if url.has_credentials() { url.to_string() } else { text.to_owned() };
        let shown = Redacted::new(&without_credentials);
        let is_secret = url.has_credentials() || shown.as_str() != without_credentials;
        Ok(Self { shown, is_secret, canonical, fingerprints })
    }

    /// Returns the endpoint as events record it; `number` is that of the URL in the vault.
    pub(super) fn endpoint(&self, number: u32) -> Endpoint {
        Endpoint {
            url: self.shown.as_str().to_owned(),
            fingerprint: self.fingerprints.in_use.to_string(),
            secret: self.is_secret.then_some(number),
        }
    }

    /// Returns the endpoint for a change of `webhook`; the same URL keeps its fingerprint, under
    /// whichever pepper that is.
    pub(super) fn endpoint_of(&self, webhook: &Webhook, number: u32) -> Endpoint {
        let known = &webhook.endpoint.fingerprint;
        let mut endpoint = self.endpoint(number);
        if self.fingerprints.contain(known) {
            endpoint.fingerprint.clone_from(known);
        }
        endpoint
    }

    /// Returns the conditions that no webhook has this URL under another pepper than that of its
    /// own document. There are some only while one pepper takes the place of another.
    pub(super) fn free(&self, account: AccountId, environment: Environment) -> Vec<Write> {
        let others = self.fingerprints.others.iter();
        let key =
            |one: &Fingerprint| collections::webhook_url(account, environment, &one.to_string());
        let absent = |one| Write::Check { key: key(one), condition: Condition::Absent };
        others.map(absent).collect()
    }

    /// Keeps the URL in the vault, if it contains a secret.
    pub(super) fn keep(
        &self,
        secrets: &mut Secrets,
        account: AccountId,
        webhook: WebhookId,
        number: u32,
    ) {
        if self.is_secret {
            secrets.keep(name(account, webhook, number), self.canonical.clone());
        }
    }
}

/// Returns the fingerprints of the canonical form of a webhook's URL.
async fn fingerprints(backend: &Backend, canonical: &Secret) -> Result<Fingerprints, ReadError> {
    backend.vault.fingerprints(FingerprintOf::WebhookUrl, canonical.expose().as_bytes()).await
}

/// Returns the name under which the vault stores a webhook's URL.
pub(crate) fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::WebhookUrl(webhook, number) }
}

/// Lets the webhook's URL go, if the vault has it.
pub(super) fn let_go(secrets: &mut Secrets, webhook: &Webhook) {
    if let Some(number) = webhook.endpoint.secret {
        secrets.let_go(name(webhook.account, webhook.id, number));
    }
}

/// Returns the problem for a mask that does not stand for the current URL.
fn masked() -> Problem {
    let sentence = "webhook_url has a mask (****) in the place of a secret. Send the whole URL, or \
                    leave it exactly as it is shown to keep its secret.";
    Code::InvalidField.of("webhook_url").saying(sentence)
}

/// Returns the problem for a rejected URL.
pub(super) fn url_problem(rejection: &UrlRejection) -> Problem {
    let code = match rejection {
        UrlRejection::Invalid(_) => Code::InvalidField,
        UrlRejection::Scheme(_) => Code::UrlSchemeNotAllowed,
        UrlRejection::Sns(_) => Code::InvalidSnsUrl,
    };
    let message = format!("webhook_url can't be used: {rejection}.");
    code.of("webhook_url").saying(message)
}

/// Returns the problem for a precondition that failed because of another webhook.
pub(super) fn taken(collection: &str) -> Option<Problem> {
    if collection == collections::WEBHOOK_URLS.0 {
        Some(Code::UrlTaken.of("webhook_url"))
    } else if collection == collections::WEBHOOK_COUNT.0 {
        Some(Code::QuotaLimitExceeded.of("webhook_url"))
    } else {
        None
    }
}
