//! Events.

use domain::id::AccountId;
use ports::store::{
    EventName, HistoryPart, HistoryQuery, NewEvent, Order, RecordedEvent, StreamId, StreamQuery,
    StreamsQuery,
};
use rusqlite::{Connection, Row, params};
use serde_json::value::RawValue;

use crate::{
    checksum::Checksum,
    text::{from_integer, to_integer, unreadable},
};

/// Returns a page of one stream's events.
pub(crate) fn stream(
    connection: &Connection,
    query: &StreamQuery,
) -> rusqlite::Result<Vec<RecordedEvent>> {
    let (sql, past) = match query.order {
        Order::Ascending => (
            "SELECT position, stream, version, id, name, schema_version, payload, metadata,
                    checksum, account
             FROM events WHERE stream = ?1 AND version > ?2 ORDER BY version LIMIT ?3",
            query.past.unwrap_or(0),
        ),
        Order::Descending => (
            "SELECT position, stream, version, id, name, schema_version, payload, metadata,
                    checksum, account
             FROM events WHERE stream = ?1 AND version < ?2 ORDER BY version DESC LIMIT ?3",
            query.past.unwrap_or(i64::MAX as u64),
        ),
    };
    let limit = to_integer(query.limit as u64);
    connection
        .prepare_cached(sql)?
        .query_map(params![query.stream.to_string(), to_integer(past), limit], read)?
        .collect()
}

/// Returns the streams of one kind that an account has, greatest subject first.
pub(crate) fn streams(
    connection: &Connection,
    query: &StreamsQuery,
) -> rusqlite::Result<Vec<StreamId>> {
    let sql = "SELECT stream FROM events INDEXED BY events_first
               WHERE version = 1 AND account = ?1 AND stream >= ?2 AND stream < ?3
               ORDER BY stream DESC LIMIT ?4";
    let account = query.account;
    let first = format!("{account}/{}", query.kind.prefix());
    // Greater than whatever begins like that.
    let end = format!("{first}~").min(format!("{account}/{}", query.below));
    let history = history_name(account, HistoryPart::Changes);
    let read = |row: &Row<'_>| row.get_ref(0)?.as_str()?.parse().map_err(unreadable);
    connection
        .prepare_cached(sql)?
        .query_map(params![history, first, end, to_integer(query.limit as u64)], read)?
        .collect()
}

/// Returns a page of an account's history.
pub(crate) fn history(
    connection: &Connection,
    query: &HistoryQuery,
) -> rusqlite::Result<Vec<RecordedEvent>> {
    // Smaller, and greater, than every identifier.
    let (sql, end) = match query.order {
        Order::Ascending => (
            "SELECT position, stream, version, id, name, schema_version, payload, metadata,
                    checksum, account
             FROM events WHERE account = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            "",
        ),
        Order::Descending => (
            "SELECT position, stream, version, id, name, schema_version, payload, metadata,
                    checksum, account
             FROM events WHERE account = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
            "b",
        ),
    };
    let past = query.past.map_or_else(|| end.to_owned(), |past| past.to_string());
    let limit = to_integer(query.limit as u64);
    let mut select = connection.prepare_cached(sql)?;
    let mut pages = Vec::new();
    for part in query.parts() {
        let history = history_name(query.account, *part);
        let page = select.query_map(params![history, past, limit], read)?;
        pages.push(page.collect::<rusqlite::Result<_>>()?);
    }
    Ok(query.merge(pages))
}

/// Returns the name of a part of an account's history, in the column `account`. Accesses have one of
/// their own, so that whoever reads the changes passes over none of them.
pub(crate) fn history_name(account: AccountId, part: HistoryPart) -> String {
    match part {
        HistoryPart::Changes => account.to_string(),
        HistoryPart::Accesses => format!("{account}/access"),
    }
}

/// Returns up to `most` events after position `after`, and the position of the last if there may be
/// more.
pub(crate) fn replay(
    connection: &Connection,
    after: i64,
    most: usize,
) -> rusqlite::Result<(Vec<RecordedEvent>, Option<i64>)> {
    let sql = "SELECT position, stream, version, id, name, schema_version, payload, metadata,
                    checksum, account
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
    checked(row)?;
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

/// Refuses a row that is not as it was written.
fn checked(row: &Row<'_>) -> rusqlite::Result<()> {
    let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
    let account = row.get_ref(9)?.as_str_or_null()?;
    let sum = sum_of(
        (text(1)?, row.get(2)?),
        (text(3)?, account),
        (text(4)?, row.get(5)?),
        (text(6)?, text(7)?),
    );
    sum.expect(row.get(8)?, "events")
}

/// Returns the checksum of an event's row: stream and version, identifier and account, name and schema
/// version, payload and metadata.
pub(crate) fn sum_of(
    (stream, version): (&str, i64),
    (id, account): (&str, Option<&str>),
    (name, schema_version): (&str, i64),
    (payload, metadata): (&str, &str),
) -> Checksum {
    let sum = Checksum::default().text(stream).integer(version).text(id).optional_text(account);
    sum.text(name).integer(schema_version).text(payload).text(metadata)
}
