//! Bodies that are kept apart, so that what is deleted of them is gone from the database.
//!
//! SQLite overwrites a row that is deleted, and whole pages that become free. But when it moves rows from
//! a page to another, copies stay in the unused part of the first, and nobody overwrites those. Of a row
//! that is larger than a page only the beginning is moved like that; the rest is in overflow pages of its
//! own, which stay where they are until they are overwritten. So a body of which nothing may stay begins
//! with a page of spaces, which JSON allows.

use std::sync::LazyLock;

use bytes::Bytes;
use ports::store::{Collection, Partition};
use rusqlite::{Connection, params};

use crate::connection;

/// Spaces before a body: more than the part of a row that is in a page with others (SQLite database
/// file format, "B-tree Cell Format").
static SPACES: LazyLock<String> = LazyLock::new(|| " ".repeat(connection::PAGE as usize));

/// Returns `body` behind a page of spaces.
pub(crate) fn apart(body: &Bytes) -> Bytes {
    if body.starts_with(SPACES.as_bytes()) {
        return body.clone();
    }
    [SPACES.as_bytes(), &body[..]].concat().into()
}

/// Returns whether documents of `partition` are of one of `collections`.
pub(crate) fn is_one_of(partition: &Partition, collections: &[Collection]) -> bool {
    collections.iter().any(|collection| collection.0 == partition.collection())
}

/// Puts every body of `collections` that an earlier version wrote behind a page of spaces.
pub(crate) fn put_apart(
    connection: &Connection,
    collections: &[Collection],
    has_checksums: bool,
) -> rusqlite::Result<()> {
    let spaces = SPACES.as_str();
    for collection in collections {
        let is_of = "instr('/' || partition, ?1) AND substr(CAST(body AS TEXT), 1, 1) <> ' '";
        let within = format!("/{}/", collection.0);
        let sql = format!(
            "UPDATE documents SET body = CAST(?2 || CAST(body AS TEXT) AS BLOB) WHERE {is_of}"
        );
        connection.execute(&sql, params![within, spaces])?;
        if has_checksums {
            let sql = "UPDATE documents
                SET checksum = row_checksum(partition, sort, revision, expires_at, body)
                WHERE instr('/' || partition, ?1)";
            connection.execute(sql, [&within])?;
        }
    }
    Ok(())
}
