//! The rules of everything that is event-sourced, read as given / when / then; what holds of every
//! fold; and the events as they have been stored since the first release.

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
mod key;
mod specification;
mod subjects;
mod webhook;
