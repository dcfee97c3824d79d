//! Clock that a test moves, and the contract suite of clocks.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::Timestamp;
use ports::Clock;
use tokio::sync::{Notify, oneshot};

/// Clock that stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock {
    start: Timestamp,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    /// Sleepers by the time at which they wake.
    sleepers: BTreeMap<(Duration, u64), oneshot::Sender<()>>,
    next: u64,
}

impl ManualClock {
    /// Creates a clock that stands at `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self { start, state: Mutex::default(), changed: Notify::new() }
    }

    /// Moves the clock by `duration`, and wakes every sleeper that is due by then.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.elapsed += duration;
        let still_asleep = (state.elapsed, u64::MAX);
        let later = state.sleepers.split_off(&still_asleep);
        for (_, sleeper) in std::mem::replace(&mut state.sleepers, later) {
            // The sleeper may have been dropped.
            _ = sleeper.send(());
        }
    }

    /// Time until the first sleeper wakes; `None` if nobody sleeps.
    #[must_use]
    pub fn until_next(&self) -> Option<Duration> {
        let state = self.state();
        state.sleepers.keys().next().map(|(wake, _)| wake.saturating_sub(state.elapsed))
    }

    /// Waits until somebody sleeps for exactly `duration` from now.
    pub async fn slept_on(&self, duration: Duration) {
        loop {
            let changed = self.changed.notified();
            if self.has_sleeper_for(duration) {
                return;
            }
            changed.await;
        }
    }

    fn has_sleeper_for(&self, duration: Duration) -> bool {
        let state = self.state();
        let wake = state.elapsed + duration;
        state.sleepers.range((wake, 0)..=(wake, u64::MAX)).next().is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that stands at an ordinary moment of 2026.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(Timestamp::from_millis(1_770_000_000_000))
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.plus(self.monotonic())
    }

    fn monotonic(&self) -> Duration {
        self.state().elapsed
    }

    async fn sleep(&self, duration: Duration) {
        if duration.is_zero() {
            return;
        }
        let (wake, woken) = oneshot::channel();
        let place = {
            let mut state = self.state();
            state.next += 1;
            let place = (state.elapsed + duration, state.next);
            state.sleepers.insert(place, wake);
            place
        };
        let _leaving = Leaving { clock: self, place };
        self.changed.notify_one();
        // Never an error: the sender stays in the map until it is used.
        _ = woken.await;
    }
}

/// Guard that removes a sleeper from the map if it is dropped before its time.
struct Leaving<'a> {
    clock: &'a ManualClock,
    place: (Duration, u64),
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&self.place);
    }
}

/// Fixture of the suite: a clock that runs by itself.
pub struct Fixture {
    /// Clock under test.
    pub clock: Arc<dyn Clock>,
}

/// Generates the tests of a clock that runs by itself.
#[macro_export]
macro_rules! clock_suite {
    ($fixture:path) => {
        $crate::promises! { $fixture, clock:
            a_sleep_lasts_at_least_as_long_as_asked
            a_sleep_of_zero_returns_at_once
        }
    };
}

/// A sleep takes its time by the wall clock and by the monotonic one.
///
/// # Panics
/// Fails if the contract is broken.
pub async fn a_sleep_lasts_at_least_as_long_as_asked(fixture: &Fixture) {
    let clock = &fixture.clock;
    let duration = Duration::from_millis(20);
    let (began, wall) = (clock.monotonic(), clock.now());
    clock.sleep(duration).await;
    assert!(clock.monotonic() >= began + duration);
    // The wall clock has whole milliseconds, so one may be missing.
    assert!(clock.now().since(wall) + Duration::from_millis(1) >= duration);
}

/// A sleep of zero returns at once.
///
/// # Panics
/// Fails if the contract is broken.
pub async fn a_sleep_of_zero_returns_at_once(fixture: &Fixture) {
    let began = fixture.clock.monotonic();
    fixture.clock.sleep(Duration::ZERO).await;
    assert!(fixture.clock.monotonic() < began + Duration::from_secs(1));
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_time_has_passed_and_not_before() {
        let clock = ManualClock::default();
        let began = clock.now();
        let mut sleep = clock.sleep(Duration::from_secs(5));
        assert!((&mut sleep).now_or_never().is_none());
        assert_eq!(clock.until_next(), Some(Duration::from_secs(5)));
        clock.advance(Duration::from_secs(4));
        assert!((&mut sleep).now_or_never().is_none());
        clock.advance(Duration::from_secs(1));
        sleep.await;
        assert_eq!(clock.now().since(began), Duration::from_secs(5));
    }

    #[test]
    fn a_sleeper_that_has_gone_is_forgotten() {
        let clock = ManualClock::default();
        assert!(clock.sleep(Duration::from_secs(5)).now_or_never().is_none());
        assert_eq!(clock.until_next(), None);
    }
}
