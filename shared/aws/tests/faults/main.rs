//! Tests of faults that only AWS has, with scripted answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commits;
mod limiter;
mod queue;
mod reads;
mod secrets;
mod service;
