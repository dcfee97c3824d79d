//! What the product needs from a backend.
//!
//! Small object-safe traits, held as `Arc<dyn Port>`:
//!
//! * [`Store`]: event streams, documents and counters, changed by one atomic [`Commit`] a command;
//! * [`Queue`]: messages that become visible when they are due;
//! * [`Vault`]: secrets, and the fingerprints under which secrets are looked up;
//! * [`Resolve`]: names into addresses, for whoever asks;
//! * [`Vetting`]: the look at an endpoint when it is registered;
//! * [`Sender`]: what leaves the house, through the network guard;
//! * [`Limiter`]: how often a key may call;
//! * [`Clock`] and [`Ids`]: time and randomness.
//!
//! Every adapter of a port passes the same suite in `tests/contracts`, which is the full statement
//! of what a port promises; the sender, of which there is one for all backends, has tests of its
//! own. This crate has no implementation of anything and never does any I/O. Read it from
//! [`store::Commit`], which is what a command comes to.

pub mod clock;
pub mod ids;
pub mod limiter;
pub mod queue;
pub mod resolve;
pub mod sender;
pub mod store;
pub mod vault;

pub use clock::Clock;
pub use ids::Ids;
pub use limiter::Limiter;
pub use queue::Queue;
pub use resolve::Resolve;
pub use sender::{Sender, Vetting};
pub use store::{Commit, Store};
pub use vault::Vault;

/// The backend can't do what was asked right now, and nothing was changed.
///
/// A full disk, a closed store, a service that does not answer. The text is for the operator's log;
/// callers of the API are told `unavailable` and no more.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unavailable {
    /// What was tried.
    pub what: &'static str,
    /// Why it failed, in the adapter's words.
    pub why: String,
}

impl Unavailable {
    /// `what` failed because of `why`.
    pub fn new(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self { what, why: why.to_string() }
    }
}
