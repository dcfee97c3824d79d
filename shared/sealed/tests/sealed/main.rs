//! Tests of the sealed vault and its key ring through their public interface.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod at_rest;
mod contract;
mod passphrase;
mod ring_file;
mod rotation;
mod support;
