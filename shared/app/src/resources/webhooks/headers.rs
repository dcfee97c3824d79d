//! Headers of a webhook's own, as callers send and see them.

use std::collections::BTreeMap;

use domain::{
    Secret,
    id::{AccountId, WebhookId},
    redaction::{self, MASK},
    webhook::{HeaderName, HeaderValue, Headers, MOST_HEADERS, Webhook},
};
use ports::vault::{SecretName, SecretPurpose};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    Backend,
    checks::NO_SECRET,
    problem::Problem,
    secrets::{HeaderValues, Secrets},
};

/// Headers that a caller sends; none of a value stands for a mask, which keeps the value that is there.
#[derive(Debug, Clone)]
pub(crate) struct SentHeaders(Vec<(HeaderName, Option<Secret>)>);

impl<'de> Deserialize<'de> for SentHeaders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = BTreeMap::<String, Secret>::deserialize(deserializer)?;
        if sent.len() > MOST_HEADERS {
            let must = format_args!("must have at most {MOST_HEADERS} headers");
            return Err(D::Error::custom(must));
        }
        let mut headers = Vec::<(HeaderName, Option<Secret>)>::with_capacity(sent.len());
        for (name, value) in sent {
            let name: HeaderName = name.parse().map_err(D::Error::custom)?;
            let is_other = |(known, _): &(HeaderName, _)| !known.is(name.as_str());
            if !headers.iter().all(is_other) {
                return Err(D::Error::custom("must have each header once, whatever its case"));
            }
            if redaction::has_secret(name.as_str()) {
                return Err(D::Error::custom(NO_SECRET));
            }
            let value = if value.expose() == MASK {
                None
            } else {
                let value = HeaderValue::parse(value).map_err(D::Error::custom)?;
                Some(value.into_secret())
            };
            headers.push((name, value));
        }
        Ok(Self(headers))
    }
}

impl SentHeaders {
    /// Returns the values of the headers, with those of masked ones from what the webhook has.
    ///
    /// # Errors
    /// When a mask stands for nothing, or a name is that of a header that `backend` sets.
    pub(super) fn values(
        &self,
        backend: &Backend,
        present: &HeaderValues,
    ) -> Result<HeaderValues, Problem> {
        let legacy = backend.settings.legacy_signature_header.as_deref();
        let signatures = &backend.settings.envelope.signature_headers;
        let one = |(name, value): &(HeaderName, Option<Secret>)| {
            if legacy.is_some_and(|legacy| name.is(legacy)) || signatures.have(name.as_str()) {
                let must = "must not have a header of the signature";
                return Err(Problem::invalid("headers", must));
            }
            let value = value.as_ref().or_else(|| present.get(name.as_str()));
            let value = value.cloned().ok_or_else(|| {
                let must = "has a mask (****) for a header that the webhook does not have";
                Problem::invalid("headers", must)
            })?;
            Ok((name.as_str().to_owned(), value))
        };
        self.0.iter().map(one).collect::<Result<_, _>>().map(HeaderValues)
    }
}

/// Reads the values of the webhook's headers.
pub(super) async fn present(backend: &Backend, webhook: &Webhook) -> Result<HeaderValues, Problem> {
    let Some(headers) = &webhook.headers else { return Ok(HeaderValues::default()) };
    let kept = backend.vault.reveal(name(webhook.account, webhook.id, headers.secret)).await?;
    Ok(HeaderValues::read(&kept).unwrap_or_default())
}

/// Keeps `values` in the vault under `number`, and returns how the webhook's history tells of them; none
/// if there are none.
pub(super) fn keep(
    secrets: &mut Secrets,
    (account, webhook): (AccountId, WebhookId),
    values: &HeaderValues,
    number: u32,
) -> Option<Headers> {
    let headers = named(values, number)?;
    secrets.keep(name(account, webhook, number), values.text());
    Some(headers)
}

/// Returns how the webhook's history tells of headers with these `values`; none if there are none.
pub(super) fn named(values: &HeaderValues, number: u32) -> Option<Headers> {
    let names = || values.0.keys().cloned().collect();
    (!values.0.is_empty()).then(|| Headers { names: names(), secret: number })
}

/// Lets the values of the webhook's headers go, if it has any.
pub(super) fn let_go(secrets: &mut Secrets, webhook: &Webhook) {
    if let Some(headers) = &webhook.headers {
        secrets.let_go(name(webhook.account, webhook.id, headers.secret));
    }
}

/// Returns the headers as they are shown: every value is masked.
pub(super) fn shown(webhook: &Webhook) -> BTreeMap<String, &'static str> {
    let names = webhook.headers.iter().flat_map(|headers| &headers.names);
    names.map(|name| (name.clone(), MASK)).collect()
}

/// Returns the name under which the vault stores the values of a webhook's headers.
fn name(account: AccountId, webhook: WebhookId, number: u32) -> SecretName {
    SecretName { account, purpose: SecretPurpose::WebhookHeaders(webhook, number) }
}
