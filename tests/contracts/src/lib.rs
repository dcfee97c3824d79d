//! Contract suites of the ports, which the adapters of every backend pass.
//!
//! An adapter's test file has an `async fn fixture()` that creates an empty backend, and names the
//! suite:
//!
//! ```text
//! contracts::store_suite!(fixture);
//! ```
//!
//! A module can hold one suite.
//!
//! Each promise of a port is one function here, and becomes one test there. Adapters under test get
//! a [`ManualClock`], so that no suite waits for real time.

pub mod clock;
pub mod ids;
pub mod limiter;
pub mod queue;
pub mod store;
pub mod vault;

pub use clock::ManualClock;

/// Generates a `#[tokio::test]` for each promise of a suite, on a fixture of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! promises {
    ($fixture:path, $($suite:ident)::+: $($promise:ident)*) => {
        use $crate::$($suite)::+ as promised;

        $(
            #[tokio::test]
            async fn $promise() {
                promised::$promise(&$fixture().await).await;
            }
        )*
    };
}
