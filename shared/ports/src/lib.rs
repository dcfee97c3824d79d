//! Ports: the traits that a backend implements.
//!
//! Small object-safe traits, held as `Arc<dyn Port>`:
//!
//! * [`Store`]: event streams, documents and counters, changed by one atomic [`Commit`] a command;
//! * [`Queue`]: messages that become visible when they are due;
//! * [`Vault`]: secrets, and the fingerprints under which secrets are looked up;
//! * [`Resolve`]: names into addresses;
//! * [`Vetting`]: the network guard's check of an endpoint when it is registered;
//! * [`Sender`]: attempts, sent through the network guard;
//! * [`Limiter`]: budgets of accounts, their keys, sessions and webhooks;
//! * [`IdentityProvider`]: who somebody is that signs in as the operator;
//! * [`Fetch`]: requests to services that the operator has configured;
//! * [`Clock`] and [`Ids`]: time and randomness.
//!
//! Every adapter of a port passes the same suite in `tests/contracts`, which states everything that
//! a port promises; the sender, of which there is one for all backends, has tests of its own. This
//! crate has no implementation of anything and never does any I/O. Begin reading at
//! [`store::Commit`], the result of every command.

pub mod clock;
mod error;
mod fetch;
pub mod identity;
pub mod ids;
pub mod limiter;
pub mod queue;
pub mod resolve;
pub mod sender;
pub mod store;
pub mod trace;
pub mod vault;

pub use clock::Clock;
pub use error::{Chain, Corrupt, ReadError, Unavailable};
pub use fetch::Fetch;
pub use identity::IdentityProvider;
pub use ids::Ids;
pub use limiter::Limiter;
pub use queue::Queue;
pub use resolve::Resolve;
pub use sender::{Sender, Vetting};
pub use store::{Commit, Store};
pub use vault::Vault;
