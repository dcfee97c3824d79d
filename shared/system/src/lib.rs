//! [`Clock`](ports::Clock) and [`Ids`](ports::Ids) as the operating system has them, for every
//! backend that runs in real time.
//!
//! The only code that ships and reads the clock, waits, or draws random numbers for the product.

mod clock;
mod ids;

pub use clock::SystemClock;
pub use ids::SystemIds;
