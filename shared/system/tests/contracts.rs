//! Contract suites of the clock and randomness ports, for the system's implementations.

use std::sync::Arc;

use latchhook_system::{SystemClock, SystemIds};

mod ids {
    use super::*;

    async fn fixture() -> contracts::ids::Fixture {
        contracts::ids::Fixture {
            ids: Arc::new(SystemIds::new()),
            other: Arc::new(SystemIds::new()),
        }
    }

    contracts::ids_suite!(fixture);
}

mod clock {
    use super::*;

    async fn fixture() -> contracts::clock::Fixture {
        contracts::clock::Fixture { clock: Arc::new(SystemClock::new()) }
    }

    contracts::clock_suite!(fixture);
}
