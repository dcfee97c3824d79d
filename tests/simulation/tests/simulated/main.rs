//! Tests of the whole product in simulated time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod again;
mod announced;
mod batches;
mod calls;
mod chaos;
mod contracts;
mod counted;
mod damage;
mod documents;
mod glances;
mod health;
mod imports;
mod interleaved;
mod large;
mod races;
mod recovery;
mod restart;
mod revocation;
mod rotation;
mod schedule;
mod secrets;
mod spread;
mod together;
mod views;
