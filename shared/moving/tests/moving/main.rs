//! Moving from one backend to another, in process: what survives, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod half_way;
mod refused;
mod support;
mod survives;
