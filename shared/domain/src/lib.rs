//! What is true: accounts, API keys, webhooks, deliveries, the retry schedule, signing.
//!
//! Pure and synchronous: no I/O, no clock, no randomness. `now` and new identifiers come in with a
//! command; whatever comes out is a value.

pub mod account;
pub mod decider;
pub mod delivery;
pub mod event_types;
pub mod id;
pub mod key;
pub mod kinds;
pub mod secret;
pub mod signing;
pub mod time;
pub mod webhook;

pub use decider::{Decider, StoredEvent, UnreadableEvent};
pub use kinds::{Environment, Jurisdiction, KeyType};
pub use secret::{Revealed, Secret};
pub use time::Timestamp;
