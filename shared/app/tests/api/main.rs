//! Tests of the use cases through the API's router, on a simulated backend.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accesses;
mod as_of;
mod bodies;
mod browsers;
mod capabilities;
mod codes;
mod counting;
mod cursors;
mod fields;
mod following;
mod forms;
mod held;
mod idempotency;
mod last_used;
mod limits;
mod lists;
mod little_space;
mod live_mode;
mod masks;
mod meaning;
mod past;
mod permissions;
mod planted;
mod searching;
mod secrets;
mod sessions;
mod sign_in;
mod sns;
mod statistics;
mod times;
mod world;
