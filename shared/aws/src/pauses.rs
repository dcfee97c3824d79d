//! Pauses before retries after a temporary failure.

use std::time::Duration;

use backon::ExponentialBuilder;

/// Minimum of the first pause; doubled for each further one. Jitter adds up to as much again, so
/// all of them add up to 155 to 310 milliseconds.
const FIRST: Duration = Duration::from_millis(5);
/// Number of pauses.
const MOST: usize = 5;

/// Returns pauses of which each is twice as long as the one before. Different `seed`s give
/// different jitter, so that two processes in conflict don't retry at the same time.
pub(crate) fn backoff(seed: u64) -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_min_delay(FIRST)
        .with_max_times(MOST)
        .with_jitter()
        .with_jitter_seed(seed)
}

#[cfg(test)]
mod tests {
    use backon::BackoffBuilder as _;

    use super::*;

    #[test]
    fn pauses_double_and_end() {
        for seed in [0, 7, u64::MAX] {
            let pauses: Vec<Duration> = backoff(seed).build().collect();
            assert_eq!(pauses.len(), MOST);
            let mut shortest = FIRST;
            for pause in pauses {
                assert!(pause >= shortest && pause <= 2 * shortest, "{pause:?}");
                shortest *= 2;
            }
        }
        assert!(!backoff(1).build().eq(backoff(2).build()));
    }
}
