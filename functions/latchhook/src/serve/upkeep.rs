//! Housekeeping: what has expired is removed, a little at a time.

use std::{sync::Arc, time::Duration};

use embedded::Embedded;
use ports::Clock;

/// How often.
const PERIOD: Duration = Duration::from_mins(1);
/// Documents removed in one transaction: few enough that commits beside it do not notice.
const BATCH: usize = 250;

/// Sweeps, until it is dropped.
pub(super) async fn keep(store: Embedded, clock: Arc<dyn Clock>) {
    loop {
        clock.sleep(PERIOD).await;
        match store.sweep(clock.now(), BATCH).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "swept what had expired"),
            Err(why) => tracing::error!(%why, "sweeping failed"),
        }
    }
}
