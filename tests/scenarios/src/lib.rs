//! Scenarios: promises of the API, tested from outside against a running Latchhook.
//!
//! The scenarios in `tests/` are written from the API's contract alone. They run against a
//! [`Backend`]: by default a `latchhook serve` process of their own with real sockets and a real
//! file, or the one that `LATCHHOOK_URL` points to, with the operator token in
//! `LATCHHOOK_OPERATOR_TOKEN` and the settings of [`Settings::default`]. They do not know which;
//! [`Need`] lists what a deployed backend can't do.
//!
//! - [`Backend`] starts, restarts, kills and stops the product; [`Settings`] are what it is started
//!   with.
//! - [`Caller`] calls its API as one of the contract's callers and gets an [`Answer`], which has
//!   already been held to what the contract says of every answer.
//! - [`Account`], [`Key`] and [`Hook`] are the setup of most scenarios.
//! - [`Receiver`] is the customer's endpoint: it records what arrives and answers as told.
//! - [`clock`] is the one place that reads the clock. Nothing waits a fixed time: scenarios wait
//!   for something to become true, and fail when it doesn't within a generous limit.
//!
//! Every secret that an answer reveals is remembered, and when a backend of our own stops, its log
//! is searched for all of them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a harness: a panic is how a scenario fails, and a look may be all it wants"
)]

mod account;
mod answer;
mod backend;
mod client;
pub mod clock;
pub mod data;
mod name_server;
mod need;
mod process;
mod receiver;
mod reply;
mod settings;
mod tls;
mod watch;

pub use account::{Account, Hook, Key};
pub use answer::Answer;
pub use backend::Backend;
pub use client::{Call, Caller};
pub use name_server::{NameServer, Names};
pub use need::Need;
pub use process::Ended;
pub use receiver::{Received, Receiver};
pub use reply::{Gate, Reply};
pub use serde_json::{Value, json};
pub use settings::Settings;
pub use tls::Authority;
