//! The rules of a webhook.

use super::{
    Created, Deleted, Disabled, DisabledReason, Enabled, Endpoint, PreviousSecret, SecretRevealed,
    SecretRotated, Subscription, Updated, UrlChanged, Webhook, WebhookEvent,
};
use crate::{decider::Decider, kinds::Environment, time::Timestamp};

/// What can be asked of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create it. That the quota is not reached and the URL not taken is guarded by the commit.
    Create {
        /// What it is to be.
        webhook: Created,
        /// Whether its account has live mode.
        credentialed: bool,
    },
    /// Change what is given.
    Update(Change),
    /// Take no deliveries any more.
    Disable(DisabledReason),
    /// Sign with a new secret.
    RotateSecret {
        /// Until when the old one signs as well.
        previous_expires_at: Timestamp,
    },
    /// Note that somebody is shown the signing secret.
    RevealSecret,
    /// Delete it.
    Delete,
}

/// What to change of a webhook; nothing where none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Change {
    /// Where deliveries go.
    pub endpoint: Option<Endpoint>,
    /// Whether the whole related object stands in the payload.
    pub include_object: Option<bool>,
    /// What it subscribes to.
    pub event_types: Option<Vec<Subscription>>,
    /// What people say of it; `Some(None)` takes that away.
    pub description: Option<Option<String>>,
    /// Whether it takes deliveries.
    pub enabled: Option<bool>,
}

/// Why something asked of a webhook does not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no such webhook (any more).
    #[error("no such webhook")]
    NotFound,
    /// There is one already.
    #[error("the webhook exists already")]
    AlreadyCreated,
    /// A live webhook for an account without live mode.
    #[error("the account is not credentialed for live mode")]
    NotCredentialed,
    /// As many rotated secrets as can be still sign.
    #[error("{MOST_PREVIOUS_SECRETS} rotated secrets still sign; wait until one has expired")]
    TooManySecrets,
}

/// Rotated secrets that can sign beside the newest: as many as keep the signature header small.
const MOST_PREVIOUS_SECRETS: usize = 10;
/// The most secrets that sign an attempt.
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
                let closed = webhook.environment == Environment::Live && !credentialed;
                if closed { Err(Rejection::NotCredentialed) } else { Ok(vec![webhook.into()]) }
            }
            (Some(_), Command::Create { .. }) => Err(Rejection::AlreadyCreated),
            (None, _) => Err(Rejection::NotFound),
            (Some(webhook), _) if webhook.deleted_at.is_some() => Err(Rejection::NotFound),
            (Some(webhook), Command::Update(change)) => Ok(webhook.changed(change)),
            (Some(webhook), Command::Disable(_)) if !webhook.is_enabled() => Ok(vec![]),
            (Some(_), Command::Disable(reason)) => Ok(vec![Disabled { reason }.into()]),
            (Some(webhook), Command::RotateSecret { previous_expires_at }) => {
                if webhook.signing_secrets(now).count() > MOST_PREVIOUS_SECRETS {
                    return Err(Rejection::TooManySecrets);
                }
                // Wraps, so that it is total and those that sign are never one.
                let secret = webhook.secret.wrapping_add(1);
                Ok(vec![SecretRotated { secret, previous_expires_at }.into()])
            }
            (Some(_), Command::RevealSecret) => Ok(vec![SecretRevealed {}.into()]),
            (Some(_), Command::Delete) => Ok(vec![Deleted {}.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: WebhookEvent, at: Timestamp) -> Option<Self> {
        if let WebhookEvent::Created(created) = event {
            return Some(created.into_state(at));
        }
        let webhook = state?;
        let updated_at = match event {
            WebhookEvent::SecretRevealed(_) => webhook.updated_at,
            _ => at,
        };
        Some(Self { updated_at, ..webhook }.after(event, at))
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
    }

    fn after(mut self, event: WebhookEvent, at: Timestamp) -> Self {
        match event {
            WebhookEvent::UrlChanged(UrlChanged { endpoint }) => self.endpoint = endpoint,
            WebhookEvent::Updated(updated) => {
                self.include_object = updated.include_object;
                self.event_types = updated.event_types;
                self.description = updated.description;
            }
            WebhookEvent::Disabled(Disabled { reason }) => {
                self.disabled = Some(reason);
                self.last_disabled_at = Some(at);
                self.generation += 1;
            }
            WebhookEvent::Enabled(_) => self.disabled = None,
            WebhookEvent::SecretRotated(SecretRotated { secret, previous_expires_at }) => {
                let rotated =
                    PreviousSecret { number: self.secret, expires_at: previous_expires_at };
                self.previous_secrets.insert(0, rotated);
                self.previous_secrets.retain(|previous| previous.expires_at > at);
                self.secret = secret;
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
            disabled: None,
            last_disabled_at: None,
            generation: 0,
            secret: self.secret,
            previous_secrets: vec![],
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }
}
