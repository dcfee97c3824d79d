//! Rotation of the key ring: takes up a ring that a command has changed, and brings everything
//! under its newest key and pepper.

use std::{error::Error, path::PathBuf, sync::Arc, time::Duration};

use app::{App, resealing::Resealed};
use ports::{Chain, Clock};
use sealed::{SealedVault, ring_file};

/// Interval between two looks at the file.
const PERIOD: Duration = Duration::from_secs(10);
/// Pause after each commit: with a few milliseconds for the commit itself, about a hundred a second.
const PAUSE: Duration = Duration::from_millis(5);

/// Upkeep of the key ring.
pub(crate) struct Keeper {
    pub(crate) vault: Arc<SealedVault>,
    pub(crate) app: Arc<App>,
    pub(crate) file: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Keeper {
    /// Keeps the ring until it is dropped.
    pub(crate) async fn keep(self) {
        let mut is_done = false;
        loop {
            match self.take_up().await {
                Ok(is_new) => is_done &= !is_new,
                Err(why) => {
                    tracing::error!(error = %Chain(&*why), "the key ring can't be taken up");
                }
            }
            if !is_done {
                is_done = self.reseal().await;
            }
            self.clock.sleep(PERIOD).await;
        }
    }

    /// Takes up the ring in the file; returns whether it is another one than before.
    async fn take_up(&self) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let file = self.file.clone();
        let read = tokio::task::spawn_blocking(move || ring_file::load(&file)).await;
        let ring = read??;
        let has_older = ring.has_older();
        let is_new = self.vault.adopt(ring).await?;
        match (is_new, has_older) {
            (false, _) => {}
            (true, true) => tracing::info!("the key ring was rotated; resealing begins"),
            (true, false) => tracing::info!("the key ring has only its newest key and pepper now"),
        }
        Ok(is_new)
    }

    /// Brings everything under the newest key and pepper; returns whether all of it is.
    async fn reseal(&self) -> bool {
        match self.vault.has_older().await {
            Ok(false) => return true,
            Ok(true) => {}
            Err(why) => {
                tracing::error!(error = %Chain(&why), "the key ring can't be read");
                return false;
            }
        }
        match self.app.reseal(PAUSE).await {
            Ok(Resealed { data_keys, fingerprints, left }) => {
                tracing::info!(data_keys, fingerprints, left, "resealed under the new key ring");
                left == 0
            }
            Err(problem) => {
                tracing::error!(why = &*problem.message, "resealing was interrupted");
                false
            }
        }
    }
}
