//! What is true: accounts, API keys, webhooks, deliveries, the retry schedule, signing.
//!
//! Pure and synchronous: no I/O, no clock, no randomness. `now` and new identifiers come in with a
//! command; whatever comes out is a value.
//!
//! Read it from [`decider`], the shape of everything that has a history: [`account`], [`key`],
//! [`webhook`] and [`event_types`] each have their state, their events and a `decide` that holds
//! the rules. [`delivery`] has no stream: it is a state, and the rule of what follows an attempt.
//! [`signing`] is what receivers verify. [`json_layout`] shows JSON without changing what it says.
//! [`redaction`] masks secrets in whatever is kept or logged.

pub mod account;
pub mod decider;
pub mod delivery;
pub mod event_types;
pub mod id;
pub mod json_layout;
pub mod key;
pub mod kinds;
pub mod redaction;
pub mod secret;
pub mod signing;
pub mod time;
pub mod webhook;

pub use decider::{Decider, StoredEvent, UnreadableEvent};
pub use kinds::{Environment, Jurisdiction, KeyType};
pub use redaction::Redacted;
pub use secret::{Revealed, Secret};
pub use time::Timestamp;
