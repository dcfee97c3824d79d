//! Tests of the resolver against scripted name servers on loopback.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod names;
mod servers;
mod shares;
mod support;
