//! The API's use cases, through its router.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod as_of;
mod bodies;
mod browsers;
mod codes;
mod cursors;
mod fields;
mod forms;
mod idempotency;
mod lists;
mod permissions;
mod secrets;
mod sign_in;
mod statistics;
mod times;
mod world;
