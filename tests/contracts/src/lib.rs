//! What each port promises, as suites that every adapter passes: the embedded backend's today, the
//! AWS adapters' with the same files.
//!
//! An adapter's test file has an `async fn fixture()` that makes an empty backend, and names the
//! suite:
//!
//! ```text
//! contracts::store_suite!(fixture);
//! ```
//!
//! A module has room for one suite.
//!
//! Each promise is one function here, and becomes one test there. [`ManualClock`] is for the
//! adapters, so that no suite waits for time to pass by itself.

pub mod clock;
pub mod ids;
pub mod limiter;
pub mod queue;
pub mod store;
pub mod vault;

pub use clock::ManualClock;

/// Makes a `#[tokio::test]` of each promise of a suite, on a fixture of its own.
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
