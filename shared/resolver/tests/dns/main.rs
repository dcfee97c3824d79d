//! The resolver against name servers on loopback that a test scripts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod names;
mod servers;
mod shares;
mod support;
