//! Tests of the AWS adapters against an emulator.
//!
//! Each [`Place`] has tables and queues of its own, so tests run side by side on one emulator,
//! whose address `tests/run aws` puts into the environment.

#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod chain;
mod clock;
mod death;
pub mod ledger;
mod place;
pub mod released;
mod wire;
pub mod world;

pub use clock::{RealTime, StoreTime};
pub use death::{Death, SEND, Side};
pub use place::{Place, VISIBILITY_TIMEOUT};
pub use wire::Wire;
