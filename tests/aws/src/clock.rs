//! Clocks for adapters of services that have clocks of their own.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::{ManualClock, queue::Time};
use domain::Timestamp;
use embedded::SystemClock;
use ports::Clock;

/// How much later than ours the emulator's clock may tell a time: it looks at it in between,
/// `LocalStack` once a second.
const LATE: Duration = Duration::from_millis(1300);

/// A store's time: a test's to move, while pauses between tries pass by themselves.
pub struct StoreTime {
    /// The time.
    pub manual: Arc<ManualClock>,
    /// For the pauses.
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

/// A service's time: to be waited for.
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
