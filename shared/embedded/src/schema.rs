//! Database schema and its versions.

use std::path::Path;

use rusqlite::{Connection, Error, ErrorCode, Transaction, TransactionBehavior};

use crate::{Erased, OpenError, apart::put_apart, checksum, connection};

/// Application identifier in the header of the database file; its letters can be read there.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"LtHk");

/// Migrations in order; `PRAGMA user_version` counts those applied. A released migration is never
/// edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
];

/// First version in which rows have checksums.
const CHECKSUMS: usize = 3;
/// First version in which nothing stays of what is deleted.
const ERASES: usize = 4;

/// Migrates the database, which is of version `applied`, to the newest.
pub(crate) fn prepare(
    connection: &mut Connection,
    applied: usize,
    erased: Erased,
) -> Result<(), OpenError> {
    connection::use_log(connection)?;
    if (1..ERASES).contains(&applied) {
        put_apart(connection, erased.at_once, applied >= CHECKSUMS)?;
        // Whatever was deleted until now may still stand in free pages, or in the unused part of others:
        // this writes all anew. Before the migration, so that it is repeated if it fails.
        connection.execute_batch(connection::VACUUM)?;
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(migrate(connection, applied)?)
}

/// Returns the tables and indexes of a database of the newest version, in SQL.
pub(crate) fn newest() -> rusqlite::Result<Vec<String>> {
    let mut empty = Connection::open_in_memory()?;
    checksum::register(&empty)?;
    migrate(&mut empty, 0)?;
    definitions(&empty)
}

/// Returns the tables and indexes of the database, in SQL.
pub(crate) fn definitions(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn migrate(connection: &mut Connection, applied: usize) -> rusqlite::Result<()> {
    for (version, migration) in (1_u32..).zip(MIGRATIONS).skip(applied) {
        let transaction = Transaction::new(connection, TransactionBehavior::Exclusive)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Returns the number of migrations that the database in `file` has seen.
pub(crate) fn vet(connection: &Connection, file: &Path) -> Result<usize, OpenError> {
    let not_ours = || OpenError::NotOurs { file: file.to_owned() };
    let header = read_header(connection).map_err(|why| refusal(why, file))?;
    match header {
        // A new file, or one whose first migration never committed.
        Header { application_id: 0, version: 0, tables: 0 } => Ok(0),
        Header { application_id: APPLICATION_ID, version, tables } if version > 0 && tables > 0 => {
            let known = MIGRATIONS.len();
            let applied = usize::try_from(version).unwrap_or(usize::MAX);
            if applied > known {
                let known = u32::try_from(known).unwrap_or(u32::MAX);
                return Err(OpenError::Newer { file: file.to_owned(), found: version, known });
            }
            Ok(applied)
        }
        _ => Err(not_ours()),
    }
}

/// Converts the error of SQLite when it could not open or read `file` at all.
pub(crate) fn refusal(why: Error, file: &Path) -> OpenError {
    match why.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::NotOurs { file: file.to_owned() }
        }
        _ => why.into(),
    }
}

struct Header {
    application_id: i32,
    version: u32,
    tables: u32,
}

fn read_header(connection: &Connection) -> rusqlite::Result<Header> {
    Ok(Header {
        application_id: connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
        version: connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        tables: connection.query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
            [],
            |row| row.get(0),
        )?,
    })
}
