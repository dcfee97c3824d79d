//! What only AWS does wrong, by a script of its answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commits;
mod limiter;
mod queue;
mod reads;
mod secrets;
mod service;
