//! Removal of expired documents.

use domain::Timestamp;
use ports::Unavailable;
use rusqlite::{Connection, params};

use crate::{Embedded, text::to_integer, writer::delete_row};

impl Embedded {
    /// Removes the documents that have expired by `now`, `batch` of them a transaction, so that
    /// commits wait for one batch at most. Returns the number of removed documents.
    ///
    /// # Errors
    /// When the store is unavailable; earlier batches stay removed.
    pub async fn sweep(&self, now: Timestamp, batch: usize) -> Result<u64, Unavailable> {
        let batch = batch.max(1);
        let mut removed = 0;
        loop {
            let sweep = move |connection: &_| remove_expired(connection, now, batch);
            let swept = self.inner.writer.transact("sweeping", sweep).await?;
            removed += swept as u64;
            if swept < batch {
                return Ok(removed);
            }
        }
    }
}

fn remove_expired(connection: &Connection, now: Timestamp, most: usize) -> rusqlite::Result<usize> {
    let sql = "SELECT id, entries FROM documents WHERE expires_at <= ?1
               ORDER BY expires_at LIMIT ?2";
    let expired: Vec<(i64, Option<String>)> = connection
        .prepare_cached(sql)?
        .query_map(params![now.as_millis(), to_integer(most as u64)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, entries) in &expired {
        delete_row(connection, *id, entries.as_deref())?;
    }
    Ok(expired.len())
}
