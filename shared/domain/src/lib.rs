//! Rules of the product: accounts, API keys, webhooks, deliveries, the retry schedule, signing.
//!
//! Pure and synchronous: no I/O, no clock, no randomness. `now` and new identifiers come in with a
//! command; every result is a value.
//!
//! Start reading at [`decider`], the interface of every type with a history: [`account`], [`key`],
//! [`webhook`] and [`event_types`] each have a state, events and a `decide` that holds the rules.
//! [`delivery`] has no event stream: it is a state, and a rule for what follows an attempt.
//! [`limits`] says how much anybody may use, [`capability`] what a portal session may do.
//! [`signing`] is the part that receivers verify. [`json_layout`] lays out JSON without changing
//! its content. [`redaction`] masks secrets in everything that is stored or logged.

pub mod account;
pub mod capability;
pub mod decider;
pub mod delivery;
pub mod event_types;
pub mod id;
pub mod json_layout;
pub mod key;
pub mod kinds;
pub mod limits;
pub mod redaction;
pub mod secret;
pub mod signing;
pub mod time;
pub mod webhook;

pub use capability::Capability;
pub use decider::{Decider, StoredEvent, UnreadableEvent};
pub use kinds::{Environment, Jurisdiction, KeyType};
pub use limits::{Limits, Rate};
pub use redaction::Redacted;
pub use secret::{Revealed, Secret};
pub use time::Timestamp;
