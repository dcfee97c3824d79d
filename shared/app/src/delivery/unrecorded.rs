//! Attempts that were made and can't be recorded yet.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backon::{BackoffBuilder as _, ConstantBackoff, ConstantBuilder};

use crate::{App, problem::Problem};

/// The pauses before recording is tried again: 24 seconds. What was sent and not recorded is sent
/// again, so this is worth some patience; but the message must not become visible to others
/// meanwhile.
const BACKOFF: ConstantBuilder =
    ConstantBuilder::new().with_delay(Duration::from_secs(1)).with_max_times(24);

/// How many there are. While there is one, the backend takes no commits: another attempt could not
/// be recorded either, and would be made again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unrecorded(Arc<AtomicUsize>);

impl Unrecorded {
    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(self.clone())
    }
}

/// An attempt that can't be recorded yet.
struct One(Unrecorded);

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The patience that recording one attempt is worth.
pub(super) struct Patience<'a> {
    app: &'a App,
    pauses: ConstantBackoff,
    unrecorded: Option<One>,
}

impl<'a> Patience<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self { app, pauses: BACKOFF.build(), unrecorded: None }
    }

    /// Waits for the backend to be available again.
    ///
    /// # Errors
    /// `why` it is not, once all patience is spent.
    pub(super) async fn spend_on(&mut self, why: Problem) -> Result<(), Problem> {
        let Some(pause) = self.pauses.next() else { return Err(why) };
        self.unrecorded.get_or_insert_with(|| self.app.unrecorded.one());
        self.app.backend.clock.sleep(pause).await;
        Ok(())
    }
}
