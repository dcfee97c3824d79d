//! Documents, lists and counters.

use bytes::Bytes;
use domain::Timestamp;
use ports::store::{Document, Key, Order, Partition, Query, Range, Row as Listed};
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::ToSqlOutput};

use super::at_one_moment;
use crate::text::{from_integer, to_integer};

/// Returns the documents under `keys` at `now`.
pub(crate) fn get(
    connection: &Connection,
    keys: &[Key],
    now: Timestamp,
) -> rusqlite::Result<Vec<Option<Document>>> {
    match keys {
        [] => Ok(Vec::new()),
        // A single statement is a transaction by itself.
        [key] => Ok(vec![get_one(connection, key, now)?]),
        keys => at_one_moment(connection, || {
            keys.iter().map(|key| get_one(connection, key, now)).collect()
        }),
    }
}

fn get_one(
    connection: &Connection,
    key: &Key,
    now: Timestamp,
) -> rusqlite::Result<Option<Document>> {
    let sql = "SELECT revision, expires_at, body FROM documents
               WHERE partition = ?1 AND sort = ?2 AND (expires_at IS NULL OR expires_at > ?3)";
    connection
        .prepare_cached(sql)?
        .query_row(params![key.partition.as_str(), key.sort, now.as_millis()], |row| {
            read_document(row, key.clone())
        })
        .optional()
}

/// Reads a row that begins with revision, expiry and body.
pub(crate) fn read_document(row: &Row<'_>, key: Key) -> rusqlite::Result<Document> {
    Ok(Document {
        key,
        revision: from_integer(row.get(0)?),
        expires_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_millis),
        body: Bytes::from(row.get::<_, Vec<u8>>(2)?),
    })
}

/// Returns the rows of `query` at `now`.
pub(crate) fn query(
    connection: &Connection,
    query: &Query,
    now: Timestamp,
) -> rusqlite::Result<Vec<Listed>> {
    let (columns, from, prefix) = if query.index {
        (
            "d.revision, d.expires_at, d.body, e.sort, d.partition, d.sort",
            "entries e JOIN documents d ON d.id = e.document",
            "e",
        )
    } else {
        ("d.revision, d.expires_at, d.body, d.sort", "documents d", "d")
    };
    let direction = match query.order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    let bounds = bounds(&query.range, prefix);
    let sql = format!(
        "SELECT {columns} FROM {from}
         WHERE {prefix}.partition = :partition {bounds}
           AND (d.expires_at IS NULL OR d.expires_at > :now)
         ORDER BY {prefix}.sort {direction} LIMIT :limit"
    );
    let mut values = bindings(&query.partition, &query.range, now);
    values.push((":limit", to_integer(query.limit as u64).into()));
    connection
        .prepare_cached(&sql)?
        .query_map(&values[..], |row| read_listed(row, query))?
        .collect()
}

/// Returns the number of live documents that `partition` lists within `range` at `now`.
pub(crate) fn count(
    connection: &Connection,
    partition: &Partition,
    range: &Range,
    now: Timestamp,
) -> rusqlite::Result<u64> {
    // A partition has documents or index entries, never both.
    let documents = bounds(range, "d");
    let entries = bounds(range, "e");
    let sql = format!(
        "SELECT (SELECT count(*) FROM documents d WHERE d.partition = :partition {documents}
                 AND (d.expires_at IS NULL OR d.expires_at > :now))
              + (SELECT count(*) FROM entries e JOIN documents d ON d.id = e.document
                 WHERE e.partition = :partition {entries}
                 AND (d.expires_at IS NULL OR d.expires_at > :now))"
    );
    let values = bindings(partition, range, now);
    connection.prepare_cached(&sql)?.query_row(&values[..], |row| row.get(0)).map(from_integer)
}

/// Returns the value of the counter under `key`.
pub(crate) fn counter(connection: &Connection, key: &Key) -> rusqlite::Result<u64> {
    let sql = "SELECT value FROM counters WHERE partition = ?1 AND sort = ?2";
    let value = connection
        .prepare_cached(sql)?
        .query_row([key.partition.as_str(), &key.sort], |row| row.get(0))
        .optional()?;
    Ok(value.map_or(0, from_integer))
}

/// Returns the SQL for the bounds that are set, so that each can be used to seek in either
/// direction.
fn bounds(range: &Range, prefix: &str) -> String {
    let from = range.from.as_ref().map(|_| format!("AND {prefix}.sort >= :from"));
    let to = range.to.as_ref().map(|_| format!("AND {prefix}.sort < :to"));
    [from, to].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn bindings<'a>(
    partition: &'a Partition,
    range: &'a Range,
    now: Timestamp,
) -> Vec<(&'static str, ToSqlOutput<'a>)> {
    let mut values =
        vec![(":partition", partition.as_str().into()), (":now", now.as_millis().into())];
    values.extend(range.from.as_deref().map(|from| (":from", from.into())));
    values.extend(range.to.as_deref().map(|to| (":to", to.into())));
    values
}

fn read_listed(row: &Row<'_>, query: &Query) -> rusqlite::Result<Listed> {
    let sort: String = row.get(3)?;
    let key = if query.index {
        Key { partition: Partition::from_stored(row.get(4)?), sort: row.get(5)? }
    } else {
        query.partition.key(&sort)
    };
    Ok(Listed { document: read_document(row, key)?, sort })
}
