//! Tests of faults that only AWS has, with scripted answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apart;
mod commits;
mod glances;
mod limiter;
mod queue;
mod reads;
mod secrets;
mod service;
