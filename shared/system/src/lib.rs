//! Implementations of [`Clock`](ports::Clock) and [`Ids`](ports::Ids) by the operating system, for
//! every backend that runs in real time.
//!
//! This is the only code of the product that reads the clock, waits, or draws random numbers.

mod clock;
mod ids;

pub use clock::SystemClock;
pub use ids::SystemIds;
