//! Clocks for adapters of services that have their own clock.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::{ManualClock, queue::Time};
use domain::Timestamp;
use embedded::SystemClock;
use ports::Clock;

/// Largest lag of the emulator's clock: it is read at intervals, in `LocalStack` once a second.
const LATE: Duration = Duration::from_millis(1300);

/// Clock of a store: the test moves the wall clock, while pauses between tries take real time.
pub struct StoreTime {
    /// Clock that the test moves.
    pub manual: Arc<ManualClock>,
    /// Clock for the pauses.
    pub system: SystemClock,
}

#[async_trait]
impl Clock for StoreTime {
    fn now(&self) -> Timestamp {
        Clock::now(&*self.manual)
    }

    fn monotonic(&self) -> Duration {
        self.manual.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        self.system.sleep(duration).await;
    }
}

/// Clock of a service, which a test can only wait for.
pub struct RealTime(pub SystemClock);

#[async_trait]
impl Time for RealTime {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn pass(&self, duration: Duration) {
        self.0.sleep(duration + LATE).await;
    }
}
