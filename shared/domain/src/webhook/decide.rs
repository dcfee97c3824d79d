//! The rules of a webhook.

use super::{
    Created, Deleted, Disabled, DisabledReason, Enabled, Endpoint, Filter, FingerprintRenewed,
    Headers, OverlapEnded, PreviousSecret, SecretRestored, SecretRevealed, SecretRotated,
    Subscription, Updated, UrlChanged, Webhook, WebhookEvent,
};
use crate::{decider::Decider, limits::OwnRate, signing::PublicKey, time::Timestamp};

/// Command to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create the webhook. The commit's preconditions guard the quota and the uniqueness of the
    /// URL.
    Create {
        /// Properties of the new webhook.
        webhook: Created,
        /// True if the account has live mode.
        credentialed: bool,
    },
    /// Change the fields that are given.
    Update(Change),
    /// Disable the webhook.
    Disable(DisabledReason),
    /// Replace the signing secret by a new one of the same kind.
    RotateSecret {
        /// Public key of the new secret; none of one that both sides know.
        public_key: Option<PublicKey>,
        /// Time until which the old secret signs as well.
        previous_expires_at: Timestamp,
    },
    /// Let the earlier signing secrets sign nothing any more.
    EndOverlap,
    /// Put the signing secret before the newest in its place again, as long as it signs.
    RestoreSecret,
    /// Record that somebody is shown the signing secret.
    RevealSecret,
    /// Find the webhook's URL by another fingerprint of it.
    RenewFingerprint {
        /// Fingerprint under the pepper in use.
        fingerprint: String,
    },
    /// Delete the webhook.
    Delete,
}

/// Change of a webhook; fields that are none stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// Endpoint that receives the deliveries.
    pub endpoint: Option<Endpoint>,
    /// True if the payload is to contain the whole related object.
    pub include_object: Option<bool>,
    /// Subscribed event types.
    pub event_types: Option<Vec<Subscription>>,
    /// Description for people; `Some(None)` removes it.
    pub description: Option<Option<String>>,
    /// Pattern of the events that it receives; `Some(None)` removes it.
    pub filter: Option<Option<Filter>>,
    /// Headers of its own; `Some(None)` removes them.
    pub headers: Option<Option<Headers>>,
    /// Rate of attempts; `Some(None)` removes it.
    pub rate_limit: Option<Option<OwnRate>>,
    /// True to enable the webhook, false to disable it.
    pub enabled: Option<bool>,
}

/// Reason for rejecting a command to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The webhook does not exist, or was deleted.
    #[error("no such webhook")]
    NotFound,
    /// The webhook exists already.
    #[error("the webhook exists already")]
    AlreadyCreated,
    /// A live webhook was asked for, but the account has no live mode.
    #[error("the account is not credentialed for live mode")]
    NotCredentialed,
    /// A header of its own would be a second `Authorization`, beside that of the URL's credentials.
    #[error("the URL has credentials, which are sent as Authorization")]
    SecondAuthorization,
    /// The endpoint is an Amazon SNS topic, which takes no headers.
    #[error("an SNS topic takes no headers")]
    HeadersToSns,
    /// The maximum number of rotated secrets still sign.
    #[error("{MOST_PREVIOUS_SECRETS} rotated secrets still sign; wait until one has expired")]
    TooManySecrets,
    /// No earlier secret signs any more, so none can be restored.
    #[error("no earlier secret signs any more")]
    NoEarlierSecret,
}

/// Maximum number of rotated secrets that sign beside the newest; keeps the signature header small.
const MOST_PREVIOUS_SECRETS: usize = 10;
/// Maximum number of secrets that sign an attempt.
pub const MOST_SIGNING_SECRETS: usize = MOST_PREVIOUS_SECRETS + 1;

impl Decider for Webhook {
    type Command = Command;
    type Event = WebhookEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<WebhookEvent>, Rejection> {
        match (state, command) {
            (None, Command::Create { webhook, credentialed }) => {
                if !webhook.environment.is_open(credentialed) {
                    return Err(Rejection::NotCredentialed);
                }
                webhook.headers.iter().try_for_each(|headers| headers.fit(&webhook.endpoint))?;
                Ok(vec![webhook.into()])
            }
            (Some(_), Command::Create { .. }) => Err(Rejection::AlreadyCreated),
            (None, _) => Err(Rejection::NotFound),
            (Some(webhook), _) if webhook.deleted_at.is_some() => Err(Rejection::NotFound),
            (Some(webhook), Command::Update(change)) => {
                let endpoint = change.endpoint.as_ref().unwrap_or(&webhook.endpoint);
                let headers = change.headers.as_ref().unwrap_or(&webhook.headers);
                headers.iter().try_for_each(|headers| headers.fit(endpoint))?;
                Ok(webhook.changed(change))
            }
            (Some(webhook), Command::Disable(_)) if !webhook.is_enabled() => Ok(vec![]),
            (Some(_), Command::Disable(reason)) => Ok(vec![Disabled { reason }.into()]),
            (Some(webhook), Command::RotateSecret { public_key, previous_expires_at }) => {
                if webhook.signing_secrets(now).count() > MOST_PREVIOUS_SECRETS {
                    return Err(Rejection::TooManySecrets);
                }
                // Wraps around instead of failing; secrets that sign at the same time still have
                // different numbers.
                let secret = webhook.secret.wrapping_add(1);
                Ok(vec![SecretRotated { secret, public_key, previous_expires_at }.into()])
            }
            (Some(webhook), Command::EndOverlap) => {
                let ends = webhook.signing_before(now).next().is_some();
                Ok(if ends { vec![OverlapEnded {}.into()] } else { vec![] })
            }
            (Some(webhook), Command::RestoreSecret) => {
                if webhook.signing_before(now).next().is_none() {
                    return Err(Rejection::NoEarlierSecret);
                }
                // A number of its own, so that none is used again whose secret is being destroyed.
                let secret = webhook.secret.wrapping_add(1);
                Ok(vec![SecretRestored { secret }.into()])
            }
            (Some(_), Command::RevealSecret) => Ok(vec![SecretRevealed {}.into()]),
            (Some(webhook), Command::RenewFingerprint { fingerprint }) => {
                let is_so = webhook.endpoint.fingerprint == fingerprint;
                Ok(if is_so { vec![] } else { vec![FingerprintRenewed { fingerprint }.into()] })
            }
            (Some(_), Command::Delete) => Ok(vec![Deleted {}.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: WebhookEvent, at: Timestamp) -> Option<Self> {
        if let WebhookEvent::Created(created) = event {
            return Some(created.into_state(at));
        }
        let webhook = state?;
        let updated_at = match event {
            WebhookEvent::SecretRevealed(_) | WebhookEvent::FingerprintRenewed(_) => {
                webhook.updated_at
            }
            _ => at,
        };
        Some(Self { updated_at, ..webhook }.after(event, at))
    }

    /// Disabling and deleting end the deliveries to it; deleting destroys its secrets as well.
    fn revokes(&self, after: &Self, _: Timestamp) -> bool {
        let is_deleted = after.deleted_at.is_some() && self.deleted_at.is_none();
        is_deleted || self.is_enabled() && !after.is_enabled()
    }
}

impl Headers {
    /// Checks that `endpoint` takes the headers.
    ///
    /// # Errors
    /// [`Rejection::HeadersToSns`] and [`Rejection::SecondAuthorization`].
    pub fn fit(&self, endpoint: &Endpoint) -> Result<(), Rejection> {
        if endpoint.is_sns() {
            return Err(Rejection::HeadersToSns);
        }
        if self.have_authorization() && endpoint.has_credentials() {
            return Err(Rejection::SecondAuthorization);
        }
        Ok(())
    }
}

impl Webhook {
    fn changed(&self, change: Change) -> Vec<WebhookEvent> {
        let mut events = Vec::new();
        if let Some(endpoint) =
            change.endpoint.filter(|endpoint| endpoint.fingerprint != self.endpoint.fingerprint)
        {
            events.push(UrlChanged { endpoint }.into());
        }
        let updated = Updated {
            include_object: change.include_object.unwrap_or(self.include_object),
            event_types: change.event_types.unwrap_or_else(|| self.event_types.clone()),
            description: change.description.unwrap_or_else(|| self.description.clone()),
            filter: change.filter.unwrap_or_else(|| self.filter.clone()),
            headers: change.headers.unwrap_or_else(|| self.headers.clone()),
            rate_limit: change.rate_limit.unwrap_or(self.rate_limit),
        };
        if !self.is_as(&updated) {
            events.push(updated.into());
        }
        match change.enabled.filter(|wanted| *wanted != self.is_enabled()) {
            Some(true) => events.push(Enabled {}.into()),
            Some(false) => events.push(Disabled { reason: DisabledReason::Manual }.into()),
            None => {}
        }
        events
    }

    fn is_as(&self, updated: &Updated) -> bool {
        self.include_object == updated.include_object
            && self.event_types == updated.event_types
            && self.description == updated.description
            && self.filter == updated.filter
            && self.headers == updated.headers
            && self.rate_limit == updated.rate_limit
    }

    fn after(mut self, event: WebhookEvent, at: Timestamp) -> Self {
        match event {
            WebhookEvent::UrlChanged(UrlChanged { endpoint }) => self.endpoint = endpoint,
            WebhookEvent::Updated(updated) => {
                self.include_object = updated.include_object;
                self.event_types = updated.event_types;
                self.description = updated.description;
                self.filter = updated.filter;
                self.headers = updated.headers;
                self.rate_limit = updated.rate_limit;
            }
            WebhookEvent::Disabled(Disabled { reason }) => {
                self.disabled = Some(reason);
                self.last_disabled_at = Some(at);
                self.generation += 1;
            }
            WebhookEvent::Enabled(_) => self.disabled = None,
            WebhookEvent::SecretRotated(rotated) => {
                let replaced = PreviousSecret {
                    number: self.secret,
                    public_key: self.public_key,
                    expires_at: rotated.previous_expires_at,
                };
                self.previous_secrets.insert(0, replaced);
                self.previous_secrets.retain(|previous| previous.expires_at > at);
                self.secret = rotated.secret;
                self.public_key = rotated.public_key;
            }
            WebhookEvent::OverlapEnded(_) => self.previous_secrets.clear(),
            WebhookEvent::SecretRestored(SecretRestored { secret }) => {
                // The newest of them is the one that was restored.
                self.previous_secrets.retain(|previous| previous.expires_at > at);
                if !self.previous_secrets.is_empty() {
                    self.public_key = self.previous_secrets.remove(0).public_key;
                }
                self.secret = secret;
            }
            WebhookEvent::FingerprintRenewed(renewed) => {
                self.endpoint.fingerprint = renewed.fingerprint;
            }
            WebhookEvent::Deleted(_) => self.deleted_at = Some(at),
            WebhookEvent::Created(_) | WebhookEvent::SecretRevealed(_) => {}
        }
        self
    }
}

impl Created {
    fn into_state(self, at: Timestamp) -> Webhook {
        Webhook {
            id: self.id,
            account: self.account,
            environment: self.environment,
            jurisdiction: self.jurisdiction,
            endpoint: self.endpoint,
            include_object: self.include_object,
            event_types: self.event_types,
            description: self.description,
            filter: self.filter,
            headers: self.headers,
            rate_limit: self.rate_limit,
            disabled: None,
            last_disabled_at: None,
            generation: 0,
            secret: self.secret,
            public_key: self.public_key,
            previous_secrets: vec![],
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }
}
