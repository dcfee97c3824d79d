//! Name resolution.

use std::net::IpAddr;

use async_trait::async_trait;
use domain::id::AccountId;

/// Party for which a name is looked up; each has a bounded share of the look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Account, which chose the name.
    Account(AccountId),
    /// Operator: the name is from the configuration.
    Operator,
}

/// Reason why a name led to no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// There is no such name, or it has no address.
    #[error("the name has no address")]
    NoAddress,
    /// No name server gave an answer that could be used.
    #[error("no name server answered")]
    NoAnswer,
    /// No name server could be asked, because this machine had no socket for it.
    #[error("this machine has no socket left")]
    OutOfSockets,
}

/// Resolver: looks names up.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Returns every address of `name`, at least one, in the order in which they are to be tried.
    /// The name is absolute: no search domain is ever added to it. Dropping the future ends the
    /// look-up.
    ///
    /// The number of concurrent look-ups of one asker is bounded, which leaves room for every
    /// other; further ones wait. The caller therefore sets the deadline.
    ///
    /// # Errors
    /// [`Unresolved`] when there is no address.
    async fn resolve(&self, asker: Asker, name: &str) -> Result<Vec<IpAddr>, Unresolved>;
}
