//! Rules of the product: accounts, API keys, webhooks, deliveries, the retry schedule, signing.
//!
//! Pure and synchronous: no I/O, no clock, no randomness. `now` and new identifiers come in with a
//! command; every result is a value.
//!
//! Start reading at [`decider`], the interface of every type with a history: [`account`], [`key`],
//! [`webhook`], [`operator_token`], [`event_types`] and [`key_scopes`] each have a state, events and a `decide`
//! that holds the rules.
//! [`delivery`] has no event stream: it is a state, and a rule for what follows an attempt.
//! [`limits`] says how much anybody may use, [`capability`] what a portal session may do,
//! [`operator_scope`] what an operator token may. [`envelope`] says how deliveries are laid out, and
//! [`signing`] is the part that receivers verify. [`json_layout`] lays out JSON without changing
//! its content, [`answers`] says how large an answer may be. [`redaction`] masks secrets in everything that is stored or logged.

pub mod account;
pub mod answers;
pub mod capability;
pub mod compatibility;
pub mod decider;
pub mod delivery;
pub mod envelope;
pub mod event_types;
pub mod id;
pub mod json_layout;
pub mod jurisdiction;
pub mod key;
pub mod key_scopes;
pub mod kinds;
pub mod limits;
pub mod operational;
pub mod operator_scope;
pub mod operator_token;
pub mod redaction;
pub mod secret;
pub mod signing;
pub mod time;
pub mod webhook;

pub use capability::Capability;
pub use compatibility::Compatibility;
pub use decider::{Decider, StoredEvent, UnreadableEvent};
pub use envelope::{Envelope, PayloadFormat, SignatureHeaders};
pub use jurisdiction::{Jurisdiction, Jurisdictions, NotAJurisdiction};
pub use kinds::{Environment, KeyType};
pub use limits::{Limits, Rate};
pub use operational::{ExpiryNotice, MOST_OPERATIONAL_WEBHOOKS, OperationalEvent};
pub use operator_scope::{OperatorScope, OperatorScopes};
pub use redaction::Redacted;
pub use secret::{Revealed, Secret};
pub use time::Timestamp;
