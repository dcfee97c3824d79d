//! Rules of everything event-sourced, as given / when / then; properties of every fold; and the
//! events as stored since the first release.

#![expect(
    clippy::unwrap_used,
    reason = "all of it is a test; the lint's exception sees only the functions marked as one"
)]

mod account;
mod delivery;
mod delivery_driver;
mod event_types;
mod folds;
mod golden;
mod health;
mod key;
mod key_scopes;
mod operator_token;
mod specification;
mod subjects;
mod webhook;
mod webhook_settings;
