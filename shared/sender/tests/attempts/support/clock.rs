use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use ports::Clock;
use tokio::sync::watch;

/// Clock that stands still until the test moves it.
pub(crate) struct TestClock {
    passed: watch::Sender<Duration>,
    asked: watch::Sender<Vec<Duration>>,
    frozen: watch::Sender<Duration>,
}

impl Default for TestClock {
    fn default() -> Self {
        Self {
            passed: watch::Sender::new(Duration::ZERO),
            asked: watch::Sender::new(vec![]),
            frozen: watch::Sender::new(Duration::ZERO),
        }
    }
}

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.passed.send_modify(|passed| *passed += by);
    }

    /// Lets time pass of which the process notices nothing but by the wall clock.
    pub(crate) fn freeze(&self, by: Duration) {
        self.frozen.send_modify(|frozen| *frozen += by);
    }

    /// Waits until somebody has begun to sleep for exactly `duration`.
    pub(crate) async fn is_waited_for(&self, duration: Duration) {
        self.is_waited_for_times(duration, 1).await;
    }

    /// Waits until somebody has begun to sleep for exactly `duration` that many times.
    pub(crate) async fn is_waited_for_times(&self, duration: Duration, times: usize) {
        let count = |asked: &Vec<Duration>| asked.iter().filter(|wait| **wait == duration).count();
        self.asked.subscribe().wait_for(|asked| count(asked) >= times).await.unwrap();
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        start.plus(self.monotonic()).plus(*self.frozen.borrow())
    }

    fn monotonic(&self) -> Duration {
        *self.passed.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.monotonic() + duration;
        self.asked.send_modify(|asked| asked.push(duration));
        self.passed.subscribe().wait_for(|passed| *passed >= until).await.unwrap();
    }
}
