//! Operator token: a named credential of one of the operator's own services, with scopes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    OperatorScope, OperatorScopes,
    decider::{Decider, events},
    id::OperatorTokenId,
    time::Timestamp,
};

/// State of an operator token. The token itself is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorToken {
    /// Identifier; not the token itself.
    pub id: OperatorTokenId,
    /// Name, for people.
    pub name: String,
    /// Scopes of the token.
    pub scopes: BTreeSet<OperatorScope>,
    /// SHA-256 of the token, in hex; the token is looked up by it. A token has 256 random bits, so that
    /// this tells nothing of it.
    pub fingerprint: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Instant at which the token stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// Time at which somebody ended it.
    pub ended_at: Option<Timestamp>,
}

/// Standing of an operator token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The token works.
    Active,
    /// The token has expired.
    Expired,
    /// Somebody has ended the token.
    Ended,
}

impl OperatorToken {
    /// Returns the standing at `now`; a token stops at the very instant it expires.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.ended_at.is_some() {
            Standing::Ended
        } else if self.expires_at.is_some_and(|at| at <= now) {
            Standing::Expired
        } else {
            Standing::Active
        }
    }
}

/// Command to an operator token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create the token.
    Create {
        /// Properties of the new token.
        token: Created,
        /// Scopes that its maker has.
        maker: OperatorScopes,
    },
    /// End the token, also if it has expired.
    End,
    /// Record that the token is shown again, to whoever repeats the request that made it.
    Show,
}

/// Reason for rejecting a command to an operator token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The token does not exist.
    #[error("no such operator token")]
    NotFound,
    /// The token exists already.
    #[error("the operator token exists already")]
    AlreadyCreated,
    /// The token would have no scope.
    #[error("must have at least one entry")]
    NoScopes,
    /// The token would have a scope that its maker lacks.
    #[error("nobody makes a token with scopes they lack")]
    BeyondMaker,
    /// The expiry asked for is in the past.
    #[error("must be in the future")]
    InThePast,
}

events! {
    /// Event of an operator token.
    OperatorTokenEvent {
        /// The token was created.
        Created = "operator_token.created", 1;
        /// The token was ended.
        Ended = "operator_token.ended", 1;
        /// The token was shown again.
        Shown = "operator_token.shown", 1 => access;
    }
}

/// An operator token was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// Identifier; not the token itself.
    pub id: OperatorTokenId,
    /// Name, for people.
    pub name: String,
    /// Scopes of the token.
    pub scopes: BTreeSet<OperatorScope>,
    /// SHA-256 of the token, in hex.
    pub fingerprint: String,
    /// Instant at which the token stops working by itself.
    pub expires_at: Option<Timestamp>,
}

/// An operator token was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {}

/// An operator token was shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {}

impl Decider for OperatorToken {
    type Command = Command;
    type Event = OperatorTokenEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<OperatorTokenEvent>, Rejection> {
        match (state, command) {
            (None, Command::Create { token, maker }) => create(token, &maker, now),
            (Some(_), Command::Create { .. }) => Err(Rejection::AlreadyCreated),
            (None, _) => Err(Rejection::NotFound),
            (Some(token), Command::End) if token.ended_at.is_some() => Ok(vec![]),
            (Some(_), Command::End) => Ok(vec![Ended {}.into()]),
            (Some(_), Command::Show) => Ok(vec![Shown {}.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: OperatorTokenEvent, at: Timestamp) -> Option<Self> {
        match event {
            OperatorTokenEvent::Created(created) => Some(created.into_state(at)),
            OperatorTokenEvent::Ended(Ended {}) => Some(Self { ended_at: Some(at), ..state? }),
            OperatorTokenEvent::Shown(Shown {}) => state,
        }
    }

    fn revokes(&self, after: &Self, _: Timestamp) -> bool {
        self.ended_at.is_none() && after.ended_at.is_some()
    }
}

fn create(
    token: Created,
    maker: &OperatorScopes,
    now: Timestamp,
) -> Result<Vec<OperatorTokenEvent>, Rejection> {
    if token.scopes.is_empty() {
        return Err(Rejection::NoScopes);
    }
    if !maker.have_all(&token.scopes) {
        return Err(Rejection::BeyondMaker);
    }
    if token.expires_at.is_some_and(|at| at <= now) {
        return Err(Rejection::InThePast);
    }
    Ok(vec![token.into()])
}

impl Created {
    fn into_state(self, at: Timestamp) -> OperatorToken {
        let Self { id, name, scopes, fingerprint, expires_at } = self;
        OperatorToken { id, name, scopes, fingerprint, created_at: at, expires_at, ended_at: None }
    }
}
