//! Housekeeping: removes expired documents, a few at a time.

use std::{sync::Arc, time::Duration};

use embedded::Embedded;
use ports::Clock;

/// Interval between two sweeps.
const PERIOD: Duration = Duration::from_mins(1);
/// Number of documents removed in one transaction: few enough not to delay other commits
/// noticeably.
const BATCH: usize = 250;

/// Sweeps expired documents until it is dropped.
pub(crate) async fn keep(store: Embedded, clock: Arc<dyn Clock>) {
    loop {
        clock.sleep(PERIOD).await;
        match store.sweep(clock.now(), BATCH).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "swept expired documents"),
            Err(why) => tracing::error!(%why, "sweeping failed"),
        }
    }
}
