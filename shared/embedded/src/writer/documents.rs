//! Rows of documents and their index entries.

use domain::Timestamp;
use ports::store::Key;
use rusqlite::{Connection, OptionalExtension as _, ffi, params};

use super::prepared::Put;
use crate::{
    read::document_sum,
    text::{from_integer, read_entries, to_integer},
};

/// Row that is in a document's place already.
pub(super) struct Existing {
    id: i64,
    /// Revision, or zero if the document has expired: then the next put creates a new one.
    pub(super) revision: u64,
    entries: Option<String>,
}

/// Returns the row under `key`.
pub(super) fn find(
    connection: &Connection,
    key: &Key,
    now: Timestamp,
) -> rusqlite::Result<Option<Existing>> {
    let sql = "SELECT id, revision, expires_at, entries FROM documents
               WHERE partition = ?1 AND sort = ?2";
    connection
        .prepare_cached(sql)?
        .query_row([key.partition.as_str(), &key.sort], |row| {
            let expired = row.get::<_, Option<i64>>(2)?.is_some_and(|at| at <= now.as_millis());
            let revision = if expired { 0 } else { from_integer(row.get(1)?) };
            Ok(Existing { id: row.get(0)?, revision, entries: row.get(3)? })
        })
        .optional()
}

/// Puts a document of the given revision in the place of `existing`.
pub(super) fn put(
    connection: &Connection,
    key: &Key,
    revision: u64,
    put: &Put,
    existing: Option<&Existing>,
) -> rusqlite::Result<()> {
    let Some(existing) = existing else {
        let entries = put.entries.as_deref();
        return put_fresh(connection, key, revision, put.expires_at, entries, &put.body);
    };
    let sql = "UPDATE documents
               SET revision = ?2, expires_at = ?3, entries = ?4, body = ?5, checksum = ?6
               WHERE id = ?1";
    let (revision, expires_at) = (to_integer(revision), put.expires_at.map(Timestamp::as_millis));
    connection.prepare_cached(sql)?.execute(params![
        existing.id,
        revision,
        expires_at,
        put.entries,
        &put.body[..],
        document_sum(key, revision, expires_at, &put.body).end(),
    ])?;
    if existing.entries != put.entries {
        remove_entries(connection, existing.id, existing.entries.as_deref())?;
        add_entries(connection, existing.id, put.entries.as_deref())?;
    }
    Ok(())
}

/// Puts a document where there is most likely none.
pub(super) fn put_new(
    connection: &Connection,
    key: &Key,
    revision: u64,
    put: &Put,
) -> rusqlite::Result<()> {
    let entries = put.entries.as_deref();
    match put_fresh(connection, key, revision, put.expires_at, entries, &put.body) {
        Err(why) if is_taken(&why) => {
            // Whether it has expired makes no difference here.
            let existing = find(connection, key, Timestamp::from_millis(0))?;
            self::put(connection, key, revision, put, existing.as_ref())
        }
        put => put,
    }
}

/// Puts a document where there is none.
pub(crate) fn put_fresh(
    connection: &Connection,
    key: &Key,
    revision: u64,
    expires_at: Option<Timestamp>,
    entries: Option<&str>,
    body: &[u8],
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO documents
               (partition, sort, revision, expires_at, entries, body, checksum)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (revision, expires_at) = (to_integer(revision), expires_at.map(Timestamp::as_millis));
    let id = connection.prepare_cached(sql)?.insert(params![
        key.partition.as_str(),
        key.sort,
        revision,
        expires_at,
        entries,
        body,
        document_sum(key, revision, expires_at, body).end(),
    ])?;
    add_entries(connection, id, entries)
}

/// Returns whether `why` is that there is a document under the key.
fn is_taken(why: &rusqlite::Error) -> bool {
    why.sqlite_error().is_some_and(|why| why.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE)
}

/// Removes a document and its index entries.
pub(super) fn delete(connection: &Connection, existing: &Existing) -> rusqlite::Result<()> {
    delete_row(connection, existing.id, existing.entries.as_deref())
}

/// Removes the document in row `id` and its index entries.
pub(crate) fn delete_row(
    connection: &Connection,
    id: i64,
    entries: Option<&str>,
) -> rusqlite::Result<()> {
    remove_entries(connection, id, entries)?;
    connection.prepare_cached("DELETE FROM documents WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn remove_entries(connection: &Connection, id: i64, entries: Option<&str>) -> rusqlite::Result<()> {
    let sql = "DELETE FROM entries WHERE partition = ?1 AND sort = ?2 AND document = ?3";
    for entry in read_entries(entries)? {
        let row = params![entry.partition.as_str(), entry.sort, id];
        connection.prepare_cached(sql)?.execute(row)?;
    }
    Ok(())
}

fn add_entries(connection: &Connection, id: i64, entries: Option<&str>) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO entries (partition, sort, document) VALUES (?1, ?2, ?3)";
    for entry in read_entries(entries)? {
        let row = params![entry.partition.as_str(), entry.sort, id];
        connection.prepare_cached(sql)?.execute(row)?;
    }
    Ok(())
}
