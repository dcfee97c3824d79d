//! The operator as a caller: by the root token, by a token with a name and scopes, or as a person in a
//! session of their own.
//!
//! A named token is found by the SHA-256 of its text. On AWS a process may remember for seconds what it
//! found, so that a gateway that only verifies keys costs one read for each: a token that was ended works
//! there until then, but makes no other tokens, for that is decided by what is stored.

use std::sync::Arc;

use domain::{
    OperatorScopes, Secret, Timestamp,
    id::OperatorSessionId,
    operator_token::{OperatorToken, Standing},
};
use ports::store::{Actor, ActorKind, Sight};
use sha2::{Digest as _, Sha256};

use super::{Ground, scopes::NeededScope};
use crate::{
    Backend,
    documents::state,
    problem::{Code, Problem},
    views::{Versioned, collections},
};

/// Operator, by the credential of a request.
#[derive(Debug, Clone)]
pub enum Operator {
    /// By the root token, which may do everything.
    Root,
    /// By a named token.
    Token {
        /// Token that the request was made with.
        token: Arc<OperatorToken>,
        /// Document that the token was found by.
        ground: Ground,
    },
    /// By signing in at the identity provider.
    Person {
        /// Person in the session.
        person: Arc<OperatorPerson>,
        /// Document of the session.
        ground: Ground,
    },
}

/// Person in a session of their own.
#[derive(Debug)]
pub struct OperatorPerson {
    /// Session of the person.
    pub session: OperatorSessionId,
    /// Identifier of the person at the identity provider.
    pub subject: String,
    /// Email address, or else name, of the person.
    pub name: String,
    /// Scopes of the person.
    pub scopes: OperatorScopes,
    /// Time at which the session ends by itself.
    pub ends_at: Timestamp,
}

impl Operator {
    /// Returns the scopes of the credential.
    #[must_use]
    pub fn scopes(&self) -> OperatorScopes {
        match self {
            Self::Root => OperatorScopes::All,
            Self::Token { token, .. } => OperatorScopes::Some(token.scopes.clone()),
            Self::Person { person, .. } => person.scopes.clone(),
        }
    }

    /// Returns the name under which answers are kept for repeats: no credential is answered what
    /// another was.
    pub(crate) fn caller(&self) -> String {
        match self {
            Self::Root => "operator".to_owned(),
            Self::Token { token, .. } => token.id.to_string(),
            Self::Person { person, .. } => person.session.to_string(),
        }
    }

    /// Returns the operator in the form that events record.
    pub(super) fn actor(&self) -> Actor {
        let (id, name) = match self {
            Self::Root => (None, None),
            Self::Token { token, .. } => (Some(token.id.to_string()), Some(token.name.clone())),
            Self::Person { person, .. } => {
                (Some(person.subject.clone()), Some(person.name.clone()))
            }
        };
        Actor { kind: ActorKind::Operator, id, name, person: None }
    }

    /// Returns whether the credential has the scope that is `needed`.
    pub(super) fn may(&self, needed: NeededScope) -> bool {
        match (self.scopes(), needed) {
            (OperatorScopes::All, _) | (_, NeededScope::Nothing) => true,
            (_, NeededScope::Root) => false,
            (OperatorScopes::Some(has), NeededScope::OneOf(scopes)) => {
                scopes.iter().any(|scope| has.contains(scope))
            }
        }
    }

    /// Refuses a credential that does not work at `now`.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Problem> {
        match self {
            Self::Root => Ok(()),
            Self::Person { person, .. } if person.ends_at > now => Ok(()),
            Self::Person { .. } => Err(Code::BadAuthentication.into()),
            Self::Token { token, .. } => match token.standing(now) {
                Standing::Active => Ok(()),
                Standing::Expired => {
                    Err(Problem::from(Code::KeyExpired).saying("The operator token has expired."))
                }
                Standing::Ended => Err(Code::BadAuthentication.into()),
            },
        }
    }

    /// Returns the time at which the credential ends by itself.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        match self {
            Self::Root => None,
            Self::Token { token, .. } => token.expires_at,
            Self::Person { person, .. } => Some(person.ends_at),
        }
    }

    /// Returns the document that the credential rests on.
    pub(super) fn ground(&self) -> Option<Ground> {
        match self {
            Self::Root => None,
            Self::Token { ground, .. } | Self::Person { ground, .. } => Some(ground.clone()),
        }
    }
}

/// Returns the fingerprint by which the operator token `text` is found.
pub(crate) fn fingerprint(text: &Secret) -> String {
    hex::encode(Sha256::digest(text.expose()))
}

/// Identifies the operator by `credential`, which is seen as `sight` says; none if there is no such
/// token. One that would be refused is looked at as it is.
///
/// # Errors
/// The refusal of a known token, or that the backend is unavailable.
pub(crate) async fn identify(
    backend: &Backend,
    credential: &Secret,
    sight: Sight,
) -> Result<Option<Operator>, Problem> {
    let is_root = backend.operator.knows(credential.expose()).await;
    if matches!(is_root, Ok(true)) {
        return Ok(Some(Operator::Root));
    }
    // Where the root token is kept may be unavailable: that must not stop the others.
    let mut found = find(backend, credential, sight).await?;
    let is_good = |found: &Operator| found.check(backend.now()).is_ok();
    if sight != Sight::Present && backend.store.is_shared() && !found.as_ref().is_some_and(is_good)
    {
        found = find(backend, credential, Sight::Present).await?;
    }
    match found {
        Some(operator) => operator.check(backend.now()).map(|()| Some(operator)),
        None => is_root.map(|_| None).map_err(Problem::from),
    }
}

async fn find(
    backend: &Backend,
    credential: &Secret,
    sight: Sight,
) -> Result<Option<Operator>, Problem> {
    let store = &*backend.store;
    let key = [collections::operator_token_lookup(&fingerprint(credential))];
    let found = store.glance(&key, &[sight]).await?.into_iter().flatten().next();
    let Some(document) = found else { return Ok(None) };
    let token: Option<Versioned<OperatorToken>> = state(store, &document).await?;
    let ground = Ground { key: document.key, revision: document.revision };
    Ok(token.map(|token| Operator::Token { token: Arc::new(token.state), ground }))
}
