//! Rows of documents that have expired.

use domain::Timestamp;
use ports::store::Partition;
use rusqlite::{Connection, OptionalExtension as _};

use super::documents::delete_row;

/// Row that has expired.
struct Expired {
    id: i64,
    partition: String,
    entries: Option<String>,
}

/// Removes up to `most` documents that have expired by `now`; returns their partitions.
pub(super) fn remove(
    connection: &Connection,
    now: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<Partition>> {
    let expired = expired(connection, now, most)?;
    for Expired { id, entries, .. } in &expired {
        delete_row(connection, *id, entries.as_deref())?;
    }
    Ok(expired.into_iter().map(|row| Partition::from_stored(row.partition)).collect())
}

/// Returns up to `most` rows that have expired. A row that is damaged stays: nobody knows when it
/// expires.
fn expired(connection: &Connection, now: Timestamp, most: usize) -> rusqlite::Result<Vec<Expired>> {
    let listed = "SELECT id FROM documents WHERE expires_at <= ?1 ORDER BY expires_at";
    // The index alone says that they have; here the rows themselves have to say so as well.
    let themselves = "SELECT partition, entries FROM documents WHERE id = ?2 AND expires_at <= ?1
                      AND checksum = row_checksum(partition, sort, revision, expires_at, body)";
    let (now, mut found) = (now.as_millis(), Vec::new());
    let (mut listed, mut row) =
        (connection.prepare_cached(listed)?, connection.prepare_cached(themselves)?);
    let mut listed = listed.query([now])?;
    while found.len() < most
        && let Some(listed) = listed.next()?
    {
        let id: i64 = listed.get(0)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Expired { id, partition: row.get(0)?, entries: row.get(1)? })
        };
        found.extend(row.query_row([now, id], read).optional()?);
    }
    Ok(found)
}
