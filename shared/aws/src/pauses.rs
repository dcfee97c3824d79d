//! The waits between tries of what passes by itself.

use std::time::Duration;

use ports::Clock;

/// The first wait; doubled for each further one.
const FIRST: Duration = Duration::from_millis(10);
/// How many there are: 310 milliseconds in all, less what the jitter takes off.
const MOST: u32 = 5;

/// A bounded row of waits, each twice as long as the one before.
pub(crate) struct Pauses<'a> {
    clock: &'a dyn Clock,
    /// Which part of each wait is waited: two who met do not meet again.
    jitter: u8,
    made: u32,
}

impl<'a> Pauses<'a> {
    /// Waits by `clock`; `jitter` is random.
    pub(crate) const fn new(clock: &'a dyn Clock, jitter: u8) -> Self {
        Self { clock, jitter, made: 0 }
    }

    /// Waits, or says that it has been enough.
    pub(crate) async fn pause(&mut self) -> bool {
        if self.made == MOST {
            return false;
        }
        let whole = FIRST * 2_u32.pow(self.made);
        // Another part each time.
        let part = self.jitter.rotate_left(3 * self.made);
        self.made += 1;
        self.clock.sleep(whole / 2 + whole / 2 * u32::from(part) / 255).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use contracts::ManualClock;

    use super::*;

    #[tokio::test]
    async fn each_wait_is_twice_as_long_and_they_end() {
        for jitter in [0, 7, 255] {
            let clock = ManualClock::default();
            let mut pauses = Pauses::new(&clock, jitter);
            let mut shortest = FIRST / 2;
            for _ in 0..MOST {
                let mut pause = Box::pin(pauses.pause());
                assert!(futures_util::poll!(&mut pause).is_pending());
                let wait = clock.until_next().unwrap();
                assert!(wait >= shortest && wait <= 2 * shortest, "{wait:?}");
                clock.advance(wait);
                assert!(pause.await);
                shortest *= 2;
            }
            assert!(!pauses.pause().await);
        }
    }
}
