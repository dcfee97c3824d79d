//! Removal of expired documents.

use domain::Timestamp;
use ports::{ReadError, store::Scope};
use rusqlite::Connection;

use crate::Embedded;

impl Embedded {
    /// Removes the documents that have expired by `now`, `batch` of them a transaction, so that
    /// commits wait for one batch at most, and erases from the write-ahead log what was to be erased
    /// [soon](crate::Erased::soon). Returns the number of removed documents.
    ///
    /// # Errors
    /// When the store is unavailable; earlier batches stay removed.
    pub async fn sweep(&self, now: Timestamp, batch: usize) -> Result<u64, ReadError> {
        let batch = batch.max(1);
        let mut removed = 0;
        loop {
            let swept = self.inner.writer.sweep(now, batch).await?;
            removed += swept as u64;
            if swept < batch {
                self.erase().await?;
                return Ok(removed);
            }
        }
    }

    /// Erases from the write-ahead log what was to be erased soon.
    async fn erase(&self) -> Result<(), ReadError> {
        // Most of the log is moved beside the writer, so that the writer has little left to wait for.
        let move_log = |connection: &Connection| {
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        };
        self.inner.readers.long(Scope::Installation, "moving the log", move_log).await?;
        Ok(self.inner.writer.erase().await?)
    }
}
