//! The rules of an API key.

use super::{
    ApiKey, Created, ExpirySet, FingerprintRenewed, ImportUndone, KeyEvent, Revealed, Rolled,
    Settings, Updated,
};
use crate::{decider::Decider, id::KeyId, time::Timestamp};

/// Command to an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create the key.
    Create {
        /// Properties of the new key.
        key: Created,
        /// True if the account has live mode.
        credentialed: bool,
    },
    /// Set the instant at which the key stops working; without one it never does.
    Expire {
        /// Instant of expiry.
        at: Option<Timestamp>,
    },
    /// Replace the key by another, once, and let this one stop working at `at`, though never later
    /// than it already would.
    Roll {
        /// Key that replaces this one.
        successor: KeyId,
        /// Instant of expiry; none keeps the one already set.
        at: Option<Timestamp>,
    },
    /// Change its settings to these.
    Update(Settings),
    /// Record that somebody is shown the whole key.
    Reveal,
    /// Find the key by another fingerprint of it, also if it has expired: it is still known.
    RenewFingerprint {
        /// Fingerprint under the pepper in use.
        fingerprint: String,
    },
    /// Take back the import of the key, because others of the same import can't be made.
    UndoImport,
}

/// Reason for rejecting a command to an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The key does not exist.
    #[error("no such API key")]
    NotFound,
    /// The key exists already.
    #[error("the API key exists already")]
    AlreadyCreated,
    /// A live key was asked for, but the account has no live mode.
    #[error("the account is not credentialed for live mode")]
    NotCredentialed,
    /// The expiry asked for is in the past.
    #[error("must be in the future")]
    InThePast,
    /// The key has already expired.
    #[error("the API key has already expired")]
    AlreadyExpired,
    /// The key was rolled before, and has a successor.
    #[error("the API key was rolled already: its successor is {0}")]
    AlreadyRolled(KeyId),
    /// Only the hash of the key is known.
    #[error("the API key was imported by its hash alone")]
    NotRevealable,
}

impl Decider for ApiKey {
    type Command = Command;
    type Event = KeyEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<KeyEvent>, Rejection> {
        match (state, command) {
            (None, Command::Create { key, credentialed }) => create(key, credentialed, now),
            (Some(_), Command::Create { .. }) => Err(Rejection::AlreadyCreated),
            (None, _) => Err(Rejection::NotFound),
            (Some(key), Command::UndoImport) => {
                Ok(if key.undone { vec![] } else { vec![ImportUndone {}.into()] })
            }
            (Some(key), _) if key.undone => Err(Rejection::NotFound),
            (Some(key), Command::Expire { at }) => key.expire(at, now),
            (Some(key), Command::Roll { successor, at }) => key.roll(successor, at, now),
            (Some(key), Command::Update(settings)) => key.update(settings, now),
            (Some(key), Command::Reveal) if !key.revealable => Err(Rejection::NotRevealable),
            (Some(_), Command::Reveal) => Ok(vec![Revealed {}.into()]),
            (Some(key), Command::RenewFingerprint { fingerprint }) => {
                let is_so = key.fingerprint == fingerprint;
                Ok(if is_so { vec![] } else { vec![FingerprintRenewed { fingerprint }.into()] })
            }
        }
    }

    fn evolve(state: Option<Self>, event: KeyEvent, at: Timestamp) -> Option<Self> {
        if let KeyEvent::Created(created) = event {
            return Some(created.into_state(at));
        }
        let mut key = state?;
        match event {
            KeyEvent::Updated(updated) => key.settings = updated.into(),
            KeyEvent::ImportUndone(ImportUndone {}) => key.undone = true,
            KeyEvent::ExpirySet(ExpirySet { expires_at }) => key.expires_at = expires_at,
            KeyEvent::Rolled(Rolled { replaced_by, expires_at }) => {
                key.replaced_by = Some(replaced_by);
                key.expires_at = expires_at;
            }
            KeyEvent::FingerprintRenewed(renewed) => key.fingerprint = renewed.fingerprint,
            KeyEvent::Created(_) | KeyEvent::Revealed(_) => {}
        }
        Some(key)
    }

    /// Expiring a key at once takes it away; one that expires later works until then. Fewer scopes
    /// or networks take a part of it away.
    fn revokes(&self, after: &Self, now: Timestamp) -> bool {
        let is_over = |key: &Self| key.undone || key.is_expired(now);
        (is_over(after) && !is_over(self)) || self.settings.are_narrowed(&after.settings)
    }
}

fn create(key: Created, credentialed: bool, now: Timestamp) -> Result<Vec<KeyEvent>, Rejection> {
    if !key.environment.is_open(credentialed) {
        return Err(Rejection::NotCredentialed);
    }
    if key.expires_at.is_some_and(|at| at <= now) {
        return Err(Rejection::InThePast);
    }
    Ok(vec![key.into()])
}

impl ApiKey {
    fn update(&self, settings: Settings, now: Timestamp) -> Result<Vec<KeyEvent>, Rejection> {
        if self.is_expired(now) {
            return Err(Rejection::AlreadyExpired);
        }
        Ok(if settings == self.settings { vec![] } else { vec![Updated::from(settings).into()] })
    }

    fn expire(&self, at: Option<Timestamp>, now: Timestamp) -> Result<Vec<KeyEvent>, Rejection> {
        self.check_change(at, now)?;
        Ok(if at == self.expires_at { vec![] } else { vec![ExpirySet { expires_at: at }.into()] })
    }

    fn roll(
        &self,
        successor: KeyId,
        at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<KeyEvent>, Rejection> {
        // Before the expiry: a roll ends the key at once unless it says otherwise, and of two at
        // once the second is to be told of the first.
        if let Some(successor) = self.replaced_by {
            return Err(Rejection::AlreadyRolled(successor));
        }
        self.check_change(at, now)?;
        let expires_at = [at, self.expires_at].into_iter().flatten().min();
        Ok(vec![Rolled { replaced_by: successor, expires_at }.into()])
    }

    /// Checks that the key has not expired and that the new expiry is not in the past.
    fn check_change(&self, at: Option<Timestamp>, now: Timestamp) -> Result<(), Rejection> {
        if self.is_expired(now) {
            return Err(Rejection::AlreadyExpired);
        }
        if at.is_some_and(|at| at < now) { Err(Rejection::InThePast) } else { Ok(()) }
    }
}

impl Created {
    /// Returns the state of the key that was created at `at`.
    #[must_use]
    pub fn into_state(self, at: Timestamp) -> ApiKey {
        ApiKey {
            id: self.id,
            account: self.account,
            key_type: self.key_type,
            environment: self.environment,
            settings: Settings {
                name: self.name,
                scopes: self.scopes,
                metadata: self.metadata,
                rate_limit: self.rate_limit,
                allowed_networks: self.allowed_networks,
            },
            redacted: self.redacted,
            fingerprint: self.fingerprint,
            created_at: at,
            expires_at: self.expires_at,
            replaced_by: None,
            imported: self.imported,
            revealable: self.revealable,
            undone: false,
        }
    }
}
