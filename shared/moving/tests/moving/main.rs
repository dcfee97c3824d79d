//! Tests of moving from one backend to another, in process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod half_way;
mod refused;
mod support;
mod survives;
