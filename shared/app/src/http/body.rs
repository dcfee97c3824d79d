//! Body of a request, as the backend's server sees it: whose it is, and why it is cut off.

use std::sync::{Arc, OnceLock};

use domain::id::AccountId;

use crate::auth::Caller;

/// Party that a request's body counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Operator.
    Operator,
    /// Account, by any of its keys and sessions.
    Account(AccountId),
}

impl From<&Caller> for Owner {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Operator(_) => Self::Operator,
            Caller::Portal { account, .. } | Caller::Key { account, .. } => {
                Self::Account(account.state.id)
            }
        }
    }
}

/// Place for the owner of a request's body: an extension of the request that the backend's server
/// inserts, filled as soon as the caller is known.
#[derive(Debug, Clone, Default)]
pub struct BodyOwner(Arc<OnceLock<Owner>>);

impl BodyOwner {
    /// Sets the owner; the first one stays.
    pub fn set(&self, owner: Owner) {
        let _ = self.0.set(owner);
    }

    /// Returns the owner; none before the caller is known.
    #[must_use]
    pub fn get(&self) -> Option<Owner> {
        self.0.get().copied()
    }
}

/// Reason why the backend's server cuts a body off; the source of the body's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyRefused {
    /// The body did not arrive as a whole within the time limit.
    #[error("the request body did not arrive in time")]
    Late,
    /// Too many bytes of bodies are held at once, of its owner or of all.
    #[error("too many request bodies are held at once")]
    Crowded,
}

impl BodyRefused {
    /// Returns the reason that is behind `error`.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        std::iter::successors(Some(error), |error| error.source())
            .find_map(|error| error.downcast_ref().copied())
    }
}
