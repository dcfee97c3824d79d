//! Integrity of a database, by everything that is stored twice.
//!
//! SQLite's `integrity_check` holds the pages, the trees and the indexes against each other; the
//! checksums of rows hold the values; index entries are held against the documents that they are of, and
//! streams of events must have no gap. So whatever is read by a query is either as it was written, or
//! named here.

use rusqlite::{Connection, types::ValueRef};

use crate::{schema, writer::counted};

/// Largest number of problems of one kind that are named.
const MOST: u32 = 20;

/// First version whose rows have checksums.
pub(crate) const HAS_CHECKSUMS: usize = 3;

/// Checks of the rows: what a found row means, and the query for such rows, named by its first column.
const ROWS: &[(&str, &str)] = &[
    (
        "an event is not as it was written",
        "SELECT stream || ' ' || version FROM events WHERE checksum IS NOT
           row_checksum(stream, version, id, account, name, schema_version, payload, metadata)",
    ),
    (
        "a stream of events has a gap",
        "SELECT stream FROM events GROUP BY stream HAVING min(version) <> 1 OR max(version) <> count(*)",
    ),
    (
        "a document is not as it was written",
        "SELECT partition || ' ' || sort FROM documents
         WHERE checksum IS NOT row_checksum(partition, sort, revision, expires_at, body)",
    ),
    (
        "a document's revision was never given out",
        "SELECT partition || ' ' || sort FROM documents
         WHERE revision >= (SELECT next FROM revisions)",
    ),
    (
        "there are more or fewer index entries than documents have, by",
        "SELECT listed - had FROM (SELECT
           (SELECT count(*) FROM entries) AS listed,
           (SELECT coalesce(sum(json_array_length(entries)), 0) FROM documents) AS had)
         WHERE listed <> had",
    ),
    (
        "a document's index entry is missing",
        "SELECT d.partition || ' ' || d.sort FROM documents d, json_each(d.entries) pair
         WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.partition = pair.value ->> 0
           AND e.sort = pair.value ->> 1 AND e.document = d.id)",
    ),
    (
        "a counter is not as it was written",
        "SELECT partition || ' ' || sort FROM counters
         WHERE checksum IS NOT row_checksum(partition, sort, value)",
    ),
    (
        "a message is not as it was written",
        "SELECT hex(id) FROM messages
         WHERE checksum IS NOT row_checksum(webhook, lane, due, id, account, task)",
    ),
];

/// Returns how many of the `marked` commits the database has lost.
pub(crate) fn missing(
    connection: &Connection,
    marked: Option<u64>,
) -> rusqlite::Result<Option<u64>> {
    let counted = counted(connection)?;
    Ok(marked.and_then(|marked| marked.checked_sub(counted)).filter(|missing| *missing > 0))
}

/// Returns everything that is wrong with the database, which is of `version`.
pub(crate) fn damage(connection: &Connection, version: usize) -> Vec<String> {
    let mut problems = Vec::new();
    let pages = format!("PRAGMA integrity_check({MOST})");
    let mut found = |what: &str, sql: &str| match column(connection, sql) {
        Ok(rows) => problems.extend(rows.iter().map(|row| format!("{what}: {row}"))),
        Err(why) => problems.push(format!("{what}, or can't be read: {why}")),
    };
    found("a page is damaged", &pages);
    if version >= HAS_CHECKSUMS {
        for (what, sql) in ROWS {
            found(what, &format!("{sql} LIMIT {MOST}"));
        }
        let tables = schema::definitions(connection).and_then(|is| Ok((is, schema::newest()?)));
        match tables {
            Ok((is, should)) if is == should => {}
            Ok(_) => problems.push("the definition of a table is not as it was written".to_owned()),
            Err(why) => problems.push(format!("the tables can't be read: {why}")),
        }
    }
    problems.retain(|problem| problem != "a page is damaged: ok");
    problems
}

fn column(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| text(row.get_ref(0)?))?.collect()
}

fn text(value: ValueRef<'_>) -> rusqlite::Result<String> {
    match value {
        ValueRef::Integer(number) => Ok(number.to_string()),
        value => Ok(value.as_str()?.to_owned()),
    }
}
