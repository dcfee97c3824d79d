//! Names into addresses.

use std::net::IpAddr;

use async_trait::async_trait;
use domain::id::AccountId;

/// Whoever a name is looked up for. Their share of the look-ups bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// An account: a name that it chose.
    Account(AccountId),
    /// The operator: a name from the configuration.
    Operator,
}

/// Why a name led to no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// There is no such name, or it has no address.
    #[error("the name has no address")]
    NoAddress,
    /// No name server gave an answer that could be used.
    #[error("no name server answered")]
    NoAnswer,
}

/// Looks names up.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Every address of `name`, in the order in which they are to be tried; never none. The name is
    /// absolute: no search domain is ever added to it. Dropping the future ends the look-up.
    ///
    /// What one asker has under way is bounded, and leaves room for every other; what is beyond
    /// that waits its turn. So the caller sets the deadline.
    ///
    /// # Errors
    /// [`Unresolved`] when the name leads nowhere.
    async fn resolve(&self, asker: Asker, name: &str) -> Result<Vec<IpAddr>, Unresolved>;
}
