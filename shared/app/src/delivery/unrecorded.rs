//! Attempts that were made but can't be recorded yet.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backon::{BackoffBuilder as _, ConstantBackoff, ConstantBuilder};
use ports::Clock;

use crate::problem::Problem;

/// Pauses between attempts to record: 24 seconds in all. An attempt that was sent but not recorded
/// is sent again, so waiting is worthwhile; but the message must not become visible to other
/// workers meanwhile.
const BACKOFF: ConstantBuilder =
    ConstantBuilder::new().with_delay(Duration::from_secs(1)).with_max_times(24);

/// Count of unrecorded attempts. While there is one, the backend accepts no commits: another
/// attempt could not be recorded either, and would be repeated again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unrecorded(Arc<AtomicUsize>);

impl Unrecorded {
    /// Returns whether there are any.
    pub(super) fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    fn one(&self) -> UnrecordedAttempt {
        self.0.fetch_add(1, Ordering::Relaxed);
        UnrecordedAttempt(self.clone())
    }
}

/// Unrecorded attempt; counted until it is dropped.
struct UnrecordedAttempt(Unrecorded);

impl Drop for UnrecordedAttempt {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Remaining pauses for recording one attempt.
pub(super) struct Patience<'a> {
    all: &'a Unrecorded,
    clock: &'a dyn Clock,
    pauses: ConstantBackoff,
    unrecorded: Option<UnrecordedAttempt>,
}

impl<'a> Patience<'a> {
    pub(super) fn new(all: &'a Unrecorded, clock: &'a dyn Clock) -> Self {
        Self { all, clock, pauses: BACKOFF.build(), unrecorded: None }
    }

    /// Waits before the next try to record.
    ///
    /// # Errors
    /// `why`, once all pauses are used up.
    pub(super) async fn spend_on(&mut self, why: Problem) -> Result<(), Problem> {
        let Some(pause) = self.pauses.next() else { return Err(why) };
        self.unrecorded.get_or_insert_with(|| self.all.one());
        self.clock.sleep(pause).await;
        Ok(())
    }
}
