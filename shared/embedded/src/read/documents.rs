//! Documents, lists and counters.

use bytes::Bytes;
use domain::Timestamp;
use ports::store::{Document, Key, Order, Partition, Query, Range, Row as Listed};
use rusqlite::{Connection, OptionalExtension as _, Row, types::ToSqlOutput};

use super::at_one_moment;
use crate::{checksum::Checksum, text::from_integer};

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
    // Expiry is compared once the row is known to be as it was written.
    let sql = "SELECT revision, expires_at, body, checksum FROM documents
               WHERE partition = ?1 AND sort = ?2";
    let found = connection
        .prepare_cached(sql)?
        .query_row([key.partition.as_str(), &key.sort], |row| read_document(row, key.clone()))
        .optional()?;
    Ok(found.filter(|document| is_there(document, now)))
}

/// Reads a row that begins with revision, expiry, body and checksum; refuses one that is not as it was
/// written.
pub(crate) fn read_document(row: &Row<'_>, key: Key) -> rusqlite::Result<Document> {
    let (revision, expires_at) = (row.get(0)?, row.get(1)?);
    let body = row.get_ref(2)?.as_blob()?;
    sum_of(&key, revision, expires_at, body).expect(row.get(3)?, "documents")?;
    Ok(Document {
        key,
        revision: from_integer(revision),
        expires_at: expires_at.map(Timestamp::from_millis),
        body: Bytes::copy_from_slice(body),
    })
}

/// Returns the checksum of a document's row.
pub(crate) fn sum_of(key: &Key, revision: i64, expires_at: Option<i64>, body: &[u8]) -> Checksum {
    let sum = Checksum::default().text(key.partition.as_str()).text(&key.sort);
    sum.integer(revision).optional_integer(expires_at).blob(body)
}

/// Returns the checksum of a counter's row.
pub(crate) fn sum_of_counter(key: &Key, value: i64) -> Checksum {
    Checksum::default().text(key.partition.as_str()).text(&key.sort).integer(value)
}

fn is_there(document: &Document, now: Timestamp) -> bool {
    document.expires_at.is_none_or(|at| at > now)
}

/// Returns the rows of `query` at `now`.
pub(crate) fn query(
    connection: &Connection,
    query: &Query,
    now: Timestamp,
) -> rusqlite::Result<Vec<Listed>> {
    let (columns, from, prefix) = if query.index {
        (
            "d.revision, d.expires_at, d.body, d.checksum, e.sort, d.partition, d.sort",
            "entries e JOIN documents d ON d.id = e.document",
            "e",
        )
    } else {
        ("d.revision, d.expires_at, d.body, d.checksum, d.sort", "documents d", "d")
    };
    let direction = match query.order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    let bounds = bounds(&query.range, prefix);
    let sql = format!(
        "SELECT {columns} FROM {from}
         WHERE {prefix}.partition = :partition {bounds}
         ORDER BY {prefix}.sort {direction}"
    );
    let values = bindings(&query.partition, &query.range);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(&values[..], |row| read_listed(row, query))?;
    // Expired rows are left out here: only of a row that is as it was written can that be said.
    rows.filter(|row| row.as_ref().map_or(true, |row| is_there(&row.document, now)))
        .take(query.limit)
        .collect()
}

/// Returns the number of documents of `partition` within `range` that have not expired at `now`, or of its index
/// entries. Those of expired documents count: to look at each document takes ten times as long.
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
              + (SELECT count(*) FROM entries e WHERE e.partition = :partition {entries})"
    );
    let mut values = bindings(partition, range);
    values.push((":now", now.as_millis().into()));
    connection.prepare_cached(&sql)?.query_row(&values[..], |row| row.get(0)).map(from_integer)
}

/// Returns the value of the counter under `key`.
pub(crate) fn counter(connection: &Connection, key: &Key) -> rusqlite::Result<u64> {
    let sql = "SELECT value, checksum FROM counters WHERE partition = ?1 AND sort = ?2";
    let value: Option<i64> = connection
        .prepare_cached(sql)?
        .query_row([key.partition.as_str(), &key.sort], |row| {
            let value = row.get(0)?;
            sum_of_counter(key, value).expect(row.get(1)?, "counters")?;
            Ok(value)
        })
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
) -> Vec<(&'static str, ToSqlOutput<'a>)> {
    let mut values = vec![(":partition", partition.as_str().into())];
    values.extend(range.from.as_deref().map(|from| (":from", from.into())));
    values.extend(range.to.as_deref().map(|to| (":to", to.into())));
    values
}

fn read_listed(row: &Row<'_>, query: &Query) -> rusqlite::Result<Listed> {
    let sort: String = row.get(4)?;
    let key = if query.index {
        Key { partition: Partition::from_stored(row.get(5)?), sort: row.get(6)? }
    } else {
        query.partition.key(&sort)
    };
    Ok(Listed { document: read_document(row, key)?, sort })
}
