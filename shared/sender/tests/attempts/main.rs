//! Tests of attempts over real sockets: servers on loopback, a clock that the test moves, and names
//! that the test resolves.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod bodies;
mod connections;
mod failures;
mod http1_instead;
mod http2;
mod odd_answers;
mod rebinding;
mod resending;
mod sns;
mod support;
mod tls;
mod tricks;
