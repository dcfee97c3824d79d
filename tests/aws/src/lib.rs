//! The AWS adapters against an emulator of AWS.
//!
//! Each [`Place`] has tables and queues of its own, so tests run side by side on one emulator, whose
//! address `tests/run aws` puts into the environment.

#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test fails by panicking")]

mod clock;
mod place;
mod wire;
pub mod world;

pub use clock::{RealTime, StoreTime};
pub use place::{Place, VISIBILITY_TIMEOUT};
pub use wire::Wire;
