//! Events.

use domain::id::{AccountId, AuditId};
use ports::store::{EventName, NewEvent, RecordedEvent, StreamId};
use rusqlite::{Connection, Row, params};
use serde_json::value::RawValue;

use crate::text::{from_integer, to_integer, unreadable};

/// Returns the events of `stream` after version `after`.
pub(crate) fn stream(
    connection: &Connection,
    stream: StreamId,
    after: u64,
) -> rusqlite::Result<Vec<RecordedEvent>> {
    let sql = "SELECT position, stream, version, id, name, schema_version, payload, metadata
               FROM events WHERE stream = ?1 AND version > ?2 ORDER BY version";
    connection
        .prepare_cached(sql)?
        .query_map(params![stream.to_string(), to_integer(after)], read)?
        .collect()
}

/// Returns up to `most` events of `account` older than `before`, newest first.
pub(crate) fn history(
    connection: &Connection,
    account: AccountId,
    before: Option<AuditId>,
    most: usize,
) -> rusqlite::Result<Vec<RecordedEvent>> {
    let sql = "SELECT position, stream, version, id, name, schema_version, payload, metadata
               FROM events WHERE account = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    // Greater than every identifier.
    let before = before.map_or_else(|| "b".to_owned(), |before| before.to_string());
    connection
        .prepare_cached(sql)?
        .query_map(params![account.to_string(), before, to_integer(most as u64)], read)?
        .collect()
}

/// Returns up to `most` events after position `after`, and the position of the last if there may be
/// more.
pub(crate) fn replay(
    connection: &Connection,
    after: i64,
    most: usize,
) -> rusqlite::Result<(Vec<RecordedEvent>, Option<i64>)> {
    let sql = "SELECT position, stream, version, id, name, schema_version, payload, metadata
               FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, to_integer(most as u64)])?;
    let mut events = Vec::new();
    let mut last = None;
    while let Some(row) = rows.next()? {
        last = Some(row.get(0)?);
        events.push(read(row)?);
    }
    let full = events.len() >= most;
    Ok((events, last.filter(|_| full)))
}

fn read(row: &Row<'_>) -> rusqlite::Result<RecordedEvent> {
    let stream = row.get_ref(1)?.as_str()?;
    let id = row.get_ref(3)?.as_str()?;
    let metadata = row.get_ref(7)?.as_str()?;
    Ok(RecordedEvent {
        stream: stream.parse().map_err(unreadable)?,
        version: from_integer(row.get(2)?),
        event: NewEvent {
            id: id.parse().map_err(unreadable)?,
            name: EventName { name: row.get(4)?, schema_version: row.get(5)? },
            payload: RawValue::from_string(row.get(6)?).map_err(unreadable)?,
            metadata: serde_json::from_str(metadata).map_err(unreadable)?,
        },
    })
}
