//! The sealed vault and its key ring, from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod at_rest;
mod contract;
mod passphrase;
mod ring_file;
mod support;
