//! Contract suites of the ports that the embedded backend implements.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use contracts::ManualClock;
use domain::Timestamp;
use latchhook_embedded::{Embedded, MemoryLimiter, Options};
use tempfile::TempDir;

fn open() -> (Arc<Embedded>, Arc<ManualClock>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let backend = Embedded::open(folder.path(), &Options::default(), clock.clone()).unwrap();
    (Arc::new(backend), clock, folder)
}

mod store {
    use super::*;

    async fn fixture() -> contracts::store::Fixture {
        let (backend, clock, folder) = open();
        let keeper = Box::new(folder);
        contracts::store::Fixture { store: backend.clone(), queue: backend, clock, keeper }
    }

    contracts::store_suite!(fixture);
}

mod queue {
    use super::*;

    async fn fixture() -> contracts::queue::Fixture {
        let (backend, clock, folder) = open();
        contracts::queue::Fixture {
            queue: backend.clone(),
            store: backend,
            time: clock,
            visibility_timeout: Options::default().visibility_timeout,
            keeper: Box::new(folder),
        }
    }

    contracts::queue_suite!(fixture);
}

mod limiter {
    use super::*;

    async fn fixture() -> contracts::limiter::Fixture {
        let begin = Timestamp::EPOCH.plus(Duration::from_hours(500_000));
        contracts::limiter::Fixture { limiter: Arc::new(MemoryLimiter::default()), begin }
    }

    contracts::limiter_suite!(fixture);
}
